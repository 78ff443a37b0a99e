package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import net.lbd.cli.reload.TrialTime;
import net.lbd.cli.reload.WatchedReload;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lbctl reload}: waits for the new configuration to serve, or tells why it does not. */
@Command(name = "reload", mixinStandardHelpOptions = true,
        description = "Lets the daemon read its configuration again, waits, and prints the diagnostics. "
                + "Can be looked at before (--diff), and tried (--confirm, --if-healthy).")
final class ReloadCommand implements Callable<Integer> {

    /** Bounds a daemon that hangs; a reload takes a second or two with thousands of servers. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @ArgGroup
    private Way way = new Way();

    @Option(names = "--json", description = "With --diff: print JSON, for programs.")
    private boolean json;

    /** At most one of them. */
    private static final class Way {

        @Option(names = "--diff", description = "Reload nothing; show what a reload would change, line by line, without secrets.")
        private boolean diff;

        @Option(names = "--confirm", paramLabel = "TIME",
                description = "Reload, and let the daemon go back by itself after this time (60s, 5m, 1h) unless --confirmed comes.")
        private String confirm;

        @Option(names = "--if-healthy", paramLabel = "TIME", arity = "0..1", fallbackValue = "30s",
                description = "Look at the traffic for 5 s, reload, watch for this time (default: ${FALLBACK-VALUE}), and go back if health gets worse:"
                        + " servers go down, a backend has none left, or the share of 5xx answers or failed connections doubles.")
        private String ifHealthy;

        @Option(names = "--confirmed", description = "Keep the configuration that --confirm has put into service.")
        private boolean confirmed;

        @Option(names = "--back", description = "Go back at once to what served before --confirm.")
        private boolean back;

        String line() {
            return diff ? "reload diff" : confirm != null ? "reload confirm " + confirm : ifHealthy != null ? "reload if-healthy " + ifHealthy
                    : confirmed ? "reload confirmed" : back ? "reload back" : "reload";
        }
    }

    @Override
    public Integer call() throws IOException {
        if (json && !way.diff) {
            throw new ParameterException(spec.commandLine(), "--json goes with --diff");
        }
        if (way.confirm != null && TrialTime.parse(way.confirm).isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--confirm: '" + way.confirm + "' is not a time " + TrialTime.FORM);
        }
        Duration watch = Duration.ZERO;
        if (way.ifHealthy != null) {
            watch = TrialTime.parse(way.ifHealthy).orElseThrow(() ->
                    new ParameterException(spec.commandLine(), "--if-healthy: '" + way.ifHealthy + "' is not a time " + TrialTime.FORM));
            lbctl.terminal().err().println("looking at the traffic for " + WatchedReload.LOOK_BEFORE.toSeconds() + " s, then reloading and watching for "
                    + way.ifHealthy + "; the daemon goes on with it if this command is ended");
        }
        String answer = lbctl.ask(way.line() + (json ? " json" : ""), PATIENCE.plus(watch)).stripTrailing();
        boolean applied = answer.endsWith("Success=1");
        int lastLine = answer.lastIndexOf("Success=");
        String text = lastLine < 0 ? answer : answer.substring(0, lastLine);
        lbctl.terminal().out().print(text.isEmpty() || text.endsWith("\n") ? text : text + "\n");
        lbctl.terminal().out().flush();
        return applied ? ExitCode.OK : ExitCode.ERROR;
    }
}
