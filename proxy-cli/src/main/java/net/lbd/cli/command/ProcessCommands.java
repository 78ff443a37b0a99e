package net.lbd.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.lbd.cli.Version;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.cli.reload.ReloadPreview;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.cli.reload.TrialTime;
import net.lbd.cli.reload.WatchedReload;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.syntax.DiagnosticPrinter;

/** Commands about the whole process: reload and stop. */
final class ProcessCommands {

    static final List<Command> TABLE = List.of(
            Command.of("reload", "", Level.ADMIN,
                    "read the configuration again; waits, and ends in Success=1 or Success=0",
                    ProcessCommands::reload),
            Command.of("reload confirm", "<time>", Level.ADMIN,
                    "reload, and go back after this time (60s, 5m) unless 'reload confirmed' comes", ProcessCommands::reloadOnTrial),
            Command.of("reload if-healthy", "[<time>]", Level.ADMIN,
                    "reload, watch for this time (30s), and go back if health gets worse; waits", ProcessCommands::reloadIfHealthy),
            Command.of("reload confirmed", "", Level.ADMIN, "keep what 'reload confirm' has put into service", ProcessCommands::confirm),
            Command.of("reload back", "", Level.ADMIN, "go back at once to what served before 'reload confirm'", ProcessCommands::goBack),
            Command.of("reload diff", "[json]", Level.ADMIN, "show what a reload would change, without secrets", ProcessCommands::diff),
            Command.of("upgrade", "", Level.ADMIN, "start the program as it is installed now in this one's place; waits, and ends in Success=1 or Success=0",
                    ProcessCommands::upgrade),
            Command.of("hand over sockets", "<path>", Level.ADMIN, "send the listening sockets to a process that waits there; for 'lbd -x'", ProcessCommands::handOver),
            Command.of("taken over", "<pid>", Level.ADMIN, "that process has the sockets and serves: drain and end; for 'lbd -sf'", ProcessCommands::takenOver),
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
        int reloads = invocation.daemon().engine().runtime().map(r -> r.generation().number() - 1).orElse(0);
        long pid = ProcessHandle.current().pid();
        return "#<PID>          <type>          <reloads>       <uptime>        <version>      \n"
                + String.format(Locale.ROOT, "%-15d %-15s %-15s %s%n", pid, "master", reloads + " [failed: 0]", row) + "# workers\n"
                + String.format(Locale.ROOT, "%-15d %-15s %-15s %s%n", pid, "worker", "0", row) + "# programs\n"
                + invocation.daemon().trialLeft().map(left -> "# the configuration is on trial: goes back in " + left.toSeconds() + "s unless confirmed\n").orElse("")
                + invocation.daemon().watchLeft().map(left -> "# the configuration is watched: goes back within " + left.toSeconds() + "s if health gets worse\n").orElse("");
    }

    /** HAProxy's master socket answers {@code reload} with the same last line. */
    private static String reload(Invocation invocation) throws CommandException {
        none(invocation, "reload", "; behind it may stand: confirm, confirmed, back, if-healthy, diff");
        return answer(invocation.daemon().reload(), "");
    }

    private static String reloadOnTrial(Invocation invocation) throws CommandException {
        Optional<Duration> time = invocation.arguments().size() == 1 ? TrialTime.parse(invocation.argument(0)) : Optional.empty();
        if (time.isEmpty()) {
            throw new CommandException("'reload confirm' wants one time, " + TrialTime.FORM + ", after which it goes back;"
                    + " 'reload confirmed' keeps what is on trial.\nSuccess=0");
        }
        return answer(invocation.daemon().reloadOnTrial(time.get()), "on trial: what served before serves again in " + invocation.argument(0)
                + " unless it is confirmed; the files stay as they are, and the next start reads them\n");
    }

    private static String reloadIfHealthy(Invocation invocation) throws CommandException {
        Optional<Duration> time = invocation.arguments().isEmpty() ? Optional.of(WatchedReload.USUAL_TIME)
                : invocation.arguments().size() == 1 ? TrialTime.parse(invocation.argument(0)) : Optional.empty();
        if (time.isEmpty()) {
            throw new CommandException("'reload if-healthy' takes one time, " + TrialTime.FORM + ", for which it watches, or none for 30s.\nSuccess=0");
        }
        WatchedReload.Outcome outcome = invocation.daemon().reloadIfHealthy(time.get());
        return DiagnosticPrinter.plain().print(outcome.reload().diagnostics()) + outcome.reload().summary() + "\n"
                + (outcome.verdict().isEmpty() ? "" : outcome.verdict() + "\n") + success(outcome.isKept());
    }

    private static String confirm(Invocation invocation) throws CommandException {
        none(invocation, "reload confirmed", "");
        return invocation.daemon().confirm() ? "confirmed: the new configuration stays\nSuccess=1\n"
                : "no reload waits to be confirmed\nSuccess=0\n";
    }

    private static String goBack(Invocation invocation) throws CommandException {
        none(invocation, "reload back", "");
        return answer(invocation.daemon().goBack(),
                "what served before serves again; the files stay as they are, and the next reload or start reads them\n");
    }

    private static String diff(Invocation invocation) throws CommandException {
        boolean json = invocation.arguments().equals(List.of("json"));
        if (!json) {
            none(invocation, "reload diff", "; behind it may stand: json");
        }
        ReloadPreview preview = invocation.daemon().preview();
        return (json ? preview.json() : preview.text()) + success(preview.isApplicable());
    }

    private static void none(Invocation invocation, String command, String accepted) throws CommandException {
        if (!invocation.arguments().isEmpty()) {
            throw new CommandException("'" + command + "': unexpected '" + invocation.argument(0) + "'" + accepted + ".\nSuccess=0");
        }
    }

    /** @param more what is told if it is applied */
    private static String answer(ReloadResult result, String more) {
        return DiagnosticPrinter.plain().print(result.diagnostics()) + result.summary() + "\n" + (result.applied() ? more : "") + success(result.applied());
    }

    private static String success(boolean success) {
        return "Success=" + (success ? 1 : 0) + "\n";
    }

    private static String upgrade(Invocation invocation) throws CommandException {
        none(invocation, "upgrade", "");
        long former = ProcessHandle.current().pid();
        try {
            return "process " + invocation.daemon().upgrade() + " serves; process " + former + " lets its sessions end\nSuccess=1\n";
        } catch (IOException e) {
            throw new CommandException("Refused: " + e.getMessage() + ".\nSuccess=0");
        }
    }

    private static String handOver(Invocation invocation) throws CommandException {
        if (invocation.arguments().size() != 1 || !invocation.argument(0).startsWith("/")) {
            throw new CommandException("'hand over sockets' wants the path of the Unix socket on which the other process waits.");
        }
        try {
            List<String> keys = invocation.daemon().handOver(Path.of(invocation.argument(0)));
            return "sockets " + keys.size() + "\n" + String.join("\n", keys) + "\n";
        } catch (IOException e) {
            throw new CommandException("Refused: " + e.getMessage() + ".");
        }
    }

    private static String takenOver(Invocation invocation) throws CommandException {
        if (!invocation.argument(0).matches("[1-9][0-9]{0,9}")) {
            throw new CommandException("'taken over' wants the id of the process that serves now.");
        }
        try {
            invocation.daemon().takenOver(Long.parseLong(invocation.argument(0)));
        } catch (IOException e) {
            throw new CommandException("Refused: " + e.getMessage() + ".");
        }
        return "process " + ProcessHandle.current().pid() + " lets its sessions end\n";
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
