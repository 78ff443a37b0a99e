package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/**
 * The client side of a {@code frontend} or {@code listen} section. Immutable.
 *
 * @param rules the rules of every rule set, in the order of the file
 * @param switching the {@code use_backend} lines, in the order of the file; the first match wins
 * @param defaultBackend where a request goes that matches no line of {@code switching}; for a
 *     {@code listen} section its own name unless it says otherwise
 * @param captures the {@code capture} lines, in the order of the file, which is the order of the log
 * @param logTargets where to log; {@code log global} is already replaced by the global targets
 * @param settings the keys are the constants of {@link ProxySettings}
 */
public record FrontendSpec(
        String name,
        SourceLocation location,
        ProxyMode mode,
        List<BindSpec> binds,
        List<RuleSpec> rules,
        List<BackendSwitchSpec> switching,
        Optional<String> defaultBackend,
        List<CaptureSpec> captures,
        List<LogTargetSpec> logTargets,
        Settings settings) {

    public FrontendSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(mode, "mode");
        binds = List.copyOf(binds);
        rules = List.copyOf(rules);
        switching = List.copyOf(switching);
        Objects.requireNonNull(defaultBackend, "defaultBackend");
        captures = List.copyOf(captures);
        logTargets = List.copyOf(logTargets);
        Objects.requireNonNull(settings, "settings");
    }
}
