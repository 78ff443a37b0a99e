package net.lbd.cli.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import net.lbd.cli.admin.DaemonStatus.Row;
import net.lbd.cli.admin.TextTable.Cell;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl health}: the checks of all servers; of one, with its last transitions. */
@Command(name = "health", mixinStandardHelpOptions = true,
        description = "Shows what the checks of servers say; of one server, its last 20 transitions as well.")
final class HealthCommand implements Callable<Integer> {

    @ParentCommand
    private Lbctl lbctl;

    @Parameters(index = "0", arity = "0..1", paramLabel = "BACKEND/SERVER", description = "One server.")
    private String server;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        DaemonStatus status = DaemonStatus.parse(lbctl.ask(DaemonStatus.QUESTION));
        TextTable table = new TextTable("", "SERVER", "STATE", "FOR", "CHECK", "CODE", "SAYS", "TOOK", "FAILED", "DOWN", "DOWNTIME");
        List<Map<String, Object>> documents = new ArrayList<>();
        for (Row row : status.rows()) {
            String name = row.proxy() + "/" + row.name();
            if (row.isServer() && (server == null || server.equals(name))) {
                documents.add(document(row));
                String took = row.get("check_duration");
                table.add(Cell.of(name), new Cell(row.get("status"), paint(row.get("status"))), Cell.of(row.get("lastchg") + "s"),
                        Cell.of(row.get("check_status")), Cell.of(row.get("check_code")),
                        Cell.of(row.get("last_chk").isEmpty() ? row.get("last_agt") : row.get("last_chk")),
                        Cell.of(took.isEmpty() ? "" : took + "ms"), Cell.of(row.get("chkfail")), Cell.of(row.get("chkdown")),
                        Cell.of(row.get("downtime").isEmpty() ? "" : row.get("downtime") + "s"));
            }
        }
        if (server != null && documents.isEmpty()) {
            lbctl.terminal().complain(server + ": no such server");
            return ExitCode.ERROR;
        }
        String transitions = server == null ? "" : lbctl.ask("show health " + RawCommand.escape(server)).stripTrailing();
        if (json) {
            Map<String, Object> root = new LinkedHashMap<>();
            root.put("servers", documents);
            if (server != null) {
                root.put("transitions", transitions.lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
            }
            lbctl.terminal().out().print(JsonWriter.write(root));
        } else {
            lbctl.terminal().out().print(table + (server == null ? "" : "\n" + transitions + "\n"));
        }
        lbctl.terminal().out().flush();
        return ExitCode.OK;
    }

    private java.util.function.UnaryOperator<String> paint(String state) {
        Terminal.Mood mood = state.startsWith("UP") || state.equals("no check") ? Terminal.Mood.GOOD
                : state.startsWith("DOWN") ? Terminal.Mood.BAD : Terminal.Mood.WATCH;
        return text -> lbctl.terminal().paint(mood, text);
    }

    private static Map<String, Object> document(Row row) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("backend", row.proxy());
        document.put("server", row.name());
        document.put("state", row.get("status"));
        StatusCommand.put(document, "stateSeconds", row.get("lastchg"));
        document.put("check", row.get("check_status"));
        StatusCommand.put(document, "checkCode", row.get("check_code"));
        document.put("says", row.get("last_chk").isEmpty() ? row.get("last_agt") : row.get("last_chk"));
        StatusCommand.put(document, "checkMilliseconds", row.get("check_duration"));
        StatusCommand.put(document, "checksFailed", row.get("chkfail"));
        StatusCommand.put(document, "timesDown", row.get("chkdown"));
        StatusCommand.put(document, "downSeconds", row.get("downtime"));
        return document;
    }
}
