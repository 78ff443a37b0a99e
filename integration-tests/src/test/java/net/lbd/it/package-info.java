/**
 * End-to-end tests: the real {@code ./lbd} and {@code ./lbctl} as child processes ({@link
 * net.lbd.it.Daemon}), real clients and real servers. They are {@code *IT} classes, run by failsafe
 * after all modules are packaged. Where a program is missing a test is skipped with a line that says so.
 */
package net.lbd.it;
