package net.lbd.cli.command;

import java.util.List;
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
            Command.of("stop", "", Level.ADMIN, "stop the daemon at once", ProcessCommands::stop),
            Command.of("soft-stop", "", Level.ADMIN,
                    "close the listeners, end when the sessions have ended", ProcessCommands::softStop));

    private ProcessCommands() { }

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
