package net.lbd.health;

import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import net.lbd.config.model.CheckSpec;
import net.lbd.health.check.CheckLanguage;
import net.lbd.health.check.CheckPlan;
import net.lbd.health.check.CheckRunner;
import net.lbd.health.check.TlsClient;

/**
 * A server to be checked. Immutable.
 *
 * @param subject its address and what a check may want to know of it
 * @param connections how the check connects where its steps do not say so
 * @param language what compiles the expressions of the check
 * @param initial where the server stands: {@link HealthSnapshot#initialUp} or what was known before a reload
 */
public record CheckTarget(
        String backend,
        String server,
        CheckRunner.Subject subject,
        CheckSpec check,
        CheckPlan.Connections connections,
        CheckLanguage language,
        Timing timing,
        HealthSnapshot initial) {

    public CheckTarget {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(server, "server");
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(connections, "connections");
        Objects.requireNonNull(language, "language");
        Objects.requireNonNull(timing, "timing");
        Objects.requireNonNull(initial, "initial");
    }

    /**
     * A server of which only its address is known, and a check without expressions.
     *
     * @param address asked before every check, on its event loop, so it must not block; an unresolved address is a
     *     failed check
     * @param tls present if the check speaks TLS
     */
    public static CheckTarget of(String backend, String server, Supplier<SocketAddress> address, CheckSpec check,
            Timing timing, Optional<TlsClient> tls, HealthSnapshot initial) {
        return new CheckTarget(backend, server, CheckRunner.Subject.of(address), check, CheckPlan.Connections.of(tls),
                CheckLanguage.LITERALS, timing, initial);
    }

    /** The same server, from where it stands now. */
    public CheckTarget from(HealthSnapshot now) {
        return new CheckTarget(backend, server, subject, check, connections, language, timing, now);
    }

    /** {@code backend/server}, as logs and commands name it. */
    public String name() {
        return backend + "/" + server;
    }
}
