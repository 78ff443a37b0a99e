package net.lbd.cli.command;

import java.util.List;
import java.util.Optional;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.GlobalSettings;
import net.lbd.core.listen.RateLimit;
import net.lbd.core.runtime.ProcessRates;

/**
 * Commands that change limits until the next reload, or, of a server, until its line changes. They answer nothing when it is done.
 * Source: HAProxy manual, management guide, "set maxconn", "set rate-limit".
 */
final class LimitCommands {

    private static final String RATES = """
            'set rate-limit' only supports :
               - 'connections global' to set the per-process maximum connection rate
               - 'sessions global' to set the per-process maximum session rate
               - 'ssl-sessions global' to set the per-process maximum SSL session rate""";

    static final List<Command> TABLE = List.of(
            Command.of("set maxconn global", "<value>", Level.ADMIN, "change the per-process maxconn setting", LimitCommands::ofProcess),
            Command.of("set maxconn frontend", "<frontend> <value>", Level.ADMIN, "change a frontend's maxconn setting",
                    LimitCommands::ofFrontend),
            Command.of("set maxconn server", "<bk>/<srv> <value>", Level.ADMIN, "change a server's maxconn setting",
                    LimitCommands::ofServer),
            Command.of("set rate-limit", "<setting> global <value>", Level.ADMIN, "change a rate limiting value", LimitCommands::rate));

    private LimitCommands() { }

    /** HAProxy goes no higher than it was configured, and takes 0 for that value. */
    private static String ofProcess(Invocation invocation) throws CommandException {
        int wanted = number(invocation.argument(0), "Expects an integer value.");
        Optional<Integer> configured = invocation.daemon().engine().runtime()
                .flatMap(r -> r.configuration().global().settings().find(GlobalSettings.MAXCONN));
        if (configured.isPresent() && wanted > configured.get()) {
            throw new CommandException("Value out of range.");
        }
        SessionCommands.traffic(invocation).setMaxConnections(wanted == 0 ? configured.orElse(0) : wanted);
        return "";
    }

    private static String ofFrontend(Invocation invocation) throws CommandException {
        String name = FrontendCommands.name(invocation);
        SessionCommands.traffic(invocation).setMaxConnections(name, number(invocation.argument(1), "Integer value expected."));
        return "";
    }

    private static String ofServer(Invocation invocation) throws CommandException {
        ServerCommands.Target target = ServerCommands.target(invocation);
        SessionCommands.traffic(invocation).setMaxConnections(target.backend(), target.server(),
                number(invocation.argument(1), "Require <maxconn>."));
        return "";
    }

    private static String rate(Invocation invocation) throws CommandException {
        ProcessRates rates = invocation.daemon().engine().rates();
        RateLimit limit = switch (invocation.argument(0) + " " + invocation.argument(1)) {
            case "connections global" -> rates.connections();
            case "sessions global" -> rates.sessions();
            case "ssl-sessions global" -> rates.ssl();
            case "http-compression global" -> throw new CommandException(
                    "'set rate-limit http-compression': compression has no limit here.");
            default -> throw new CommandException(RATES);
        };
        limit.setLimit(number(invocation.argument(2), "Expects an integer value."));
        return "";
    }

    private static int number(String text, String complaint) throws CommandException {
        if (!text.matches("[0-9]{1,9}")) {
            throw new CommandException(text.isEmpty() ? complaint : complaint + " '" + text + "' is none.");
        }
        return Integer.parseInt(text);
    }
}
