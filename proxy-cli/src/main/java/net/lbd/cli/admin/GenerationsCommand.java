package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.cli.admin.TextTable.Cell;
import net.lbd.cli.reload.TrialTime;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lbctl generations}: which loads of the configuration sessions still follow; {@code end} ends what follows an old one. */
@Command(name = "generations", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Lists the configuration in force and those before it that sessions still follow, the oldest first. A request follows the"
                + " configuration that it began with, and a connection in mode http takes the newest at its next request: what keeps an old"
                + " one are TCP connections, WebSockets, long polls and downloads.",
        subcommands = GenerationsCommand.End.class)
final class GenerationsCommand implements Callable<Integer> {

    /** A daemon with very many sessions takes its time. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern WORD = Pattern.compile("([a-z_]+)=(\\S*)");

    @ParentCommand
    private Lbctl lbctl;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    /** One line of {@code show generations}. */
    private record Generation(int number, String state, Instant since, int active, int longPolls, int atRest, long oldestMillis, long endsInSeconds) {

        Map<String, Object> document() {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("generation", number);
            document.put("state", state);
            document.put("since", since.toString());
            document.put("active", active);
            document.put("longPolls", longPolls);
            document.put("atRest", atRest);
            document.put("oldestMilliseconds", oldestMillis);
            if (endsInSeconds >= 0) {
                document.put("endsInSeconds", endsInSeconds);
            }
            return document;
        }
    }

    @Override
    public Integer call() throws IOException {
        List<Generation> all = parse(lbctl.ask("show generations", PATIENCE));
        lbctl.terminal().out().print(json ? JsonWriter.write(Map.of("generations", all.stream().map(Generation::document).toList())) : text(all));
        lbctl.terminal().out().flush();
        return ExitCode.OK;
    }

    private static List<Generation> parse(String answer) throws IOException {
        List<Generation> found = new ArrayList<>();
        for (String line : answer.lines().filter(l -> !l.isBlank()).toList()) {
            Map<String, String> words = new LinkedHashMap<>();
            Matcher word = WORD.matcher(line);
            while (word.find()) {
                words.put(word.group(1), word.group(2));
            }
            try {
                found.add(new Generation(Integer.parseInt(words.get("generation")), words.get("state"), Instant.parse(words.get("since")),
                        Integer.parseInt(words.get("active")), Integer.parseInt(words.get("long_polls")), Integer.parseInt(words.get("at_rest")),
                        Long.parseLong(words.get("oldest_ms")), Long.parseLong(words.get("ends_in"))));
            } catch (NumberFormatException | DateTimeParseException | NullPointerException notALine) {
                // A refusal, or a daemon of another version: its own words say more than ours could.
                throw new IOException(line.strip(), notALine);
            }
        }
        return found;
    }

    private String text(List<Generation> all) {
        TextTable table = new TextTable("", "GENERATION", "STATE", "AGE", "ACTIVE", "LONG POLLS", "AT REST", "OLDEST");
        for (Generation g : all) {
            String state = g.state.equals("in-force") ? "in force" : g.endsInSeconds < 0 ? "old"
                    : "ends in " + StatusCommand.duration(Long.toString(g.endsInSeconds));
            table.add(Cell.of(Integer.toString(g.number)),
                    new Cell(state, t -> t.startsWith("ends") ? lbctl.terminal().paint(Terminal.Mood.WATCH, t) : t),
                    Cell.of(StatusCommand.duration(Long.toString(Math.max(0, Duration.between(g.since, Instant.now()).toSeconds())))),
                    Cell.of(Integer.toString(g.active)), Cell.of(Integer.toString(g.longPolls)), Cell.of(Integer.toString(g.atRest)),
                    Cell.of(g.active == 0 ? "-" : StatusCommand.duration(Long.toString(g.oldestMillis / 1000))));
        }
        return table.toString();
    }

    /** {@code lbctl generations end NUMBER}. */
    @Command(name = "end", mixinStandardHelpOptions = true,
            description = "Ends the sessions that follow an old configuration; on a connection of HTTP/2 all its requests end.")
    static final class End implements Callable<Integer> {

        @ParentCommand
        private GenerationsCommand generations;

        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "NUMBER", description = "As the list shows it.")
        private int number;

        @Option(names = "--within", paramLabel = "TIME", description = "Let them go on for this time (60s, 5m) first, and end what is left of them then.")
        private String within;

        @Override
        public Integer call() throws IOException {
            if (within != null && TrialTime.parse(within).isEmpty()) {
                throw new ParameterException(spec.commandLine(), "--within: '" + within + "' is not a time " + TrialTime.FORM);
            }
            String answer = generations.lbctl.ask("end generation " + number + (within == null ? "" : " within " + within), PATIENCE).strip();
            if (answer.startsWith("generation ")) {
                generations.lbctl.terminal().out().println(answer);
                return ExitCode.OK;
            }
            generations.lbctl.terminal().complain(answer);
            return ExitCode.ERROR;
        }
    }
}
