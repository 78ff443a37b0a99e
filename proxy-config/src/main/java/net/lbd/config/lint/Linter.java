package net.lbd.config.lint;

import java.util.List;
import net.lbd.config.draft.Drafts;
import net.lbd.config.model.Configuration;
import net.lbd.config.syntax.Diagnostics;

/** Runs every lint over a configuration. Stateless. */
public final class Linter {

    private static final List<List<Lint>> LINTS = List.of(
            CheckLints.ROWS, PersistenceLints.ROWS, LogLints.ROWS, BindLints.ROWS, TimeoutLints.ROWS, PathLints.ROWS,
            TlsLints.ROWS);

    private Linter() { }

    /**
     * @param configuration may be incomplete if errors were reported
     */
    public static void run(Configuration configuration, Drafts drafts, Diagnostics diagnostics) {
        LintScope scope = new LintScope(configuration, drafts.texts(), diagnostics);
        for (List<Lint> family : LINTS) {
            for (Lint lint : family) {
                lint.look(scope);
            }
        }
    }
}
