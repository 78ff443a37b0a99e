package net.lbd.cli.admin;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl tables [TABLE [FILTER…]]}. */
@Command(name = "tables", mixinStandardHelpOptions = true,
        description = "Lists the stick-tables, or the entries of one: all, or those of a filter such as"
                + " 'data.gpc0 gt 5' or 'key 192.0.2.7'. Keys that are credentials are hidden.")
final class TablesCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern HEADER = Pattern.compile("# table: (\\S+), type: (\\S+), size:(\\d+), used:(\\d+)");

    private static final Pattern ENTRY = Pattern.compile("0x[0-9a-f]+: key=(.*?) (use=\\d+ .*)");

    @ParentCommand
    private Lbctl lbctl;

    @Parameters(arity = "0..*", paramLabel = "TABLE", description = "A table, and what its entries must be.")
    private List<String> words = List.of();

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        String line = "show table" + words.stream().map(w -> " " + RawCommand.escape(w)).collect(Collectors.joining());
        String answer = lbctl.ask(line, PATIENCE);
        PrintWriter out = lbctl.terminal().out();
        List<Matcher> headers = answer.lines().map(HEADER::matcher).filter(Matcher::matches).toList();
        if (headers.isEmpty() && !answer.isBlank()) {
            lbctl.terminal().complain(answer.strip());
            return ExitCode.ERROR;
        }
        if (json) {
            out.print(JsonWriter.write(document(answer, headers)));
        } else if (words.isEmpty()) {
            TextTable table = new TextTable("", "table", "type", "size", "used");
            headers.forEach(h -> table.add(TextTable.Cell.of(h.group(1)), TextTable.Cell.of(h.group(2)), TextTable.Cell.of(h.group(3)),
                    TextTable.Cell.of(h.group(4))));
            out.print(headers.isEmpty() ? "no stick-table\n" : table.toString());
        } else {
            answer.lines().filter(l -> l.startsWith("0x")).forEach(l -> out.println(l.substring(l.indexOf(' ') + 1)));
        }
        out.flush();
        return ExitCode.OK;
    }

    /** Tables; of one that is named, its entries too. */
    private Map<String, Object> document(String answer, List<Matcher> headers) {
        List<Map<String, Object>> tables = new ArrayList<>();
        for (Matcher header : headers) {
            Map<String, Object> table = new LinkedHashMap<>();
            table.put("name", header.group(1));
            table.put("type", header.group(2));
            JsonRows.put(table, "size", header.group(3));
            JsonRows.put(table, "used", header.group(4));
            if (!words.isEmpty()) {
                table.put("entries", answer.lines().filter(line -> line.startsWith("0x")).map(TablesCommand::entry).toList());
            }
            tables.add(table);
        }
        return Map.of("tables", tables);
    }

    /** Words as {@code gpc0=5}; a key may hold blanks and the sign itself, and ends before the next word of this form. */
    private static Map<String, Object> entry(String line) {
        Map<String, Object> entry = new LinkedHashMap<>();
        Matcher form = ENTRY.matcher(line);
        if (!form.matches()) {
            entry.put("line", line);
            return entry;
        }
        entry.put("key", form.group(1));
        for (String word : form.group(2).split(" ")) {
            int sign = word.indexOf('=');
            if (sign > 0) {
                JsonRows.put(entry, word.substring(0, sign), word.substring(sign + 1));
            }
        }
        return entry;
    }
}
