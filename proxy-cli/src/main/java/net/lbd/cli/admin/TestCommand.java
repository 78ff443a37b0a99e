package net.lbd.cli.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.lbd.cli.explain.CaseFile;
import net.lbd.core.runtime.RuleWalk;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl test}: a configuration against a file of cases; needs no daemon. Exit code 1: a case differs. */
@Command(name = "test", mixinStandardHelpOptions = true,
        description = "Walks the rules of a configuration with every request of a file of cases; needs no running daemon.")
final class TestCommand implements Callable<Integer> {

    @ParentCommand
    private Lbctl lbctl;

    @Parameters(index = "0", paramLabel = "CASES.yaml", description = "Requests and what must come of them.")
    private Path cases;

    @Option(names = {"-f", "--file"}, paramLabel = "FILE|DIR", defaultValue = "/etc/lbd/lbd.cfg",
            description = "Read this file, or every *.cfg of this folder; may be repeated. Default: ${DEFAULT-VALUE}.")
    private List<Path> files;

    @Override
    public Integer call() throws IOException {
        CaseFile suite;
        try {
            suite = CaseFile.parse(Files.readString(cases));
        } catch (IllegalArgumentException e) {
            lbctl.terminal().complain(cases + ": " + e.getMessage());
            return ExitCode.USAGE;
        }
        Optional<RuleWalk> walk = RuleWalks.open(files, lbctl.terminal());
        if (walk.isEmpty()) {
            return ExitCode.ERROR;
        }
        int failed = 0;
        try (RuleWalk open = walk.get()) {
            for (CaseFile.Case one : suite.cases()) {
                List<String> differences = differences(open, one);
                lbctl.terminal().out().println((differences.isEmpty() ? "ok    " : "FAIL  ") + one.name());
                differences.forEach(d -> lbctl.terminal().out().println("      " + d));
                failed += differences.isEmpty() ? 0 : 1;
            }
        }
        lbctl.terminal().out().println(suite.cases().size() - failed + " of " + suite.cases().size() + " cases as expected");
        lbctl.terminal().out().flush();
        return failed == 0 ? ExitCode.OK : ExitCode.ERROR;
    }

    private static List<String> differences(RuleWalk walk, CaseFile.Case one) {
        try {
            return one.differences(walk.explain(one.request()));
        } catch (IllegalArgumentException e) {
            return List.of(e.getMessage());
        }
    }
}
