/**
 * Users and passwords. Entry type: {@link net.lbd.core.auth.Userlist}. A hash that is costly to check is checked
 * away from the event loops, by {@link net.lbd.core.auth.PasswordChecker}, before the rules that ask are looked at;
 * what came of it is remembered for a while.
 */
package net.lbd.core.auth;
