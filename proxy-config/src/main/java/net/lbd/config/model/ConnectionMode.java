package net.lbd.config.model;

/** What becomes of the two connections after a response. */
public enum ConnectionMode {
    /** {@code option http-keep-alive}, the default: both stay open. */
    KEEP_ALIVE,
    /** {@code option http-server-close}: the client's stays open, the server's is closed. */
    SERVER_CLOSE,
    /** {@code option httpclose}: both are closed. */
    CLOSE
}
