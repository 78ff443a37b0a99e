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
public record Command(List<String> path, String arguments, Level level, String doc, Handler handler) {

    public Command {
        path = List.copyOf(path);
        Objects.requireNonNull(arguments, "arguments");
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(doc, "doc");
        Objects.requireNonNull(handler, "handler");
    }

    /** A row; the path is written as its user types it. */
    public static Command of(String path, String arguments, Level level, String doc, Handler handler) {
        return new Command(List.of(path.split(" ")), arguments, level, doc, handler);
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
