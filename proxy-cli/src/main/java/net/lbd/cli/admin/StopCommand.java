package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl stop}: at once and waiting for the end of the process, or softly and not waiting. */
@Command(name = "stop", mixinStandardHelpOptions = true, description = "Stops the daemon and waits for its end.")
final class StopCommand implements Callable<Integer> {

    /** The daemon gives itself ten seconds. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private static final long POLL_MILLIS = 20;

    @ParentCommand
    private Lbctl lbctl;

    @Option(names = "--soft", description = "Only close the listeners; the daemon ends when its sessions have,"
            + " or after hard-stop-after. Does not wait.")
    private boolean soft;

    @Override
    public Integer call() throws IOException, InterruptedException {
        String pid = DaemonStatus.parse(lbctl.ask("show info")).info().getOrDefault("Pid", "");
        String refusal = lbctl.ask(soft ? "soft-stop" : "stop").strip();
        if (!refusal.isEmpty()) {
            lbctl.terminal().complain(refusal);
            return ExitCode.ERROR;
        }
        if (soft) {
            lbctl.terminal().out().println(
                    "lbd (pid " + pid + ") has closed its listeners and ends with its last session");
            return ExitCode.OK;
        }
        if (!awaitEnd(pid, PATIENCE)) {
            lbctl.terminal().complain("lbd (pid " + pid + ") has not ended after " + PATIENCE.toSeconds() + " s");
            return ExitCode.ERROR;
        }
        lbctl.terminal().out().println("lbd (pid " + pid + ") has stopped");
        return ExitCode.OK;
    }

    /** Whether a process has ended in time. */
    static boolean awaitEnd(String pid, Duration patience) throws InterruptedException {
        Optional<ProcessHandle> process =
                pid.matches("[0-9]{1,18}") ? ProcessHandle.of(Long.parseLong(pid)) : Optional.empty();
        long deadline = System.nanoTime() + patience.toNanos();
        while (process.isPresent() && process.get().isAlive()) {
            if (System.nanoTime() >= deadline) {
                return false;
            }
            // ProcessHandle.onExit() spins on a process that is not a child of ours.
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }
}
