package net.lbd.cli.admin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lbctl logs}: the lines that proxies log, the last ones or as they come. */
@Command(name = "logs", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Shows the lines that proxies log: from the files and rings that 'log' lines of the configuration name. Several filters mean"
            + " that all must be met.",
            "Filters by field, and fields in JSON, need option httplog, httpslog, httplog clf or tcplog; of lines in another format --grep alone can choose."})
final class LogsCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 250;

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Option(names = {"-f", "--follow"}, description = "Go on with what comes, also over a rotation of the file; ^C ends it.")
    private boolean follow;

    @Option(names = {"-n", "--lines"}, paramLabel = "N", defaultValue = "20", description = "The last N that meet the filters. Default: ${DEFAULT-VALUE}.")
    private int last;

    @Option(names = "--service", paramLabel = "NAME", description = "Only those of this frontend or backend.")
    private Optional<String> service;

    @Option(names = "--server", paramLabel = "[BACKEND/]SERVER", description = "Only those of this server.")
    private Optional<String> server;

    @Option(names = "--status", paramLabel = "STATUS", converter = Statuses.class, description = "Only these answers: 503, 500-504 or 5xx.")
    private Optional<StatusRange> status;

    @Option(names = "--slower", paramLabel = "TIME", converter = ServerCommand.Time.class, description = "Only those that took at least this long, such as 2s.")
    private Optional<Duration> slower;

    @Option(names = "--grep", paramLabel = "REGEX", converter = Regex.class, description = "Only lines that hold this regular expression.")
    private Optional<Pattern> grep;

    @Option(names = "--file", paramLabel = "FILE", description = "Read this file, such as that of the syslog daemon; - is standard input.")
    private Optional<String> file;

    @Option(names = "--json", description = "Print JSON, for programs: one document on each line.")
    private boolean json;

    private final Deque<String> kept = new ArrayDeque<>();
    private boolean live;
    private long known;
    private long unknown;

    /** From and up to. */
    record StatusRange(int from, int to) { }

    static final class Statuses implements ITypeConverter<StatusRange> {
        private static final Pattern FORM = Pattern.compile("([1-5])xx|([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");

        @Override
        public StatusRange convert(String text) {
            Matcher form = FORM.matcher(text);
            if (!form.matches()) {
                throw new TypeConversionException("'" + text + "' is no status; write 503, 500-504 or 5xx");
            }
            if (form.group(1) != null) {
                int hundred = Integer.parseInt(form.group(1)) * 100;
                return new StatusRange(hundred, hundred + 99);
            }
            int from = Integer.parseInt(form.group(2));
            return new StatusRange(from, form.group(3) == null ? from : Integer.parseInt(form.group(3)));
        }
    }

    static final class Regex implements ITypeConverter<Pattern> {
        @Override
        public Pattern convert(String text) {
            try {
                return Pattern.compile(text);
            } catch (java.util.regex.PatternSyntaxException e) {
                throw new TypeConversionException("'" + text + "' is no regular expression: " + e.getDescription());
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        if (last < 0) {
            throw new ParameterException(spec.commandLine(), "'--lines " + last + "' is no number of lines; use 0 or more");
        }
        if (file.isPresent() && file.get().equals("-")) {
            readInput();
        } else if (file.isPresent()) {
            readFiles(List.of(Path.of(file.get())));
        } else {
            LogSource source = LogSource.of(lbctl);
            if (source.files().isEmpty()) {
                readRing(source.rings().get(0));
            } else {
                readFiles(source.files());
            }
        }
        return ExitCode.OK;
    }

    private void readInput() throws IOException {
        // Who pipes wants each line as it comes, not the last ones at an end that may never be.
        live = true;
        BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null && !lbctl.terminal().out().checkError(); line = reader.readLine()) {
            take(line);
        }
        complainOfFormat();
    }

    private void readFiles(List<Path> paths) throws IOException {
        List<LogFile> files = new ArrayList<>();
        for (Path path : paths) {
            if (!follow && !Files.exists(path)) {
                throw new IOException(path + " is not there: nothing has been logged yet, or it is removed; -f waits for it");
            }
            files.add(new LogFile(path, System::nanoTime));
        }
        try {
            for (LogFile open : files) {
                open.read(this::take);
            }
            printKept();
            while (follow && !lbctl.terminal().out().checkError()) {
                Thread.sleep(POLL_MILLIS);
                for (LogFile open : files) {
                    open.read(this::take);
                }
                lbctl.terminal().out().flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            files.forEach(LogFile::close);
        }
    }

    private void readRing(String ring) throws IOException {
        String question = "show events " + RawCommand.escape(ring);
        lbctl.ask(question).lines().filter(line -> !line.isBlank()).forEach(this::take);
        printKept();
        if (follow) {
            // A line that comes between the two questions is lost: rather one too few than each of the ring twice.
            lbctl.follow(question + " -w -n", line -> {
                if (!line.isBlank()) {
                    take(line);
                    lbctl.terminal().out().flush();
                }
            });
            throw new DaemonClient.NotRunningException("lbd has ended");
        }
    }

    private void printKept() {
        kept.forEach(lbctl.terminal().out()::println);
        kept.clear();
        complainOfFormat();
        lbctl.terminal().out().flush();
        live = true;
    }

    /** Messages about servers stand among the lines of any log; only where there is nothing else the format is to blame. */
    private void complainOfFormat() {
        if (known == 0 && unknown > 0) {
            lbctl.terminal().complain("none of " + unknown + " lines is of option httplog, httpslog, httplog clf or tcplog: filters by field"
                    + " do not work with another format (log-format); --grep does");
        }
    }

    /** Prints the line if it is wanted, or keeps it while old ones are read. */
    private void take(String line) {
        boolean byField = service.isPresent() || server.isPresent() || status.isPresent() || slower.isPresent();
        if (grep.isPresent() && !grep.get().matcher(line).find()) {
            return;
        }
        Optional<AccessLine> parsed = byField || json ? AccessLine.parse(line) : Optional.empty();
        if (byField && parsed.isEmpty()) {
            unknown++;
            return;
        }
        known += parsed.isPresent() ? 1 : 0;
        if (parsed.isPresent() && !isWanted(parsed.get())) {
            return;
        }
        String text = json ? JsonWriter.write(parsed.map(AccessLine::document).orElse(Map.of("line", line))).replaceAll("\n *", " ").strip() : line;
        if (live) {
            lbctl.terminal().out().println(text);
        } else if (last > 0) {
            if (kept.size() == last) {
                kept.removeFirst();
            }
            kept.addLast(text);
        }
    }

    private boolean isWanted(AccessLine line) {
        return service.map(line::isOfService).orElse(true)
                && server.map(line::isOnServer).orElse(true)
                && status.map(range -> line.status().filter(code -> code >= range.from() && code <= range.to()).isPresent()).orElse(true)
                && slower.map(time -> line.totalMillis() >= time.toMillis()).orElse(true);
    }
}
