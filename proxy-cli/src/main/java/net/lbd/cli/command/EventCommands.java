package net.lbd.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.log.LogRing;

/** {@code show events}: what stands in the rings of the log, and what comes. Source: HAProxy manual, management guide, "show events". */
final class EventCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show events", "[<sink>] [-w] [-n]", Level.OPERATOR, "show event sink state", EventCommands::show)
                    .following(EventCommands::follow));

    private EventCommands() { }

    private static String show(Invocation invocation) throws CommandException {
        Options options = Options.of(invocation);
        if (options.name.isEmpty()) {
            StringBuilder out = new StringBuilder("Supported events sinks are listed below. Add -w(wait), -n(new). Any key to stop\n");
            for (LogRing ring : invocation.daemon().engine().rings()) {
                out.append(String.format(Locale.ROOT, "    %-10s : type=buffer, %d dropped, %s%n", ring.spec().name(), ring.dropped(), ring.spec().description()));
            }
            return out.toString();
        }
        LogRing ring = options.ring(invocation);
        return options.onlyNew ? "" : text(ring.from(0));
    }

    /** With {@code -w}: what comes, until the client has enough. */
    private static Optional<Command.Follower> follow(Invocation invocation) throws CommandException {
        Options options = Options.of(invocation);
        if (!options.waits || options.name.isEmpty()) {
            return Optional.empty();
        }
        LogRing ring = options.ring(invocation);
        long[] next = {options.onlyNew ? ring.from(Long.MAX_VALUE).next() : 0};
        return Optional.of(() -> {
            LogRing.Lines lines = ring.from(next[0]);
            next[0] = lines.next();
            return text(lines);
        });
    }

    private static String text(LogRing.Lines lines) {
        StringBuilder out = new StringBuilder();
        lines.lines().forEach(line -> out.append(line).append('\n'));
        return out.toString();
    }

    /** What stands behind the command, in any order. */
    private record Options(String name, boolean waits, boolean onlyNew) {

        static Options of(Invocation invocation) throws CommandException {
            List<String> names = new ArrayList<>();
            boolean waits = false;
            boolean onlyNew = false;
            for (String word : invocation.arguments()) {
                if (word.startsWith("-") && word.length() > 1 && word.chars().skip(1).allMatch(c -> c == 'w' || c == 'n')) {
                    waits |= word.indexOf('w') > 0;
                    onlyNew |= word.indexOf('n') > 0;
                } else {
                    names.add(word);
                }
            }
            if (names.size() > 1 || names.stream().anyMatch(name -> name.startsWith("-"))) {
                throw new CommandException("'show events' wants the name of one sink, -w (wait) and -n (new); got '" + String.join(" ", names) + "'.");
            }
            return new Options(names.isEmpty() ? "" : names.get(0), waits, onlyNew);
        }

        LogRing ring(Invocation invocation) throws CommandException {
            return invocation.daemon().engine().rings().stream().filter(ring -> ring.spec().name().equals(name)).findFirst()
                    .orElseThrow(() -> new CommandException("No such event sink"));
        }
    }
}
