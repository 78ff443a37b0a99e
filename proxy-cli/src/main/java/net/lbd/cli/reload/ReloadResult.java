package net.lbd.cli.reload;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.Severity;

/**
 * What came of one reload. Immutable.
 *
 * @param applied whether the new configuration serves; otherwise the old one does, unchanged
 * @param refusal why it was not applied, in a few words; empty if it was
 * @param duration from reading the first file to the publication
 */
public record ReloadResult(boolean applied, List<Diagnostic> diagnostics, String refusal, Duration duration) {

    public ReloadResult {
        diagnostics = List.copyOf(diagnostics);
        Objects.requireNonNull(refusal, "refusal");
        Objects.requireNonNull(duration, "duration");
    }

    public long count(Severity severity) {
        return diagnostics.stream().filter(d -> d.severity() == severity).count();
    }

    /** The outcome in one sentence, for the log and for people. */
    public String summary() {
        long errors = count(Severity.ERROR);
        long warnings = count(Severity.WARNING);
        String counts = (errors == 0 ? "" : ", " + plural(errors, "error"))
                + (warnings == 0 ? "" : ", " + plural(warnings, "warning"));
        return (applied ? "configuration applied in " + duration.toMillis() + " ms" : refusal) + counts;
    }

    private static String plural(long n, String what) {
        return n + " " + what + (n == 1 ? "" : "s");
    }
}
