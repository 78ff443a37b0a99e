package net.lbd.cli.admin;

import java.io.IOException;
import java.util.concurrent.Callable;
import net.lbd.cli.admin.DaemonStatus.Row;
import net.lbd.cli.admin.TextTable.Cell;
import picocli.CommandLine.Command;
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

    @Override
    public Integer call() throws IOException {
        DaemonStatus status = DaemonStatus.parse(lbctl.ask(DaemonStatus.QUESTION));
        TextTable table = new TextTable("", "SERVER", "STATE", "FOR", "CHECK", "CODE", "SAYS", "TOOK", "FAILED", "DOWN", "DOWNTIME");
        boolean any = false;
        for (Row row : status.rows()) {
            String name = row.proxy() + "/" + row.name();
            if (row.isServer() && (server == null || server.equals(name))) {
                any = true;
                String took = row.get("check_duration");
                table.add(Cell.of(name), new Cell(row.get("status"), paint(row.get("status"))), Cell.of(row.get("lastchg") + "s"),
                        Cell.of(row.get("check_status")), Cell.of(row.get("check_code")),
                        Cell.of(row.get("last_chk").isEmpty() ? row.get("last_agt") : row.get("last_chk")),
                        Cell.of(took.isEmpty() ? "" : took + "ms"), Cell.of(row.get("chkfail")), Cell.of(row.get("chkdown")),
                        Cell.of(row.get("downtime").isEmpty() ? "" : row.get("downtime") + "s"));
            }
        }
        if (server != null && !any) {
            lbctl.terminal().complain(server + ": no such server");
            return ExitCode.ERROR;
        }
        lbctl.terminal().out().print(table);
        if (server != null) {
            lbctl.terminal().out().print("\n" + lbctl.ask("show health " + RawCommand.escape(server)).stripTrailing() + "\n");
        }
        lbctl.terminal().out().flush();
        return ExitCode.OK;
    }

    private java.util.function.UnaryOperator<String> paint(String state) {
        Terminal.Mood mood = state.startsWith("UP") || state.equals("no check") ? Terminal.Mood.GOOD
                : state.startsWith("DOWN") ? Terminal.Mood.BAD : Terminal.Mood.WATCH;
        return text -> lbctl.terminal().paint(mood, text);
    }
}
