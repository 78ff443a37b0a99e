/**
 * {@code lbctl}, the control command: speaks to the daemon through its control socket. Entry type: {@link
 * net.lbd.cli.admin.Lbctl}. One command, one thread, then the process ends.
 */
package net.lbd.cli.admin;
