package net.lbd.config.model;

/** {@code ws}: the version of HTTP on which streams go to a server that ask for WebSocket. */
public enum WebSocketProtocol {
    /** As the others; HTTP/1.1 where the server's {@code alpn} offers that. The default. */
    AUTO,
    H1,
    /** RFC 8441. */
    H2
}
