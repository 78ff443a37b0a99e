package net.lbd.health;

import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import net.lbd.config.model.CheckSpec;
import net.lbd.health.check.TlsClient;

/**
 * A server to be checked. Immutable.
 *
 * @param address asked before every check, on its event loop, so it must not block; an unresolved address is a
 *     failed check
 * @param tls present if the check speaks TLS
 * @param initial where the server stands: {@link HealthSnapshot#initialUp} or what was known before a reload
 */
public record CheckTarget(
        String backend,
        String server,
        Supplier<SocketAddress> address,
        CheckSpec check,
        Timing timing,
        Optional<TlsClient> tls,
        HealthSnapshot initial) {

    public CheckTarget {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(timing, "timing");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(initial, "initial");
    }

    /** {@code backend/server}, as logs and commands name it. */
    public String name() {
        return backend + "/" + server;
    }
}
