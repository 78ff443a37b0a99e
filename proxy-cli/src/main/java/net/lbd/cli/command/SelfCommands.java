package net.lbd.cli.command;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState.Admin;

/**
 * Commands about the client's own connection to the control socket, and about the sockets. Source: HAProxy manual, management guide,
 * "prompt", "operator", "user", "set timeout cli", "show cli level", "show cli sockets", "quit"; "wait" of version 3.0.
 */
final class SelfCommands {

    private static final long LONGEST_WAIT_SECONDS = 3600;
    private static final long LOOK_MILLIS = 50;

    static final List<Command> TABLE = List.of(
            Command.of("prompt", "", Level.USER, "toggle interactive mode with prompt", invocation -> {
                invocation.session().togglePrompt();
                return "";
            }),
            Command.of("quit", "", Level.USER, "disconnect", invocation -> {
                invocation.session().end();
                return "";
            }),
            Command.of("user", "", Level.USER, "lower the level of the current CLI session to user", i -> lower(i, Level.USER)),
            Command.of("operator", "", Level.OPERATOR, "lower the level of the current CLI session to operator",
                    i -> lower(i, Level.OPERATOR)),
            Command.of("set timeout cli", "<delay>", Level.USER, "change the timeout of the current CLI session", SelfCommands::timeout),
            Command.of("show cli level", "", Level.USER, "display the level of the current CLI session",
                    i -> i.level().name().toLowerCase(Locale.ROOT) + "\n"),
            Command.of("show cli sockets", "", Level.OPERATOR, "dump list of cli sockets", SelfCommands::sockets),
            Command.of("show env", "[var]", Level.OPERATOR, "dump environment variables known to the process", SelfCommands::environment),
            Command.of("wait", "<delay> [srv-unused <bk>/<srv>]", Level.USER,
                    "wait that long, or until a server in maintenance has no session left", SelfCommands::await));

    private SelfCommands() { }

    private static String lower(Invocation invocation, Level to) {
        invocation.session().lower(to);
        return "";
    }

    private static String timeout(Invocation invocation) throws CommandException {
        if (invocation.argument(0).isEmpty()) {
            throw new CommandException("Expects an integer value.");
        }
        invocation.session().setSlowness(delay(invocation.argument(0), TimeUnit.SECONDS, "Invalid timeout value."));
        return "";
    }

    /** At least a millisecond; no more than fits into 24 days. */
    private static Duration delay(String text, TimeUnit unit, String complaint) throws CommandException {
        String digits = text.replaceAll("(us|ms|[smhd])$", "");
        if (!digits.matches("[0-9]{1,9}")) {
            throw new CommandException(complaint);
        }
        long number = Long.parseLong(digits);
        Duration delay = switch (text.substring(digits.length())) {
            case "us" -> Duration.ofNanos(number * 1000);
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.of(number, unit.toChronoUnit());
        };
        if (delay.toMillis() < 1 || delay.toDays() > 24) {
            throw new CommandException(complaint);
        }
        return delay;
    }

    private static String sockets(Invocation invocation) {
        return "# socket lvl processes\n" + invocation.daemon().controlSockets().stream()
                .map(s -> (s.address().startsWith("/") ? "unix@" + s.address() : s.address()) + " "
                        + s.level().name().toLowerCase(Locale.ROOT) + " all\n")
                .collect(Collectors.joining());
    }

    /** Values may be secrets of others: as in HAProxy they are for operators. */
    private static String environment(Invocation invocation) throws CommandException {
        Map<String, String> all = new TreeMap<>(System.getenv());
        String wanted = invocation.argument(0);
        if (wanted.isEmpty()) {
            return all.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue() + "\n").collect(Collectors.joining());
        }
        if (!all.containsKey(wanted)) {
            throw new CommandException("Variable not found");
        }
        return wanted + "=" + all.get(wanted) + "\n";
    }

    private static String await(Invocation invocation) throws CommandException {
        Duration delay = delay(invocation.argument(0), TimeUnit.MILLISECONDS, "'wait' expects a delay, and may be followed by"
                + " 'srv-unused <bk>/<srv>'.");
        if (delay.toSeconds() > LONGEST_WAIT_SECONDS) {
            throw new CommandException("'wait' waits for an hour at most.");
        }
        String condition = invocation.argument(1);
        if (!condition.isEmpty() && !condition.equals("srv-unused")) {
            throw new CommandException("'wait': unknown condition '" + condition + "'; 'srv-unused <bk>/<srv>' is accepted.");
        }
        long deadline = System.nanoTime() + delay.toNanos();
        try {
            while (System.nanoTime() - deadline < 0) {
                if (condition.equals("srv-unused") && isUnused(ServerCommands.server(invocation, invocation.argument(2)))) {
                    return "Done.\n";
                }
                TimeUnit.MILLISECONDS.sleep(Math.max(1, Math.min(LOOK_MILLIS, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()))));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (condition.isEmpty()) {
            return "Done.\n";
        }
        throw new CommandException("Wait delay expired.");
    }

    private static boolean isUnused(Server server) throws CommandException {
        if (server.state().admin() != Admin.MAINT) {
            throw new CommandException("Unrecoverable condition: the server is not in maintenance.");
        }
        return server.load() == 0 && server.state().queued() == 0;
    }
}
