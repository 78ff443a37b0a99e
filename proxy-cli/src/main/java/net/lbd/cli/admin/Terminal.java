package net.lbd.cli.admin;

import java.io.PrintWriter;
import java.util.Objects;

/**
 * Where {@code lbctl} prints, and whether that place shows colours. The start script knows whether
 * standard output is a terminal; Java 17 and 25 answer differently. Used by one thread.
 */
final class Terminal {

    /** What a colour tells. */
    enum Mood {
        GOOD("32"), WATCH("33"), BAD("31"), PLAIN("");

        private final String code;

        Mood(String code) {
            this.code = code;
        }

        /** What a state of {@code show stat} tells. */
        static Mood of(String state) {
            if (state.startsWith("DOWN")) {
                return BAD;
            }
            if (state.startsWith("UP") || state.equals("OPEN")) {
                return state.indexOf('/') < 0 ? GOOD : WATCH;
            }
            return state.equals("no check") ? PLAIN : WATCH;
        }
    }

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean colours;

    Terminal(PrintWriter out, PrintWriter err, boolean colours) {
        this.out = Objects.requireNonNull(out, "out");
        this.err = Objects.requireNonNull(err, "err");
        this.colours = colours;
    }

    /** Colours unless {@code NO_COLOR} is set, or the script says that this is no terminal. */
    static boolean wantsColours() {
        return isTerminal() && System.getenv("NO_COLOR") == null;
    }

    /** Whether standard output is a terminal. */
    static boolean isTerminal() {
        return Boolean.getBoolean("lbd.terminal.stdout");
    }

    PrintWriter err() {
        return err;
    }

    PrintWriter out() {
        return out;
    }

    boolean colours() {
        return colours;
    }

    String paint(Mood mood, String text) {
        return colours && mood != Mood.PLAIN ? "\u001b[" + mood.code + "m" + text + "\u001b[0m" : text;
    }

    /** One line about what went wrong. */
    void complain(String message) {
        err.println("lbctl: " + message);
        err.flush();
    }
}
