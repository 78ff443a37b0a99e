package net.lbd.cli.command;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import net.lbd.cli.Version;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.syntax.DiagnosticPrinter;

/** Commands about the whole process: reload and stop. */
final class ProcessCommands {

    static final List<Command> TABLE = List.of(
            Command.of("reload", "", Level.ADMIN,
                    "read the configuration again; waits, and ends in Success=1 or Success=0",
                    ProcessCommands::reload),
            Command.of("show proc", "", Level.USER, "the process, as HAProxy's master shows its own", ProcessCommands::show),
            Command.of("stop", "", Level.ADMIN, "stop the daemon at once", ProcessCommands::stop),
            Command.of("soft-stop", "", Level.ADMIN,
                    "close the listeners, end when the sessions have ended", ProcessCommands::softStop));

    private ProcessCommands() { }

    /** Whether a prefix such as {@code @1}, which HAProxy's master socket knows, means this process. */
    static boolean isThisOne(String prefix) {
        return prefix.equals("@1") || prefix.equals("@master") || prefix.equals("@!" + ProcessHandle.current().pid());
    }

    /** One process is the master and its only worker. */
    private static String show(Invocation invocation) {
        Duration up = invocation.daemon().uptime();
        String row = String.format(Locale.ROOT, "%dd%02dh%02dm%02ds     %s", up.toDays(), up.toHoursPart(), up.toMinutesPart(), up.toSecondsPart(), Version.CURRENT.number());
        int reloads = invocation.daemon().engine().runtime().map(r -> r.generation() - 1).orElse(0);
        long pid = ProcessHandle.current().pid();
        return "#<PID>          <type>          <reloads>       <uptime>        <version>      \n"
                + String.format(Locale.ROOT, "%-15d %-15s %-15s %s%n", pid, "master", reloads + " [failed: 0]", row) + "# workers\n"
                + String.format(Locale.ROOT, "%-15d %-15s %-15s %s%n", pid, "worker", "0", row) + "# programs\n";
    }

    /** HAProxy's master socket answers {@code reload} with the same last line. */
    private static String reload(Invocation invocation) {
        ReloadResult result = invocation.daemon().reload();
        return DiagnosticPrinter.plain().print(result.diagnostics())
                + result.summary() + "\n"
                + "Success=" + (result.applied() ? 1 : 0) + "\n";
    }

    private static String stop(Invocation invocation) {
        invocation.daemon().stop();
        return "";
    }

    private static String softStop(Invocation invocation) {
        invocation.daemon().softStop();
        return "";
    }
}
