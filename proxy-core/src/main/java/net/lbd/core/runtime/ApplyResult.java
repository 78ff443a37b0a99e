package net.lbd.core.runtime;

import java.util.List;
import net.lbd.config.syntax.Diagnostic;

/**
 * What came of applying a configuration. Immutable.
 *
 * @param applied false: nothing has changed, and {@code problems} tells why
 * @param problems errors if it was not applied; warnings may come with success
 */
public record ApplyResult(boolean applied, List<Diagnostic> problems) {

    public ApplyResult {
        problems = List.copyOf(problems);
    }
}
