package net.lbd.cli.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.ControlSockets.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one visible list of command families, and the choice of a command among them. Immutable. */
public final class CommandTable {

    private static final Logger LOG = LoggerFactory.getLogger(CommandTable.class);

    private final List<Command> commands;

    /** The commands of this daemon. */
    public CommandTable() {
        this(List.of(
                InfoCommands.TABLE,
                StatCommands.TABLE,
                ErrorCommands.TABLE,
                EventCommands.TABLE,
                CacheCommands.TABLE,
                ServerCommands.TABLE,
                RosterCommands.TABLE,
                VariableCommands.TABLE,
                ModeCommands.TABLE,
                ExplainedCommands.TABLE,
                FrontendCommands.TABLE,
                LimitCommands.TABLE,
                SessionCommands.TABLE,
                GenerationCommands.TABLE,
                CounterCommands.TABLE,
                SelfCommands.TABLE,
                InsideCommands.TABLE,
                HealthCommands.TABLE,
                PlaceCommands.TABLE,
                ExchangeCommands.TABLE,
                TableCommands.TABLE,
                DirectorCommands.TABLE,
                VrrpCommands.TABLE,
                CertificateCommands.TABLE,
                CertificateListCommands.TABLE,
                TrustCommands.AUTHORITIES,
                TrustCommands.REVOKED,
                TicketKeyCommands.TABLE,
                PatternCommands.MAPS,
                PatternCommands.ACLS,
                ProcessCommands.TABLE));
    }

    CommandTable(List<List<Command>> families) {
        List<Command> all = new ArrayList<>();
        families.forEach(all::addAll);
        all.add(Command.of("help", "[<command>]", Level.USER, "list matching or all commands", this::help));
        all.sort(Comparator.comparing(Command::usage));
        commands = List.copyOf(all);
    }

    public List<Command> commands() {
        return commands;
    }

    /** Carries one command out; never fails, whatever the words are. */
    String run(DaemonControl daemon, Level level, List<String> words) {
        return run(daemon, new CommandSession(level, Duration.ofSeconds(10)), words, Optional.empty());
    }

    /** @param payload the lines behind {@code <<} */
    String run(DaemonControl daemon, CommandSession session, List<String> words, Optional<String> payload) {
        Level level = session.level();
        if (!words.isEmpty() && words.get(0).startsWith("@")) {
            return ProcessCommands.isThisOne(words.get(0)) ? words.size() == 1 ? "" : run(daemon, session, words.subList(1, words.size()), payload)
                    : "Can't find the target PID matching the prefix '" + words.get(0) + "'\n";
        }
        Optional<Command> found = find(words);
        if (found.isEmpty()) {
            return session.severity(false) + unknown(level, words);
        }
        Command command = found.get();
        if (level.compareTo(command.level()) < 0) {
            return session.severity(true) + "Permission denied: '" + String.join(" ", command.path()) + "' needs level "
                    + command.level().name().toLowerCase(Locale.ROOT) + ".\n";
        }
        try {
            return command.handler().run(
                    new Invocation(daemon, session, words.subList(command.path().size(), words.size()), payload));
        } catch (CommandException e) {
            return session.severity(true) + e.getMessage() + "\n";
        } catch (RuntimeException e) {
            LOG.error("the command '{}' failed by an internal error", String.join(" ", command.path()), e);
            return "Internal error: " + e + "\n";
        }
    }

    /** An answer that goes on until its client has enough; empty for an ordinary one, or for one that is refused. */
    Optional<Command.Follower> follow(DaemonControl daemon, CommandSession session, List<String> words) {
        Optional<Command> found = find(words).filter(command -> session.level().compareTo(command.level()) >= 0);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try {
            int path = found.get().path().size();
            return found.get().follow().begin(new Invocation(daemon, session, words.subList(path, words.size()), Optional.empty()));
        } catch (CommandException e) {
            // The ordinary answer says so.
            LOG.debug("'{}' is not followed: {}", String.join(" ", words), e.getMessage());
            return Optional.empty();
        }
    }

    /** The command with the longest path that the words begin with. */
    private Optional<Command> find(List<String> words) {
        return commands.stream()
                .filter(c -> c.matches(words))
                .max(Comparator.comparingInt(c -> c.path().size()));
    }

    private String help(Invocation invocation) {
        List<String> words = invocation.arguments();
        List<Command> shown = visible(invocation.level()).filter(c -> isPrefix(words, c.path())).toList();
        if (shown.isEmpty()) {
            return unknown(invocation.level(), words);
        }
        return "The following commands are valid at this level:\n" + lines(shown);
    }

    private String unknown(Level level, List<String> words) {
        List<Command> near = visible(level).filter(c -> !words.isEmpty() && c.path().get(0).equals(words.get(0))).toList();
        if (near.isEmpty()) {
            return "Unknown command. Please enter one of the following commands only:\n"
                    + lines(visible(level).toList());
        }
        return "Unknown command, but maybe one of the following ones is a better match:\n" + lines(near);
    }

    private Stream<Command> visible(Level level) {
        return commands.stream().filter(c -> level.compareTo(c.level()) >= 0);
    }

    private static boolean isPrefix(List<String> words, List<String> path) {
        return words.size() <= path.size() && path.subList(0, words.size()).equals(words);
    }

    private static String lines(List<Command> commands) {
        return commands.stream()
                .map(c -> String.format(Locale.ROOT, "  %-39s : %s%n", c.usage(), c.doc()))
                .collect(Collectors.joining());
    }
}
