package net.lbd.config.model;

/**
 * {@code http-reuse}: who may use an idle server connection. Whatever is chosen, a connection that has
 * carried connection-bound authentication belongs to its client connection alone.
 */
public enum HttpReuse {
    /** Only the client connection it was opened for. */
    NEVER,
    /** Any, but a client connection's first request only a connection of its own. The default. */
    SAFE,
    /** As safe, and a first request may use a connection that has been reused before. */
    AGGRESSIVE,
    ALWAYS
}
