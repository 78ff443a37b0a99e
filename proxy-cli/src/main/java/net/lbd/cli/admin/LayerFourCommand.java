package net.lbd.cli.admin;

import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import net.lbd.cli.admin.TextTable.Cell;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl l4 status}: directors and their servers, as the kernel counts them. */
@Command(name = "l4", mixinStandardHelpOptions = true, description = "What the kernel forwards for the directors.")
final class LayerFourCommand {

    @ParentCommand
    private Lbctl lbctl;

    @Command(name = "status", mixinStandardHelpOptions = true,
            description = "Directors and their servers: how packets reach them, weights, connections, packets and bytes.")
    int status() throws IOException {
        List<String[]> rows = lbctl.ask("show l4").lines().filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> line.split(",", -1)).toList();
        if (rows.isEmpty()) {
            lbctl.terminal().out().println("no director is configured");
            lbctl.terminal().out().flush();
            return ExitCode.OK;
        }
        TextTable table = new TextTable("", "DIRECTOR", "SERVER", "ADDRESS", "METHOD", "WEIGHT", "STATE", "ACTIVE", "TOTAL", "PKTS IN",
                "BYTES IN", "PKTS OUT", "BYTES OUT");
        for (String[] row : rows) {
            Cell[] cells = new Cell[row.length];
            for (int i = 0; i < row.length; i++) {
                cells[i] = i == 5 ? new Cell(row[i], paint(row[i])) : Cell.of(i == 0 && !row[1].isEmpty() ? "" : row[i]);
            }
            table.add(cells);
        }
        lbctl.terminal().out().print(table);
        lbctl.terminal().out().flush();
        return ExitCode.OK;
    }

    private UnaryOperator<String> paint(String state) {
        Terminal.Mood mood = state.equals("UP") ? Terminal.Mood.GOOD : state.equals("DOWN") ? Terminal.Mood.BAD : Terminal.Mood.WATCH;
        return text -> lbctl.terminal().paint(mood, text);
    }
}
