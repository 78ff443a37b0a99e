package net.lbd.cli.command;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.backend.Server;
import net.lbd.core.report.ProxyEntry;
import net.lbd.core.runtime.ProxyRuntime;
import net.lbd.core.stats.BadMessage;

/**
 * {@code show errors}: the last request that each frontend refused, and the last response that each backend did, in HAProxy's form; what
 * only tells of HAProxy's insides is left out, and the reason is said in words. Source: HAProxy manual, management guide, "show errors".
 */
final class ErrorCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show errors", "[<iid>|<proxy>] [request|response]", Level.OPERATOR,
                    "report last request and/or response errors for each proxy", ErrorCommands::showErrors));

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("'['dd/MMM/yyyy:HH:mm:ss.SSS']'", Locale.ENGLISH).withZone(ZoneId.systemDefault());
    /** What of a message stands on one line at most. */
    private static final int LINE = 70;

    private ErrorCommands() { }

    private static String showErrors(Invocation invocation) throws CommandException {
        Optional<ProxyRuntime> runtime = invocation.daemon().engine().runtime();
        List<ProxyEntry> all = runtime.map(ProxyEntry::list).orElse(List.of());
        List<ProxyEntry> chosen = choose(all, invocation.argument(0));
        String kind = kind(invocation.argument(1));
        List<BadMessage> found = new ArrayList<>();
        for (ProxyEntry proxy : chosen) {
            if (!kind.equals("response")) {
                proxy.front().flatMap(front -> front.runtime().counters().badMessages.last()).ifPresent(found::add);
            }
            if (!kind.equals("request")) {
                proxy.back().flatMap(back -> back.runtime().counters().badMessages.last()).ifPresent(found::add);
            }
        }
        found.sort(Comparator.comparingLong(BadMessage::event));
        Map<String, ProxyEntry> byName = all.stream().collect(Collectors.toMap(ProxyEntry::name, Function.identity(), (a, b) -> a));
        StringBuilder out = new StringBuilder("Total events captured on ").append(DATE.format(Instant.now())).append(" : ")
                .append(found.size()).append('\n');
        found.forEach(message -> show(message, byName, out.append(" \n")));
        return out.toString();
    }

    private static List<ProxyEntry> choose(List<ProxyEntry> all, String wanted) throws CommandException {
        if (wanted.isEmpty() || wanted.equals("-1")) {
            return all;
        }
        List<ProxyEntry> chosen = all.stream().filter(p -> p.name().equals(wanted) || Integer.toString(p.id()).equals(wanted)).toList();
        if (chosen.isEmpty()) {
            throw new CommandException("No such proxy.");
        }
        return chosen;
    }

    private static String kind(String word) throws CommandException {
        if (!List.of("", "request", "response").contains(word)) {
            throw new CommandException("'request' or 'response' was expected, not '" + word + "'.");
        }
        return word;
    }

    private static void show(BadMessage message, Map<String, ProxyEntry> byName, StringBuilder out) {
        String backend = proxy(message.backend(), byName);
        String frontend = proxy(message.frontend(), byName);
        out.append(DATE.format(message.when())).append(message.response() ? " backend " + backend : " frontend " + frontend)
                .append(": invalid ").append(message.response() ? "response" : "request").append('\n')
                .append("  ").append(message.response() ? "frontend " + frontend : "backend " + backend)
                .append(", server ").append(server(message, byName)).append(", event #").append(message.event())
                .append(", src ").append(message.client()).append('\n')
                .append("  reason: ").append(message.reason()).append('\n')
                .append("  len ").append(message.length()).append(", error at position ").append(message.position()).append(":\n  \n");
        dump(message.bytes(), out);
    }

    private static String proxy(String name, Map<String, ProxyEntry> byName) {
        return name.isEmpty() ? "<NONE> (#-1)" : name + " (#" + Optional.ofNullable(byName.get(name)).map(ProxyEntry::id).orElse(-1) + ")";
    }

    private static String server(BadMessage message, Map<String, ProxyEntry> byName) {
        if (message.server().isEmpty()) {
            return "<NONE> (#-1)";
        }
        int id = Optional.ofNullable(byName.get(message.backend())).flatMap(ProxyEntry::back).flatMap(back -> back.runtime().servers().stream()
                .filter(s -> s.name().equals(message.server())).findFirst()).map(Server::id).orElse(-1);
        return message.server() + " (#" + id + ")";
    }

    /** One line of the message on each, or a part of one that is long; each begins with the number of its first byte. */
    private static void dump(byte[] bytes, StringBuilder out) {
        int i = 0;
        boolean goesOn = false;
        while (i < bytes.length) {
            out.append(String.format(Locale.ROOT, "  %05d%s", i, goesOn ? "+ " : "  "));
            int width = 0;
            boolean ended = false;
            while (i < bytes.length && !ended) {
                String shown = shown(bytes[i]);
                if (width + shown.length() > LINE) {
                    break;
                }
                out.append(shown);
                width += shown.length();
                ended = bytes[i++] == '\n';
            }
            out.append('\n');
            goesOn = !ended;
        }
    }

    private static String shown(byte b) {
        return switch (b) {
            case '\t' -> "\\t";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case 27 -> "\\e";
            case '\\' -> "\\\\";
            default -> b >= ' ' && b < 127 ? Character.toString((char) b) : String.format(Locale.ROOT, "\\x%02X", b & 0xff);
        };
    }
}
