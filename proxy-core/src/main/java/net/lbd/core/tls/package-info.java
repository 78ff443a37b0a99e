/**
 * TLS on both sides, from the settings of binds and servers. Entry type: {@link
 * net.lbd.core.tls.TlsContexts}, used while a configuration is built; what it makes is thread-safe.
 */
package net.lbd.core.tls;
