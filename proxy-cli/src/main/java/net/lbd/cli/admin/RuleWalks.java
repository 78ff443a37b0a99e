package net.lbd.cli.admin;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.syntax.DiagnosticPrinter;
import net.lbd.config.syntax.Severity;
import net.lbd.core.runtime.RuleWalk;

/** Loads files and compiles their rules, telling what stands in the way. Stateless. */
final class RuleWalks {

    private RuleWalks() { }

    /** Empty after an error, which is printed. */
    static Optional<RuleWalk> open(List<Path> files, Terminal terminal) {
        LoadResult result = new ConfigurationLoader(Environment.ofProcess()).load(files);
        if (result.configuration().isEmpty()) {
            terminal.err().print(DiagnosticPrinter.plain().print(
                    result.diagnostics().stream().filter(d -> d.severity() == Severity.ERROR).toList()));
            terminal.err().flush();
            return Optional.empty();
        }
        int left = result.notYetSupported().size();
        if (left > 0) {
            terminal.complain(left + (left == 1 ? " line" : " lines") + " that this version does not carry out yet are left out; "
                    + "'lbctl check' names them");
        }
        try {
            return Optional.of(RuleWalk.of(result.configuration().get()));
        } catch (RuleWalk.UnusableException e) {
            terminal.err().print(DiagnosticPrinter.plain().print(e.problems()));
            terminal.err().flush();
            return Optional.empty();
        }
    }
}
