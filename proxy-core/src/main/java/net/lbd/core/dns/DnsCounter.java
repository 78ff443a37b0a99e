package net.lbd.core.dns;

import java.util.Locale;

/** What is counted of a name server. Source: HAProxy management guide, "show resolvers". */
public enum DnsCounter {
    SENT, SND_ERROR, VALID, UPDATE, CNAME, CNAME_ERROR, ANY_ERR, NX, TIMEOUT, REFUSED, OTHER, INVALID, TOO_BIG, TRUNCATED, OUTDATED;

    /** As the statistics name it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
