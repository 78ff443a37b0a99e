package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl check-now BACKEND/SERVER}: one check at once. */
@Command(name = "check-now", mixinStandardHelpOptions = true,
        description = "Runs the check of a server at once and tells how it ends; its state does not follow. Exit code 0:"
                + " passed, 1: failed.")
final class CheckNowCommand implements Callable<Integer> {

    /** Longer than the daemon waits for a check. */
    private static final Duration PATIENCE = Duration.ofSeconds(70);

    @ParentCommand
    private Lbctl lbctl;

    @Parameters(index = "0", paramLabel = "BACKEND/SERVER", description = "The server.")
    private String server;

    @Option(names = {"-v", "--verbose"}, description = "Every step, with the bytes sent and received.")
    private boolean verbose;

    @Override
    public Integer call() throws IOException {
        String answer = lbctl.ask("check now " + RawCommand.escape(server), PATIENCE).stripTrailing();
        String verdict = answer.substring(answer.lastIndexOf('\n') + 1);
        if (!verdict.startsWith("passed: ") && !verdict.startsWith("failed: ")) {
            lbctl.terminal().complain(server + ": " + verdict);
            return ExitCode.ERROR;
        }
        lbctl.terminal().out().println(verbose ? answer : verdict);
        lbctl.terminal().out().flush();
        return verdict.startsWith("passed: ") ? ExitCode.OK : ExitCode.ERROR;
    }
}
