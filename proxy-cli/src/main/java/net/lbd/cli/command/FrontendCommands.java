package net.lbd.cli.command;

import java.io.IOException;
import java.util.List;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.report.ReportSource.FrontendStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands that close and open frontends; sessions go on. They answer nothing when it is done. Source: HAProxy manual, management guide,
 * "disable frontend", "enable frontend", "shutdown frontend".
 */
final class FrontendCommands {

    private static final Logger LOG = LoggerFactory.getLogger(FrontendCommands.class);

    static final List<Command> TABLE = List.of(
            Command.of("disable frontend", "<frontend>", Level.ADMIN, "temporarily disable specific frontend",
                    i -> set(i, FrontendStatus.PAUSED, "All sockets are already disabled.")),
            Command.of("enable frontend", "<frontend>", Level.ADMIN, "re-enable specific frontend",
                    i -> set(i, FrontendStatus.OPEN, "All sockets are already enabled.")),
            Command.of("shutdown frontend", "<frontend>", Level.ADMIN, "stop a specific frontend, until the next reload",
                    i -> set(i, FrontendStatus.STOP, "Frontend was already shut down.")));

    private FrontendCommands() { }

    private static String set(Invocation invocation, FrontendStatus wanted, String already) throws CommandException {
        String name = name(invocation);
        if (wanted != FrontendStatus.STOP && invocation.daemon().engine().report().status(name) == FrontendStatus.STOP) {
            throw new CommandException("Frontend was previously shut down, cannot " + (wanted == FrontendStatus.OPEN ? "enable." : "disable."));
        }
        try {
            if (!SessionCommands.traffic(invocation).setStatus(name, wanted)) {
                throw new CommandException(already);
            }
        } catch (IOException e) {
            throw new CommandException("Failed to resume frontend, check for port conflict: " + e.getMessage());
        }
        LOG.info("Frontend {} is {} by the administrator", name,
                switch (wanted) {
                    case OPEN -> "enabled";
                    case PAUSED -> "disabled";
                    case STOP -> "shut down";
                });
        return "";
    }

    static String name(Invocation invocation) throws CommandException {
        String name = invocation.argument(0);
        if (name.isEmpty()) {
            throw new CommandException("A frontend name is expected.");
        }
        if (invocation.daemon().engine().runtime().flatMap(r -> r.frontend(name)).isEmpty()) {
            throw new CommandException("No such frontend.");
        }
        return name;
    }
}
