package net.lbd.cli.command;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.ControlSockets.Level;

/**
 * One command of the control socket: a row of its family's table. Immutable.
 *
 * @param path the words that choose it, such as {@code show stat}
 * @param arguments what may follow, in the notation of {@code help}; empty for none
 * @param level who may use it; others do not see it in {@code help}
 * @param doc what it does, in a few words
 */
public record Command(List<String> path, String arguments, Level level, String doc, Handler handler, Follow follow) {

    public Command {
        path = List.copyOf(path);
        Objects.requireNonNull(arguments, "arguments");
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(doc, "doc");
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(follow, "follow");
    }

    /** A row; the path is written as its user types it. */
    public static Command of(String path, String arguments, Level level, String doc, Handler handler) {
        return new Command(List.of(path.split(" ")), arguments, level, doc, handler, invocation -> Optional.empty());
    }

    /** The same, which may go on to answer until its client has enough. */
    Command following(Follow follower) {
        return new Command(path, arguments, level, doc, handler, follower);
    }

    /** Begins an answer that has no end of its own. */
    @FunctionalInterface
    public interface Follow {
        /** @return empty if these arguments ask for an ordinary answer */
        Optional<Follower> begin(Invocation invocation) throws CommandException;
    }

    /** An answer that goes on; asked from time to time by the thread of its client. */
    @FunctionalInterface
    public interface Follower {
        /** What has come since it was last asked; empty for nothing. */
        String more();
    }

    /** The path and its arguments, as {@code help} shows them. */
    public String usage() {
        return String.join(" ", path) + (arguments.isEmpty() ? "" : " " + arguments);
    }

    /** Whether {@code words} begin with this path. */
    public boolean matches(List<String> words) {
        return words.size() >= path.size() && words.subList(0, path.size()).equals(path);
    }

    /** Carries a command out. It may block its own client, nobody else. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Returns the answer; where it is not empty, it ends in a newline.
         *
         * @throws CommandException if the command cannot be carried out; the message is the answer
         */
        String run(Invocation invocation) throws CommandException;
    }

    /**
     * One use of a command.
     *
     * @param session of the client that gave it
     * @param arguments the words behind the path
     * @param payload the lines behind {@code <<}; empty if there is none
     */
    public record Invocation(DaemonControl daemon, CommandSession session, List<String> arguments, Optional<String> payload) {
        public Invocation {
            Objects.requireNonNull(daemon, "daemon");
            Objects.requireNonNull(session, "session");
            arguments = List.copyOf(arguments);
            Objects.requireNonNull(payload, "payload");
        }

        /** What the client may do. */
        public Level level() {
            return session.level();
        }

        /** The argument at {@code index} from 0; empty if there are fewer. */
        public String argument(int index) {
            return index < arguments.size() ? arguments.get(index) : "";
        }
    }
}
