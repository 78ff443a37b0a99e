package net.lbd.config;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.Severity;

/**
 * What loading a configuration came to. Immutable.
 *
 * @param configuration present if and only if no diagnostic is an error
 * @param diagnostics by file, line and column
 */
public record LoadResult(Optional<Configuration> configuration, List<Diagnostic> diagnostics) {

    public LoadResult {
        Objects.requireNonNull(configuration, "configuration");
        diagnostics = List.copyOf(diagnostics);
    }

    public boolean hasErrors() {
        return has(Severity.ERROR);
    }

    public boolean hasWarnings() {
        return has(Severity.WARNING);
    }

    /** Whether the configuration itself asks to take warnings for errors ({@code zero-warning} in global). */
    public boolean isZeroWarning() {
        return configuration.map(c -> c.global().settings().get(GlobalSettings.ZERO_WARNING)).orElse(false);
    }

    /**
     * The words that this version reads but cannot carry out. A check accepts them; whoever wants to run
     * the configuration must refuse it unless this is empty.
     */
    public List<Diagnostic> notYetSupported() {
        return diagnostics.stream().filter(d -> d.code().equals(Code.NOT_YET.id())).toList();
    }

    private boolean has(Severity severity) {
        return diagnostics.stream().anyMatch(d -> d.severity() == severity);
    }
}
