package net.lbd.l4.preflight;

import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Something of the machine that does not fit the configuration. Immutable.
 *
 * @param isFatal nothing would work: a start is refused
 * @param what is wrong, and what comes of it
 * @param remedies commands that mend it; empty: it takes thought
 */
public record Finding(boolean isFatal, String what, List<Remedy> remedies) {

    /**
     * A command that mends something.
     *
     * @param isSafe {@code lbctl preflight --apply} may run it: it changes what the command names and nothing else
     */
    public record Remedy(List<String> command, boolean isSafe) {
        public Remedy {
            command = List.copyOf(command);
        }

        static Remedy safe(String... command) {
            return new Remedy(List.of(command), true);
        }

        static Remedy advice(String command) {
            return new Remedy(List.of(command), false);
        }

        /** To be pasted into a shell. */
        public String text() {
            return command.size() == 1 ? command.get(0)
                    : command.stream().map(word -> word.matches("[\\w@%+=:,./-]+") ? word : "'" + word + "'").collect(Collectors.joining(" "));
        }
    }

    public Finding {
        Objects.requireNonNull(what, "what");
        remedies = List.copyOf(remedies);
    }

    /** All of it on one line. */
    public String text() {
        return what + (remedies.isEmpty() ? "" : "; mend it with: " + String.join("; ", remedies.stream().map(Remedy::text).toList()));
    }
}
