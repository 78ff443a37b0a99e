package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl reload}: waits for the new configuration to serve, or tells why it does not. */
@Command(name = "reload", mixinStandardHelpOptions = true,
        description = "Lets the daemon read its configuration again, waits, and prints the diagnostics.")
final class ReloadCommand implements Callable<Integer> {

    /** Bounds a daemon that hangs; a reload takes a second or two with thousands of servers. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @ParentCommand
    private Lbctl lbctl;

    @Override
    public Integer call() throws IOException {
        String answer = lbctl.ask("reload", PATIENCE).stripTrailing();
        boolean applied = answer.endsWith("Success=1");
        int lastLine = answer.lastIndexOf("Success=");
        String text = lastLine < 0 ? answer : answer.substring(0, lastLine);
        lbctl.terminal().out().print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
        lbctl.terminal().out().flush();
        return applied ? ExitCode.OK : ExitCode.ERROR;
    }
}
