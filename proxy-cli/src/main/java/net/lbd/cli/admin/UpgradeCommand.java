package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl upgrade}: the program that is installed now takes the place of the one that runs. */
@Command(name = "upgrade", mixinStandardHelpOptions = true,
        description = "Starts lbd as it is installed now, and lets it take the place of the one that runs: it listens on the same sockets, so that no"
                + " connection is refused, and the old process ends when its sessions have, or after hard-stop-after. If the new one does not"
                + " come to serve, the old one serves on.")
final class UpgradeCommand implements Callable<Integer> {

    /** The daemon gives the new process 90 s. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @ParentCommand
    private Lbctl lbctl;

    @Override
    public Integer call() throws IOException {
        String answer = lbctl.ask("upgrade", PATIENCE).strip();
        boolean done = answer.endsWith("Success=1");
        String said = answer.replaceFirst("\\n?Success=[01]$", "");
        if (done) {
            lbctl.terminal().out().println(said);
        } else {
            lbctl.terminal().complain(said);
        }
        return done ? ExitCode.OK : ExitCode.ERROR;
    }
}
