package net.lbd.config.model;

/** {@code hash-preserve-affinity}: when a hash may leave a server that is busy. */
public enum HashAffinity {
    /** Never: the stream waits for its server. The default. */
    ALWAYS,
    /** When the server has reached its maxconn. */
    MAXCONN,
    /** When its queue has reached its maxqueue. */
    MAXQUEUE
}
