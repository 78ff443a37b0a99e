package net.lbd.config.model;

import java.util.List;
import java.util.Objects;

/**
 * The {@code global} sections, taken together. Immutable.
 *
 * @param logTargets what {@code log global} in a proxy stands for
 * @param settings the keys are the constants of {@link GlobalSettings}
 */
public record GlobalSpec(List<LogTargetSpec> logTargets, Settings settings) {

    public GlobalSpec {
        logTargets = List.copyOf(logTargets);
        Objects.requireNonNull(settings, "settings");
    }
}
