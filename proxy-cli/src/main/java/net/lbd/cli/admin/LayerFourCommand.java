package net.lbd.cli.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import net.lbd.cli.admin.TextTable.Cell;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl l4 status}: directors and their servers, as the kernel counts them. */
@Command(name = "l4", mixinStandardHelpOptions = true, description = "What the kernel forwards for the directors.")
final class LayerFourCommand {

    private static final List<String> KEYS = List.of("director", "name", "address", "method", "weight", "state", "connectionsActive", "connectionsTotal",
            "packetsIn", "bytesIn", "packetsOut", "bytesOut");

    @ParentCommand
    private Lbctl lbctl;

    @Command(name = "status", mixinStandardHelpOptions = true,
            description = "Directors and their servers: how packets reach them, weights, connections, packets and bytes.")
    int status(@Option(names = "--json", description = "Print JSON, for programs.") boolean json) throws IOException {
        List<String[]> rows = lbctl.ask("show l4").lines().filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> line.split(",", -1)).toList();
        if (json) {
            lbctl.terminal().out().print(JsonWriter.write(document(rows)));
            lbctl.terminal().out().flush();
            return ExitCode.OK;
        }
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

    /** Directors, each with its servers; a director's own row has no server. */
    private static Map<String, Object> document(List<String[]> rows) {
        List<Map<String, Object>> directors = new ArrayList<>();
        List<Map<String, Object>> servers = List.of();
        for (String[] row : rows) {
            Map<String, Object> object = JsonRows.of(KEYS, row);
            Object director = object.remove("director");
            if (row[1].isEmpty()) {
                servers = new ArrayList<>();
                Map<String, Object> named = new LinkedHashMap<>();
                named.put("name", director);
                named.putAll(object);
                named.put("servers", servers);
                directors.add(named);
            } else {
                servers.add(object);
            }
        }
        return Map.of("directors", directors);
    }

    private UnaryOperator<String> paint(String state) {
        Terminal.Mood mood = state.equals("UP") ? Terminal.Mood.GOOD : state.equals("DOWN") ? Terminal.Mood.BAD : Terminal.Mood.WATCH;
        return text -> lbctl.terminal().paint(mood, text);
    }
}
