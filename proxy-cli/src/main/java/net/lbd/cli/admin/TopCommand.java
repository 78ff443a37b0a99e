package net.lbd.cli.admin;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import net.lbd.cli.admin.TextTable.Cell;
import net.lbd.cli.admin.TopFrame.Kind;
import net.lbd.cli.admin.TopFrame.Line;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lbctl top}: what goes on, again and again; on a terminal as a screen with keys, else as a list or JSON. */
@Command(name = "top", mixinStandardHelpOptions = true, sortOptions = false,
        description = {"Shows requests per second, sessions, long polls, 5xx and times of every frontend, backend and server, live.",
            "RESP and TOTAL are averages over the last 1024 requests: until the response began, and until it ended."
                + " POLLS are requests that have been open for 30 s or more. In mode tcp, REQ/S counts connections.",
            "Keys: q quits, h tells the others."})
final class TopCommand implements Callable<Integer> {

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Option(names = {"-d", "--delay"}, paramLabel = "TIME", defaultValue = "2s", converter = ServerCommand.Time.class,
            description = "From one look at the daemon to the next, such as 500ms or 5; at least 200ms. Default: ${DEFAULT-VALUE}.")
    private Duration delay;

    @Option(names = {"-b", "--batch"}, description = "Print lists one after the other instead of a screen, for scripts and files.")
    private boolean batch;

    @Option(names = {"-n", "--count"}, paramLabel = "N", description = "End after so many lists; with -b and --json. Default: go on.")
    private Integer count;

    @Option(names = "--once", description = "One list, after one delay: as -b -n 1.")
    private boolean once;

    @Option(names = "--json", description = "Print JSON, for programs: one document for each list.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (delay.toMillis() < 200) {
            throw new ParameterException(spec.commandLine(), "'--delay " + delay.toMillis() + "ms' is too short; use 200ms or more");
        }
        if (count != null && count < 1) {
            throw new ParameterException(spec.commandLine(), "'--count " + count + "' is no number of lists; use 1 or more");
        }
        TopSampler sampler = new TopSampler(lbctl, delay);
        if (batch || once || json) {
            return lists(sampler, once ? 1 : count == null ? Integer.MAX_VALUE : count);
        }
        if (count != null) {
            throw new ParameterException(spec.commandLine(), "'--count' stands with --batch or --json");
        }
        if (!Terminal.isTerminal()) {
            throw new ParameterException(spec.commandLine(), "standard output is no terminal; use --once, --batch or --json");
        }
        // Wrong places are told before the screen is taken.
        lbctl.ask(DaemonStatus.QUESTION);
        return TopScreen.show(sampler, delay);
    }

    /** Rates need two looks: the first list comes after one delay. A daemon that goes away ends it. */
    private int lists(TopSampler sampler, int lists) throws IOException {
        PrintWriter out = lbctl.terminal().out();
        sampler.next();
        // checkError: a reader such as 'head' may have gone.
        for (int i = 0; i < lists && !out.checkError(); i++) {
            try {
                Thread.sleep(delay.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return ExitCode.ERROR;
            }
            TopFrame frame = sampler.next();
            out.print(json ? JsonWriter.write(document(frame)) : text(frame) + (i + 1 < lists ? "\n" : ""));
            out.flush();
        }
        return ExitCode.OK;
    }

    private String text(TopFrame frame) {
        TextTable table = new TextTable("", "NAME", titles());
        for (Line line : frame.lines()) {
            List<Cell> cells = new ArrayList<>();
            cells.add(new Cell(line.state(), text -> lbctl.terminal().paint(Terminal.Mood.of(text), text)));
            for (TopColumn column : TopColumn.values()) {
                cells.add(Cell.of(column.text(line)));
            }
            table.add(switch (line.kind()) {
                case SERVER -> line.service() + "/" + line.name();
                default -> line.kind().name().toLowerCase(java.util.Locale.ROOT) + " " + line.name();
            }, cells);
        }
        return TopView.summary(frame) + "\n" + table;
    }

    private static List<String> titles() {
        List<String> titles = new ArrayList<>(List.of("STATE"));
        for (TopColumn column : TopColumn.values()) {
            titles.add(column.title());
        }
        return titles;
    }

    private static Map<String, Object> document(TopFrame frame) {
        Map<String, Object> process = new LinkedHashMap<>();
        StatusCommand.put(process, "pid", frame.status().info().getOrDefault("Pid", ""));
        StatusCommand.put(process, "uptimeSeconds", frame.status().info().getOrDefault("Uptime_sec", ""));
        StatusCommand.put(process, "connections", frame.status().info().getOrDefault("CurrConns", ""));
        putValues(process, frame.process());
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("process", process);
        frame.seconds().ifPresent(seconds -> root.put("intervalSeconds", rounded(seconds)));
        root.put("frontends", frame.lines().stream().filter(line -> line.kind() == Kind.FRONTEND).map(TopCommand::document).toList());
        root.put("backends", frame.lines().stream().filter(line -> line.kind() == Kind.BACKEND).map(backend -> {
            Map<String, Object> document = document(backend);
            document.put("servers", frame.lines().stream().filter(line -> line.kind() == Kind.SERVER && line.service().equals(backend.service()))
                    .map(TopCommand::document).toList());
            return document;
        }).toList());
        return root;
    }

    private static Map<String, Object> document(Line line) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", line.name());
        document.put("state", line.state());
        putValues(document, line);
        return document;
    }

    /** A value that is not known is left out. */
    private static void putValues(Map<String, Object> document, Line line) {
        for (TopColumn column : TopColumn.values()) {
            OptionalDouble value = column.value(line);
            value.ifPresent(number -> document.put(column.json(), rounded(number)));
        }
    }

    /** Whole numbers without a point; others with three digits behind it. */
    private static Number rounded(double number) {
        return number == Math.rint(number) ? (Number) (long) number : (Number) (Math.round(number * 1000) / 1000.0);
    }
}
