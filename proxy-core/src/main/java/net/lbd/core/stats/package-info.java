/**
 * Counters of proxies and servers. Entry type: {@link net.lbd.core.stats.ProxyCounters}. Thread-safe.
 */
package net.lbd.core.stats;
