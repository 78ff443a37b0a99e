package net.lbd.config.model;

import java.util.Objects;

/**
 * A {@code hash-type} line: how a key becomes a server. Immutable. Source: HAProxy manual, "hash-type".
 *
 * @param consistent a ring of many points for each server; else a map of all servers, by weight
 * @param avalanche whether the hash is spread once more
 */
public record HashTypeSpec(boolean consistent, Function function, boolean avalanche) {

    /** What a backend does that has no {@code hash-type} line. */
    public static final HashTypeSpec DEFAULT = new HashTypeSpec(false, Function.SDBM, false);

    /** What makes a number of a key's bytes. */
    public enum Function { SDBM, DJB2, CRC32, MURMUR3, NONE }

    public HashTypeSpec {
        Objects.requireNonNull(function, "function");
    }
}
