/**
 * What Microsoft's connectivity analyser does from outside, done from inside: asks the virtual address and each server as Outlook,
 * phones and mail clients do, without a login, and says what is wrong and what to do about it.
 */
package net.lbd.cli.exchange.probe;
