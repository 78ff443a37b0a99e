package net.lbd.cli.command;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.report.SessionFacts;
import net.lbd.core.runtime.TrafficControl;

/**
 * Commands about the clients that are connected. {@code show sess} has HAProxy's form; what only tells of HAProxy's insides is left out,
 * and the number is that of the connection: streams of one HTTP/2 connection share it. Source: HAProxy manual, management guide,
 * "show sess", "shutdown session", "shutdown sessions server".
 */
final class SessionCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show sess", "[all|<id>]", Level.OPERATOR, "report the list of current sessions or dump this exact session",
                    SessionCommands::show),
            Command.of("shutdown session", "<id>", Level.ADMIN, "kill a specific session", SessionCommands::shutdown),
            Command.of("shutdown sessions server", "<bk>/<srv>", Level.ADMIN, "kill sessions on a server",
                    SessionCommands::shutdownOfServer));

    private SessionCommands() { }

    private static String show(Invocation invocation) throws CommandException {
        List<SessionFacts> sessions = traffic(invocation).sessions();
        String wanted = invocation.argument(0);
        if (wanted.isEmpty()) {
            return sessions.stream().map(SessionCommands::line).collect(Collectors.joining());
        }
        if (wanted.equals("all")) {
            return sessions.stream().map(SessionCommands::details).collect(Collectors.joining());
        }
        long id = number(wanted, "'show sess' takes 'all', or the number of a session as it shows them.");
        String found = sessions.stream().filter(s -> s.id() == id).map(SessionCommands::details).collect(Collectors.joining());
        if (found.isEmpty()) {
            throw new CommandException("Session not found.");
        }
        return found;
    }

    private static String line(SessionFacts s) {
        return String.format(Locale.ROOT, "0x%x: proto=%s src=%s fe=%s be=%s srv=%s age=%s calls=%d st=%s in=%d out=%d%n", s.id(),
                s.protocol(), s.source(), s.frontend(), s.backend(), s.server(), age(s.ageMillis()), s.requests(), stage(s),
                s.bytesIn(), s.bytesOut());
    }

    private static String details(SessionFacts s) {
        return String.format(Locale.ROOT, """
                0x%x: proto=%s source=%s destination=%s
                  frontend=%s bind=%s tls=%s http=%s
                  backend=%s server=%s state=%s
                  age=%s age_ms=%d open_ms=%d requests=%d in=%d out=%d generation=%d
                """, s.id(), s.protocol(), s.source(), s.destination(), s.frontend(), s.bind(), s.tls() ? "yes" : "no",
                s.http() == 0 ? "no" : Integer.toString(s.http()), s.backend(), s.server(), stage(s), age(s.ageMillis()),
                s.ageMillis(), s.openMillis(), s.requests(), s.bytesIn(), s.bytesOut(), s.generation().number());
    }

    private static String stage(SessionFacts s) {
        return s.queued() ? "queue" : !s.server().equals("<none>") ? "server" : s.backend().equals("<NONE>") ? "client" : "backend";
    }

    /** As HAProxy writes ages: the two largest units. */
    private static String age(long millis) {
        Duration d = Duration.ofMillis(millis);
        return d.toDays() > 0 ? d.toDays() + "d" + d.toHoursPart() + "h"
                : d.toHours() > 0 ? d.toHours() + "h" + d.toMinutesPart() + "m"
                : d.toMinutes() > 0 ? d.toMinutes() + "m" + d.toSecondsPart() + "s" : d.toSeconds() + "s";
    }

    private static String shutdown(Invocation invocation) throws CommandException {
        if (invocation.argument(0).isEmpty()) {
            throw new CommandException("Session pointer expected (use 'show sess').");
        }
        long id = number(invocation.argument(0), "No such session (use 'show sess').");
        if (!traffic(invocation).shutdownSession(id)) {
            throw new CommandException("No such session (use 'show sess').");
        }
        return "";
    }

    private static String shutdownOfServer(Invocation invocation) throws CommandException {
        ServerCommands.Target target = ServerCommands.target(invocation);
        traffic(invocation).shutdownSessions(target.server());
        return "";
    }

    /** In hexadecimal behind {@code 0x}, else decimal. */
    private static long number(String text, String complaint) throws CommandException {
        try {
            return Long.decode(text);
        } catch (NumberFormatException e) {
            throw new CommandException(complaint);
        }
    }

    static TrafficControl traffic(Invocation invocation) throws CommandException {
        return invocation.daemon().engine().traffic().orElseThrow(() -> new CommandException("Nothing serves yet."));
    }
}
