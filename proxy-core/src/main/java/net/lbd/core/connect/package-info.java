/**
 * Connections to servers: made, lent, kept idle, and the relays of bytes between the two sides. Entry
 * types: {@link net.lbd.core.connect.ServerConnector} and {@link net.lbd.core.connect.ConnectionPool}. Event-loop
 * confined.
 */
package net.lbd.core.connect;
