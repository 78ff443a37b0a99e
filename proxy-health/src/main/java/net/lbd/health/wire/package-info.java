/**
 * What precedes a connection's own bytes on their way to a server: the PROXY protocol header. Entry type:
 * {@link net.lbd.health.wire.ProxyHeaders}. It stands in this module because checks and traffic send the same.
 */
package net.lbd.health.wire;
