package net.lbd.core.h2;

/**
 * What one end of HTTP/2 connections grants its peers: the {@code tune.h2.*} words. Immutable.
 *
 * @param initialWindow bytes that a peer may send on a stream before it is told that they were used
 * @param concurrentStreams streams of one connection at a time
 * @param headerTable bytes of the table of header compression
 * @param frameSize the longest frame; bytes
 * @param totalStreams streams of one connection altogether; 0: without limit
 * @param glitches breaches of the protocol after which a connection is closed; 0: only what cannot go on
 * @param webSockets whether clients are told that WebSocket works over HTTP/2 (RFC 8441)
 */
public record H2Limits(int initialWindow, int concurrentStreams, int headerTable, int frameSize, int totalStreams, int glitches,
        boolean webSockets) {

    /** What HAProxy grants by default. */
    public static final H2Limits DEFAULT = new H2Limits(65535, 100, 4096, 16384, 0, 0, true);
}
