/**
 * Names to addresses while the process runs: {@link net.lbd.core.dns.Resolvers} is a {@code resolvers} section at work. What is
 * asked and answered is confined to one event loop; questions may come from any thread.
 */
package net.lbd.core.dns;
