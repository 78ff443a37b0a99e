package net.lbd.cli.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import net.lbd.config.syntax.DiagnosticFormat;

/**
 * The command line of {@code lbd}. HAProxy's single-dash flags of several letters are read by hand: a
 * flag is one word, its argument the next one. Immutable.
 *
 * @param files what {@code -f} and the words behind {@code --} name, in their order
 * @param format how a check prints what it found
 * @param notices a word about each flag that has no effect
 */
record Options(
        Mode mode,
        List<Path> files,
        Optional<Path> pidFile,
        Optional<String> peerName,
        boolean quiet,
        boolean verbose,
        boolean zeroWarning,
        boolean startable,
        DiagnosticFormat format,
        List<String> notices) {

    /** What to do; where several flags ask for something, the first of these that is asked for is done. */
    enum Mode { HELP, BUILD, VERSION, KEYWORDS, CHECK, RUN }

    Options {
        Objects.requireNonNull(mode, "mode");
        files = List.copyOf(files);
        Objects.requireNonNull(pidFile, "pidFile");
        Objects.requireNonNull(peerName, "peerName");
        Objects.requireNonNull(format, "format");
        notices = List.copyOf(notices);
    }

    /** Whether diagnostics of the start are kept back. */
    boolean isSilent() {
        return quiet && !verbose;
    }

    /** Why a command line cannot be followed: one sentence for its user. */
    static final class UsageException extends Exception {

        private static final long serialVersionUID = 1L;

        UsageException(String sentence) {
            super(sentence, null, false, false);
        }
    }

    static Options parse(List<String> words) throws UsageException {
        Parser parser = new Parser(words);
        parser.parse();
        return parser.build();
    }

    static String usage() {
        String flags = Arrays.stream(Flag.values())
                .filter(f -> f.kind() == Flag.Kind.WORKS)
                .map(f -> String.format("  %-25s %s%n", f.usage(), f.doc()))
                .collect(Collectors.joining());
        return "Usage: lbd [-f FILE|DIR]... [-c] [-p FILE] [flags] [-- FILE|DIR...]\n" + flags
                + "  --                        what follows are files and folders\n";
    }

    /** Reads the words one by one. */
    private static final class Parser {

        private final List<String> words;
        private final List<Path> files = new ArrayList<>();
        private final List<String> notices = new ArrayList<>();
        private final List<Flag> seen = new ArrayList<>();
        private Optional<Path> pidFile = Optional.empty();
        private Optional<String> peerName = Optional.empty();
        private DiagnosticFormat format = DiagnosticFormat.TEXT;
        private int next;

        Parser(List<String> words) {
            this.words = words;
        }

        void parse() throws UsageException {
            while (next < words.size()) {
                String word = words.get(next++);
                if (word.equals("--")) {
                    words.subList(next, words.size()).forEach(w -> files.add(Path.of(w)));
                    next = words.size();
                } else if (word.equals("--help")) {
                    seen.add(Flag.HELP);
                } else {
                    flag(word);
                }
            }
        }

        private void flag(String word) throws UsageException {
            Flag flag = Flag.find(word).orElseThrow(() -> new UsageException(word.startsWith("-")
                    ? "unknown flag '" + word + "'; 'lbd -h' lists the flags"
                    : "'" + word + "' is no flag; write '-f " + word + "' to read a file"));
            seen.add(flag);
            switch (flag.kind()) {
                case NOT_YET -> throw new UsageException("'" + word + "' is not supported yet: " + flag.doc());
                case NO_EFFECT -> notices.add("'" + word + "' has no effect here: " + flag.doc());
                case WORKS -> {
                    if (flag == Flag.FILE) {
                        files.add(Path.of(argument(flag)));
                    } else if (flag == Flag.PID_FILE) {
                        pidFile = Optional.of(Path.of(argument(flag)));
                    } else if (flag == Flag.PEER_NAME) {
                        peerName = Optional.of(argument(flag));
                    } else if (flag == Flag.FORMAT) {
                        String name = argument(flag);
                        format = DiagnosticFormat.byName(name).orElseThrow(() -> new UsageException(
                                "'" + flag.text() + " " + name + "': use text, json or sarif"));
                    }
                }
            }
        }

        private String argument(Flag flag) throws UsageException {
            if (next == words.size() || words.get(next).isEmpty()) {
                throw new UsageException("'" + flag.text() + "' wants an argument: " + flag.usage());
            }
            return words.get(next++);
        }

        Options build() throws UsageException {
            Mode mode = seen.contains(Flag.HELP) ? Mode.HELP
                    : seen.contains(Flag.BUILD) ? Mode.BUILD
                    : seen.contains(Flag.VERSION) ? Mode.VERSION
                    : seen.contains(Flag.DUMP_KEYWORDS) ? Mode.KEYWORDS
                    : seen.contains(Flag.CHECK) ? Mode.CHECK : Mode.RUN;
            if (files.isEmpty() && (mode == Mode.CHECK || mode == Mode.RUN)) {
                throw new UsageException("no configuration: name one with '-f FILE'; 'lbd -h' lists the flags");
            }
            if (mode == Mode.RUN && seen.contains(Flag.STARTABLE)) {
                throw new UsageException("'" + Flag.STARTABLE.text() + "' stands with '-c' only: a start refuses what it cannot carry out anyway");
            }
            return new Options(mode, files, pidFile, peerName, seen.contains(Flag.QUIET), seen.contains(Flag.VERBOSE),
                    seen.contains(Flag.ZERO_WARNING), seen.contains(Flag.STARTABLE), format, notices);
        }
    }
}
