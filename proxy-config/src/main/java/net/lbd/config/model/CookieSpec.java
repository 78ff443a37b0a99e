package net.lbd.config.model;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A {@code cookie} line: the cookie that brings a client back to its server. Immutable. Source: HAProxy manual, "cookie".
 *
 * @param mode how the cookie comes into being
 * @param indirect servers do not see it, and clients that have a valid one get none
 * @param nocache a response that sets it tells caches to keep out
 * @param postOnly it is set in answer to POST only
 * @param preserve one of the same name that a server sets goes before it
 * @param maxIdle for how long an unused one counts
 * @param maxLife for how long one counts at all
 * @param dynamic servers without a value of their own get one made of their address
 * @param attributes any others, as they are written behind it
 */
public record CookieSpec(String name, Mode mode, boolean indirect, boolean nocache, boolean postOnly, boolean preserve,
        boolean httpOnly, boolean secure, List<String> domains, Optional<Duration> maxIdle, Optional<Duration> maxLife,
        boolean dynamic, List<String> attributes) {

    /** How the cookie comes into being. */
    public enum Mode {
        /** The server sets it; it is only looked at. */
        PASSIVE,
        /** The server sets it, and its value is replaced. */
        REWRITE,
        /** We set it. */
        INSERT,
        /** The server sets it, and its value is put behind that of the server's name. */
        PREFIX
    }

    public CookieSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(mode, "mode");
        domains = List.copyOf(domains);
        Objects.requireNonNull(maxIdle, "maxIdle");
        Objects.requireNonNull(maxLife, "maxLife");
        attributes = List.copyOf(attributes);
    }

    /** The same, but that servers without a value of their own get one made of their address, or do not. */
    public CookieSpec dynamic(boolean on) {
        return new CookieSpec(name, mode, indirect, nocache, postOnly, preserve, httpOnly, secure, domains, maxIdle, maxLife, on, attributes);
    }

    /** Whether it does more than to be looked at: only then does the log tell of it. */
    public boolean isManaged() {
        return mode != Mode.PASSIVE || indirect || nocache || postOnly || preserve || dynamic;
    }

    /** For explanations. */
    @Override
    public String toString() {
        return name;
    }
}
