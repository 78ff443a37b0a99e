package net.lbd.config.model;

/** {@code option http-restrict-req-hdr-names}: what becomes of request headers whose names have more than letters, digits and hyphens. */
public enum OddHeaderNames {
    /** They pass. The default. */
    PRESERVE,
    /** They are left out. */
    DELETE,
    /** Their request is answered with 403. */
    REJECT
}
