/**
 * Stick-tables shared between processes, over HAProxy's peers protocol. {@link net.lbd.core.peers.PeersService} is the entry;
 * everything else runs on its one event loop.
 */
package net.lbd.core.peers;
