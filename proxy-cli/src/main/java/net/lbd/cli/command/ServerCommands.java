package net.lbd.cli.command;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
            Command.of("set server", "<bk>/<srv> addr|agent|agent-addr|agent-port|agent-send|check-addr|check-port|fqdn|health|ssl|state|weight <value>",
                    Level.ADMIN, "change a server's state, weight, address or ssl", ServerCommands::setServer),
            Command.of("set weight", "<bk>/<srv> <weight>[%]", Level.ADMIN, "change a server's weight", ServerCommands::setWeight),
            Command.of("get weight", "<bk>/<srv>", Level.USER, "report a server's current weight", ServerCommands::getWeight),
            Command.of("enable server", "<bk>/<srv>", Level.ADMIN,
                    "take a server out of maintenance", ServerCommands::enable),
            Command.of("disable server", "<bk>/<srv>", Level.ADMIN,
                    "put a server into maintenance", ServerCommands::disable));

    private static final Logger LOG = LoggerFactory.getLogger(ServerCommands.class);

    record Target(Backend backend, Server server) { }

    private static final int MAX_WEIGHT = 256;
    private static final Pattern WEIGHT = Pattern.compile("(-?[0-9]+)(%?)(.*)");

    private ServerCommands() { }

    private static String setServer(Invocation invocation) throws CommandException {
        Target target = target(invocation);
        String what = invocation.argument(1);
        String value = invocation.argument(2).toLowerCase(Locale.ROOT);
        switch (what) {
            case "state" -> { }
            case "health" -> {
                HealthCommands.force(invocation, target.backend(), target.server(), value);
                return "";
            }
            case "agent" -> {
                HealthCommands.forceAgent(invocation, target.server(), value);
                return "";
            }
            case "weight" -> {
                target.server().state().setWeight(weight(target.server(), value));
                return "";
            }
            case "addr" -> {
                return PlaceCommands.setAddress(invocation, target);
            }
            case "fqdn" -> {
                return PlaceCommands.setHostName(invocation, target);
            }
            case "check-addr" -> {
                return AskedCommands.setAddress(invocation, target, false);
            }
            case "check-port" -> {
                return AskedCommands.setPort(invocation, target, false);
            }
            case "agent-addr" -> {
                return AskedCommands.setAddress(invocation, target, true);
            }
            case "agent-port" -> {
                return AskedCommands.setPort(invocation, target, true);
            }
            case "agent-send" -> {
                return AskedCommands.setQuestion(invocation, target);
            }
            case "ssl" -> {
                return AskedCommands.setTls(invocation, target);
            }
            default -> throw new CommandException("usage: set server <backend>/<server> addr | agent | agent-addr | agent-port | agent-send"
                    + " | check-addr | check-port | fqdn | health | ssl | state | weight");
        }
        Admin wanted = switch (value) {
            case "ready" -> Admin.READY;
            case "drain" -> Admin.DRAIN;
            case "maint" -> Admin.MAINT;
            default -> throw new CommandException(
                    "'set server <srv> state' expects 'ready', 'drain' and 'maint'.");
        };
        change(invocation, target, wanted);
        return "";
    }

    private static String setWeight(Invocation invocation) throws CommandException {
        Server server = target(invocation).server();
        server.state().setWeight(weight(server, invocation.argument(1)));
        return "";
    }

    private static String getWeight(Invocation invocation) throws CommandException {
        Server server = target(invocation).server();
        return server.weight() + " (initial " + server.configuredWeight() + ")\n";
    }

    /** A weight, or a share of the configured one: {@code 50%}; a share that comes to more than 256 is 256. */
    private static int weight(Server server, String text) throws CommandException {
        if (text.isEmpty()) {
            throw new CommandException("Require <weight> or <weight%>.");
        }
        Matcher parts = WEIGHT.matcher(text);
        if (!parts.matches()) {
            throw new CommandException("Empty weight string empty or preceded by garbage");
        }
        if (!parts.group(3).isEmpty()) {
            throw new CommandException("Trailing garbage in weight string");
        }
        // Longer numbers are out of range whatever they are.
        long number = Long.parseLong(parts.group(1).length() > 10 ? parts.group(1).substring(0, 10) : parts.group(1));
        if (parts.group(2).isEmpty()) {
            if (number < 0 || number > MAX_WEIGHT) {
                throw new CommandException("Absolute weight can only be between 0 and 256 inclusive.");
            }
            return (int) number;
        }
        if (number < 0) {
            throw new CommandException("Relative weight must be positive.");
        }
        return (int) Math.min(MAX_WEIGHT, server.configuredWeight() * number / 100);
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

    static Target target(Invocation invocation) throws CommandException {
        return target(invocation, invocation.argument(0));
    }

    /** The server of this name, as {@code <bk>/<srv>}. */
    static Server server(Invocation invocation, String name) throws CommandException {
        return target(invocation, name).server();
    }

    private static Target target(Invocation invocation, String name) throws CommandException {
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
