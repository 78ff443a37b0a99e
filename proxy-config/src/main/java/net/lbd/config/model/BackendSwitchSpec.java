package net.lbd.config.model;

import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/**
 * A {@code use_backend} line. Immutable.
 *
 * @param backend a log-format string; mostly one literal, which is then known to name a backend
 */
public record BackendSwitchSpec(SourceLocation location, LogFormatSpec backend, Optional<ConditionSpec> condition) {

    public BackendSwitchSpec {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(condition, "condition");
    }
}
