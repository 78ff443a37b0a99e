package net.lbd.cli.admin;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl tables [TABLE [FILTER…]]}. */
@Command(name = "tables", mixinStandardHelpOptions = true,
        description = "Lists the stick-tables, or the entries of one: all, or those of a filter such as"
                + " 'data.gpc0 gt 5' or 'key 192.0.2.7'. Keys that are credentials are hidden.")
final class TablesCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern HEADER = Pattern.compile("# table: (\\S+), type: (\\S+), size:(\\d+), used:(\\d+)");

    @ParentCommand
    private Lbctl lbctl;

    @Parameters(arity = "0..*", paramLabel = "TABLE", description = "A table, and what its entries must be.")
    private List<String> words = List.of();

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
        if (words.isEmpty()) {
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
}
