package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import net.lbd.cli.admin.TextTable.Cell;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl exchange}: the form of a site, and the services of Exchange against every server. */
@Command(name = "exchange", mixinStandardHelpOptions = true, subcommands = {ExchangeForm.Init.class, ExchangeForm.Generate.class,
    ExchangeForm.Checks.class, ExchangeForm.Schema.class, ExchangeProbeCommand.class, ExchangeCommand.Status.class},
        description = "What concerns Exchange servers.")
final class ExchangeCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ParentCommand
    private Lbctl lbctl;

    @Override
    public Integer call() throws IOException {
        return status();
    }

    Terminal terminal() {
        return lbctl.terminal();
    }

    /** {@code lbctl exchange status}. */
    @Command(name = "status", mixinStandardHelpOptions = true,
            description = "Checks every service of every server at once: ok, inactive (set so by the administrator of Exchange),"
                    + " broken, drain, maint, unchecked.")
    static final class Status implements Callable<Integer> {
        @ParentCommand
        private ExchangeCommand exchange;

        @Override
        public Integer call() throws IOException {
            return exchange.status();
        }
    }

    private Integer status() throws IOException {
        List<String[]> rows = lbctl.ask("show exchange", PATIENCE).lines()
                .filter(line -> !line.startsWith("#") && line.indexOf('\t') > 0).map(line -> line.split("\t", -1)).toList();
        if (rows.isEmpty()) {
            lbctl.terminal().complain("no backend is known by its check, its ports or its name to serve Exchange");
            return ExitCode.ERROR;
        }
        Set<String> services = new LinkedHashSet<>();
        Map<String, Map<String, String[]>> byServer = new LinkedHashMap<>();
        for (String[] row : rows) {
            services.add(row[0]);
            byServer.computeIfAbsent(row[2], name -> new LinkedHashMap<>()).merge(row[0], row, (one, other) -> one[3].equals("ok") ? other : one);
        }
        TextTable table = new TextTable("", "SERVICE", List.copyOf(byServer.keySet()));
        for (String service : services) {
            table.add(service, byServer.values().stream().map(of -> cell(of.get(service))).toList());
        }
        lbctl.terminal().out().print(table);
        byServer.forEach((server, of) -> of.values().stream().map(row -> row[4]).filter(name -> !name.isEmpty()).distinct()
                .forEach(name -> lbctl.terminal().out().println(server + " calls itself " + name)));
        boolean well = true;
        for (String[] row : rows) {
            if (row[3].equals("broken") || row[3].equals("inactive")) {
                well = false;
                lbctl.terminal().out().println(row[0] + " on " + row[2] + " (" + row[1] + ") is " + row[3] + ": " + row[5]);
            }
        }
        lbctl.terminal().out().flush();
        return well ? ExitCode.OK : ExitCode.ERROR;
    }

    private Cell cell(String[] row) {
        if (row == null) {
            return Cell.of("-");
        }
        Terminal.Mood mood = switch (row[3]) {
            case "ok" -> Terminal.Mood.GOOD;
            case "broken" -> Terminal.Mood.BAD;
            default -> Terminal.Mood.WATCH;
        };
        return new Cell(row[3], text -> lbctl.terminal().paint(mood, text));
    }
}
