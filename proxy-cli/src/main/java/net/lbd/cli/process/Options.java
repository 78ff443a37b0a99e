package net.lbd.cli.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.ControlSockets;
import net.lbd.config.syntax.DiagnosticFormat;
import net.lbd.config.syntax.SourceLocation;

/**
 * The command line of {@code lbd}. HAProxy's single-dash flags of several letters are read by hand: a
 * flag is one word, its argument the next one. Immutable.
 *
 * @param files what {@code -f} and the words behind {@code --} name, in their order
 * @param condition that {@code -cc} asks for
 * @param masterSocket the address that {@code -S} names
 * @param takeFrom the control socket that {@code -x} names
 * @param finish processes that {@code -sf} names
 * @param terminate processes that {@code -st} names
 * @param format how a check prints what it found
 * @param notices a word about each flag that has no effect
 */
record Options(
        Mode mode,
        List<Path> files,
        Optional<Path> pidFile,
        Optional<String> peerName,
        Optional<String> condition,
        Optional<ControlSockets.Socket> masterSocket,
        Optional<Path> takeFrom,
        List<Long> finish,
        List<Long> terminate,
        boolean quiet,
        boolean verbose,
        boolean zeroWarning,
        boolean startable,
        DiagnosticFormat format,
        List<String> notices) {

    /** What to do; where several flags ask for something, the first of these that is asked for is done. */
    enum Mode { HELP, BUILD, VERSION, KEYWORDS, CONDITION, DUMP, CHECK, RUN }

    Options {
        Objects.requireNonNull(mode, "mode");
        files = List.copyOf(files);
        Objects.requireNonNull(pidFile, "pidFile");
        Objects.requireNonNull(peerName, "peerName");
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(masterSocket, "masterSocket");
        Objects.requireNonNull(takeFrom, "takeFrom");
        finish = List.copyOf(finish);
        terminate = List.copyOf(terminate);
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
        private Optional<String> condition = Optional.empty();
        private Optional<ControlSockets.Socket> masterSocket = Optional.empty();
        private Optional<Path> takeFrom = Optional.empty();
        private final List<Long> finish = new ArrayList<>();
        private final List<Long> terminate = new ArrayList<>();
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
                    } else if (flag == Flag.CONDITION) {
                        condition = Optional.of(next < words.size() ? words.get(next++) : argument(flag));
                    } else if (flag == Flag.MASTER_SOCKET) {
                        masterSocket = Optional.of(masterSocket(argument(flag)));
                    } else if (flag == Flag.TAKE_SOCKETS) {
                        takeFrom = Optional.of(Path.of(argument(flag)));
                    } else if (flag == Flag.FINISH || flag == Flag.TERMINATE) {
                        // As in HAProxy there may be none: scripts write '-sf $(cat FILE)'.
                        processes(flag == Flag.FINISH ? finish : terminate);
                    } else if (flag == Flag.DIRECTORY) {
                        String folder = argument(flag);
                        // A JVM cannot change its folder: the start script has, before it.
                        if (!Boolean.getBoolean("lbd.directory.changed")) {
                            throw new UsageException("'-C " + folder + "' is carried out by the start script 'lbd'; without it, change to the folder before the start");
                        }
                    } else if (flag == Flag.FORMAT) {
                        String name = argument(flag);
                        format = DiagnosticFormat.byName(name).orElseThrow(() -> new UsageException(
                                "'" + flag.text() + " " + name + "': use text, json or sarif"));
                    }
                }
            }
        }

        private void processes(List<Long> pids) {
            while (next < words.size() && words.get(next).matches("[0-9]{1,10}")) {
                pids.add(Long.parseLong(words.get(next++)));
            }
        }

        /** {@code ADDRESS[,mode,BITS][,user,NAME][,group,NAME][,level,LEVEL]}: as HAProxy writes the parameters of a bind line here. */
        private ControlSockets.Socket masterSocket(String text) throws UsageException {
            List<String> parts = List.of(text.split(",", -1));
            Map<String, String> told = new HashMap<>();
            for (int i = 1; i < parts.size(); i += 2) {
                if (!List.of("mode", "user", "group", "level").contains(parts.get(i)) || i + 1 == parts.size()) {
                    throw new UsageException("'-S " + text + "': behind the address stand mode, user, group and level, each with its value behind a comma");
                }
                told.put(parts.get(i), parts.get(i + 1));
            }
            try {
                Optional<Integer> mode = told.containsKey("mode") ? Optional.of(Integer.parseInt(told.get("mode"), 8)) : Optional.of(0600);
                return new ControlSockets.Socket(SourceLocation.BUILT_IN, Addresses.one(Addresses.Use.BIND).read(parts.get(0)),
                        ArgumentType.oneOf(ControlSockets.Level.class).read(told.getOrDefault("level", "admin")), mode,
                        Optional.ofNullable(told.get("user")), Optional.ofNullable(told.get("group")));
            } catch (ValueException | NumberFormatException e) {
                throw new UsageException("'-S " + text + "': " + e.getMessage());
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
                    : seen.contains(Flag.CONDITION) ? Mode.CONDITION
                    : seen.contains(Flag.DUMP_CONFIGURATION) ? Mode.DUMP
                    : seen.contains(Flag.CHECK) ? Mode.CHECK : Mode.RUN;
            if (files.isEmpty() && (mode == Mode.CHECK || mode == Mode.DUMP || mode == Mode.RUN)) {
                throw new UsageException("no configuration: name one with '-f FILE'; 'lbd -h' lists the flags");
            }
            if (mode == Mode.RUN && seen.contains(Flag.STARTABLE)) {
                throw new UsageException("'" + Flag.STARTABLE.text() + "' stands with '-c' only: a start refuses what it cannot carry out anyway");
            }
            return new Options(mode, files, pidFile, peerName, condition, masterSocket, takeFrom, finish, terminate, seen.contains(Flag.QUIET), seen.contains(Flag.VERBOSE),
                    seen.contains(Flag.ZERO_WARNING), seen.contains(Flag.STARTABLE), format, notices);
        }
    }
}
