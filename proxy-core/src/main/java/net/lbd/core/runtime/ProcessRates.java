package net.lbd.core.runtime;

import net.lbd.core.listen.RateLimit;
import net.lbd.core.stats.RateCounter;

/**
 * What the process takes in a second: {@code maxconnrate}, {@code maxsessrate} and {@code maxsslrate}. Thread-safe.
 *
 * @param connections that have been accepted
 * @param sessions connections that {@code tcp-request connection} rules have let in
 * @param ssl sessions of binds with TLS, counted before their handshakes
 */
public record ProcessRates(RateLimit connections, RateLimit sessions, RateLimit ssl) {

    /** Without limits. */
    public static ProcessRates create() {
        return new ProcessRates(new RateLimit(RateLimit.Event.CONNECTION, new RateCounter()),
                new RateLimit(RateLimit.Event.SESSION, new RateCounter()),
                new RateLimit(RateLimit.Event.SESSION, new RateCounter()));
    }
}
