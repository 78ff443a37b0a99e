/**
 * Scripted peers for tests: raw clients and origins that send exact bytes and record exact bytes
 * ({@link net.lbd.testkit.RawClient}, {@link net.lbd.testkit.ScriptedOrigin}), throw-away
 * certificates ({@link net.lbd.testkit.TestCertificates}), a receiver of log lines
 * ({@link net.lbd.testkit.SyslogSink}), an embedded farm that answers like Exchange
 * ({@link net.lbd.testkit.ExchangeFarm}) and real web servers as child processes
 * ({@link net.lbd.testkit.RealServers}).
 *
 * <p>Everything listens on the loopback address. Scripted peers are blocking sockets on plain daemon
 * threads, so that a script reads from top to bottom. Waiting is always for a condition and always
 * has a deadline; a missed one fails with an {@link java.lang.AssertionError} that shows what was
 * received instead.
 */
package net.lbd.testkit;
