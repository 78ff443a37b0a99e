package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import net.lbd.cli.admin.DaemonStatus.Row;
import net.lbd.cli.admin.TextTable.Cell;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code lbctl maintenance MACHINE}: a machine out of all backends and directors at once, and in again. */
@Command(name = "maintenance", mixinStandardHelpOptions = true,
        description = "Takes a machine out of every backend and director: it gets no new users (drain), and with --wait nothing at all once it is"
                + " empty (maint). --end lets it in again.")
final class MaintenanceCommand implements Callable<Integer> {

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MACHINE", description = "The name that its servers have, or their address.")
    private String machine;

    @Option(names = "--end", description = "It is back: ready everywhere.")
    private boolean end;

    @Option(names = "--wait", description = "Wait until no session is left, counting down, then set it to maint.")
    private boolean waits;

    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "10m", converter = ServerCommand.Time.class,
            description = "How long --wait waits. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    @Option(names = "--force", description = "Even where no other server would be left.")
    private boolean force;

    @Option(names = "--json", description = "Print JSON, for programs: what has become of the servers; --wait counts on standard error.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (end && waits) {
            throw new ParameterException(spec.commandLine(), "'--wait' is for a machine that goes; with '--end' it comes back");
        }
        List<Row> rows = ServerSet.rows(lbctl);
        Predicate<Row> isIt = row -> row.name().equals(machine) || addressOf(row).equals(machine);
        ServerSet servers = ServerSet.where(lbctl, rows, isIt);
        if (servers.names().isEmpty()) {
            throw new IOException("no server has the name or the address '" + machine + "'; 'lbctl status' lists them");
        }
        List<String> alone = end || force ? List.of() : rows.stream().filter(Row::isServer).filter(isIt).map(Row::proxy).distinct()
                .filter(proxy -> rows.stream().noneMatch(row -> row.isServer() && row.proxy().equals(proxy) && !isIt.test(row) && takesUsers(row))).toList();
        if (!alone.isEmpty()) {
            throw new IOException("nothing was changed: no other server would be left in " + String.join(", ", alone) + " (--force does it all the same)");
        }
        boolean done = servers.set(end ? "state ready" : "state drain");
        if (done && waits && !end) {
            done = servers.awaitEmpty(timeout, json ? lbctl.terminal().err() : lbctl.terminal().out()) && servers.set("state maint");
        }
        if (json) {
            lbctl.terminal().out().print(JsonWriter.write(servers.document(done)));
            lbctl.terminal().out().flush();
            return done ? ExitCode.OK : ExitCode.ERROR;
        }
        TextTable table = new TextTable("", "BACKEND", "SERVER", "STATE", "SESSIONS");
        ServerSet.rows(lbctl).stream().filter(Row::isServer).filter(isIt).forEach(row ->
                table.add(Cell.of(row.proxy()), Cell.of(row.name()), Cell.of(row.get("status")), Cell.of(row.get("scur"))));
        lbctl.terminal().out().print(table);
        lbctl.terminal().out().flush();
        return done ? ExitCode.OK : ExitCode.ERROR;
    }

    private static boolean takesUsers(Row row) {
        return row.get("status").startsWith("UP") || row.get("status").equals("no check");
    }

    /** Without the port. */
    private static String addressOf(Row row) {
        String address = row.get("addr");
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }
}
