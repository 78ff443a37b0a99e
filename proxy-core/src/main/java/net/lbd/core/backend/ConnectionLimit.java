package net.lbd.core.backend;

import java.util.Objects;
import net.lbd.core.stats.ProxyCounters;

/**
 * How many streams a server takes at a time: {@code maxconn}, or with {@code minconn} less while the backend has less than
 * {@code fullconn}. Immutable; the answer follows the backend's load. Source: HAProxy manual, "minconn", "fullconn".
 *
 * @param max 0: without limit
 * @param min 0: the limit does not change
 * @param full the load of the backend at which the limit is {@code max}
 */
public record ConnectionLimit(int max, int min, int full, ProxyCounters backend) {

    public ConnectionLimit {
        Objects.requireNonNull(backend, "backend");
    }

    /** A limit that does not change. */
    public static ConnectionLimit of(int max) {
        return new ConnectionLimit(max, 0, 0, new ProxyCounters());
    }

    int now() {
        if (min == 0 || max <= min) {
            return Math.max(max, min);
        }
        int load = backend.current.get();
        return load >= full ? max : (int) Math.max(min, (long) max * load / full);
    }
}
