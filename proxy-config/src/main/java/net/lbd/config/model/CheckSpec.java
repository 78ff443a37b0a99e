package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/**
 * What a health check does, as a sequence of steps; a plain {@code check} is one connect step.
 * Immutable.
 */
public record CheckSpec(SourceLocation location, Kind kind, List<CheckStep> steps) {

    /** The layer that a success speaks for, and the words of the status. */
    public enum Kind {
        /** {@code check} alone: the connection is accepted. */
        CONNECT,
        /** {@code option httpchk}. */
        HTTP,
        /** {@code option tcp-check}. */
        TCP
    }

    /** A plain connect. */
    public static final CheckSpec CONNECT = new CheckSpec(SourceLocation.BUILT_IN, Kind.CONNECT, List.of());

    public CheckSpec {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(kind, "kind");
        steps = List.copyOf(steps);
    }
}
