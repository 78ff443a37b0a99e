package net.lbd.config.model;

/** {@code hash-key}: what decides where a server's points lie on the ring of consistent hashing. */
public enum HashKey {
    /** Its {@code id}. The default. */
    ID,
    /** Its address. */
    ADDR,
    /** Its address and port. */
    ADDR_PORT,
    /** Its {@code guid}; of a server without one its {@code id}. */
    GUID
}
