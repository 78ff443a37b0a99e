package net.lbd.cli.command;

import java.util.List;
import java.util.Locale;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.ServerState.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commands that change what the administrator wants of a server. They answer nothing when it is done. */
final class ServerCommands {

    static final List<Command> TABLE = List.of(
            Command.of("set server", "<bk>/<srv> state ready|drain|maint", Level.ADMIN,
                    "change a server's administrative state", ServerCommands::setServer),
            Command.of("enable server", "<bk>/<srv>", Level.ADMIN,
                    "take a server out of maintenance", ServerCommands::enable),
            Command.of("disable server", "<bk>/<srv>", Level.ADMIN,
                    "put a server into maintenance", ServerCommands::disable));

    private static final Logger LOG = LoggerFactory.getLogger(ServerCommands.class);

    private record Target(Backend backend, Server server) { }

    private ServerCommands() { }

    private static String setServer(Invocation invocation) throws CommandException {
        Target target = target(invocation);
        String what = invocation.argument(1);
        if (!what.equals("state")) {
            throw new CommandException("usage: set server <backend>/<server> state ready|drain|maint"
                    + (what.isEmpty() ? "" : "; '" + what + "' is not supported yet"));
        }
        Admin wanted = switch (invocation.argument(2).toLowerCase(Locale.ROOT)) {
            case "ready" -> Admin.READY;
            case "drain" -> Admin.DRAIN;
            case "maint" -> Admin.MAINT;
            default -> throw new CommandException(
                    "'set server <srv> state' expects 'ready', 'drain' and 'maint'.");
        };
        change(invocation, target, wanted);
        return "";
    }

    /** Leaves a server alone that drains: {@code enable} is the opposite of {@code disable} only. */
    private static String enable(Invocation invocation) throws CommandException {
        Target target = target(invocation);
        ServerState state = target.server().state();
        if (state.admin() == Admin.MAINT) {
            change(invocation, target, Admin.READY);
        }
        return "";
    }

    private static String disable(Invocation invocation) throws CommandException {
        Target target = target(invocation);
        change(invocation, target, Admin.MAINT);
        return "";
    }

    private static void change(Invocation invocation, Target target, Admin wanted) {
        invocation.daemon().engine().setAdmin(target.backend(), target.server(), wanted);
        LOG.info("Server {}/{} is set to {} by the administrator", target.backend(), target.server(),
                wanted.name().toLowerCase(Locale.ROOT));
    }

    private static Target target(Invocation invocation) throws CommandException {
        String name = invocation.argument(0);
        int slash = name.indexOf('/');
        if (slash < 0) {
            throw new CommandException("Require 'backend/server'.");
        }
        String backendName = name.substring(0, slash);
        String serverName = name.substring(slash + 1);
        Backend backend = invocation.daemon().engine().runtime()
                .flatMap(runtime -> runtime.backend(backendName))
                .orElseThrow(() -> new CommandException("No such backend."));
        return backend.servers().stream()
                .filter(s -> s.name().equals(serverName))
                .findFirst()
                .map(s -> new Target(backend, s))
                .orElseThrow(() -> new CommandException("No such server."));
    }
}
