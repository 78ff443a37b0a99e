package net.lbd.cli.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import net.lbd.cli.admin.DaemonStatus.Row;
import net.lbd.cli.admin.TextTable.Cell;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl status}: frontends with their listeners, backends with their servers. */
@Command(name = "status", mixinStandardHelpOptions = true,
        description = "Shows frontends and their listeners, backends and their servers.")
final class StatusCommand implements Callable<Integer> {

    @ParentCommand
    private Lbctl lbctl;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        DaemonStatus status = DaemonStatus.parse(lbctl.ask(DaemonStatus.QUESTION));
        lbctl.terminal().out().print(json ? JsonWriter.write(document(status)) : text(status));
        lbctl.terminal().out().flush();
        return ExitCode.OK;
    }

    // ---- for people

    private String text(DaemonStatus status) {
        StringBuilder out = new StringBuilder();
        Map<String, String> info = status.info();
        out.append(info.getOrDefault("Name", "?")).append(' ').append(info.getOrDefault("Version", "?"))
                .append(", pid ").append(info.getOrDefault("Pid", "?"))
                .append(", up ").append(duration(info.getOrDefault("Uptime_sec", "")))
                .append(", ").append(info.getOrDefault("CurrConns", "?")).append(" connections, ")
                .append(info.getOrDefault("CumReq", "?")).append(" requests so far");
        if (info.getOrDefault("Stopping", "0").equals("1")) {
            out.append(", ").append(lbctl.terminal().paint(Terminal.Mood.WATCH, "stopping"));
        }
        status.trialSeconds().ifPresent(left -> out.append("\nthe configuration is ").append(lbctl.terminal().paint(Terminal.Mood.WATCH, "on trial"))
                .append(": the former one serves again in ").append(left).append(" s unless 'lbctl reload --confirmed' keeps it"));
        status.watchSeconds().ifPresent(left -> out.append("\nthe configuration is ").append(lbctl.terminal().paint(Terminal.Mood.WATCH, "watched"))
                .append(": the former one serves again if health gets worse within ").append(left).append(" s"));
        out.append("\n\n").append(frontends(status));
        status.rows().stream().filter(Row::isBackend).forEach(backend -> out.append('\n')
                .append("backend ").append(backend.proxy()).append(' ')
                .append(state(backend.get("status")).paint().apply(backend.get("status")))
                .append(backend.get("algo").isEmpty() ? "" : ", " + backend.get("algo"))
                .append(", ").append(backend.get("scur")).append(" sessions")
                .append(backend.get("qcur").isEmpty() || backend.get("qcur").equals("0")
                        ? "" : ", " + backend.get("qcur") + " queued")
                .append('\n').append(servers(status, backend.proxy())));
        return out.toString();
    }

    private String frontends(DaemonStatus status) {
        TextTable table = new TextTable("", "FRONTEND", "LISTENS ON", "STATE", "SESSIONS", "MAX", "TOTAL", "REQUESTS",
                "IN", "OUT");
        for (Row row : status.rows()) {
            if (row.isFrontend()) {
                String listeners = status.listeners(row.proxy()).stream()
                        .map(l -> l.get("addr") + (l.get("ssl").equals("1") ? " ssl" : ""))
                        .collect(Collectors.joining(", "));
                table.add(Cell.of(row.proxy()), Cell.of(listeners), state(row.get("status")), cell(row, "scur"),
                        cell(row, "smax"), cell(row, "stot"), cell(row, "req_tot"), bytes(row, "bin"),
                        bytes(row, "bout"));
            }
        }
        return table.toString();
    }

    private String servers(DaemonStatus status, String backend) {
        List<Row> servers = status.servers(backend);
        if (servers.isEmpty()) {
            return "  no servers\n";
        }
        TextTable table = new TextTable("  ", "SERVER", "ADDRESS", "STATE", "SINCE", "LAST CHECK", "SESSIONS",
                "REQUESTS", "WEIGHT");
        for (Row row : servers) {
            String check = row.get("check_status")
                    + (row.get("check_duration").isEmpty() ? "" : " in " + row.get("check_duration") + " ms");
            table.add(Cell.of(row.name()), cell(row, "addr"), state(row.get("status")),
                    Cell.of(duration(row.get("lastchg"))), Cell.of(check), cell(row, "scur"),
                    // In mode tcp there are no requests; sessions say the same.
                    cell(row, row.get("req_tot").isEmpty() ? "stot" : "req_tot"), cell(row, "weight"));
        }
        return table.toString();
    }

    private Cell state(String state) {
        return new Cell(state, text -> lbctl.terminal().paint(Terminal.Mood.of(state), text));
    }

    private static Cell cell(Row row, String column) {
        return Cell.of(row.get(column));
    }

    private static Cell bytes(Row row, String column) {
        return Cell.of(bytes(row.get(column)));
    }

    /** Three digits and a letter are enough to see what matters: {@code 1.2M}; empty if it is no number. */
    static String bytes(String number) {
        if (!number.matches("[0-9]{1,18}")) {
            return "";
        }
        double value = Double.parseDouble(number);
        String unit = "";
        for (String next : List.of("k", "M", "G", "T")) {
            if (value < 1000) {
                break;
            }
            value /= 1000;
            unit = next;
        }
        return unit.isEmpty() || value >= 100 ? Math.round(value) + unit
                : String.format(Locale.ROOT, "%.1f", value) + unit;
    }

    /** The two largest units: {@code 3d4h}, {@code 5m12s}; empty if it is no number. */
    static String duration(String seconds) {
        if (!seconds.matches("[0-9]{1,18}")) {
            return "";
        }
        long s = Long.parseLong(seconds);
        if (s >= 86400) {
            return s / 86400 + "d" + s % 86400 / 3600 + "h";
        }
        if (s >= 3600) {
            return s / 3600 + "h" + s % 3600 / 60 + "m";
        }
        return s >= 60 ? s / 60 + "m" + s % 60 + "s" : s + "s";
    }

    // ---- for programs

    private static Map<String, Object> document(DaemonStatus status) {
        Map<String, Object> root = new LinkedHashMap<>();
        Map<String, Object> process = new LinkedHashMap<>();
        process.put("name", status.info().getOrDefault("Name", ""));
        process.put("version", status.info().getOrDefault("Version", ""));
        put(process, "pid", status.info().getOrDefault("Pid", ""));
        put(process, "uptimeSeconds", status.info().getOrDefault("Uptime_sec", ""));
        put(process, "connections", status.info().getOrDefault("CurrConns", ""));
        put(process, "requests", status.info().getOrDefault("CumReq", ""));
        process.put("stopping", status.info().getOrDefault("Stopping", "0").equals("1"));
        status.trialSeconds().ifPresent(left -> process.put("trialSeconds", left));
        status.watchSeconds().ifPresent(left -> process.put("watchSeconds", left));
        root.put("process", process);
        List<Object> frontends = new ArrayList<>();
        List<Object> backends = new ArrayList<>();
        for (Row row : status.rows()) {
            if (row.isFrontend()) {
                Map<String, Object> frontend = proxy(row);
                List<Object> listeners = new ArrayList<>();
                for (Map<String, String> listener : status.listeners(row.proxy())) {
                    listeners.add(Map.of("address", listener.get("addr"), "ssl", listener.get("ssl").equals("1")));
                }
                frontend.put("listeners", listeners);
                frontends.add(frontend);
            } else if (row.isBackend()) {
                Map<String, Object> backend = proxy(row);
                backend.put("algorithm", row.get("algo"));
                put(backend, "queued", row.get("qcur"));
                backend.put("servers", status.servers(row.proxy()).stream().map(StatusCommand::server).toList());
                backends.add(backend);
            }
        }
        root.put("frontends", frontends);
        root.put("backends", backends);
        return root;
    }

    private static Map<String, Object> proxy(Row row) {
        Map<String, Object> proxy = new LinkedHashMap<>();
        proxy.put("name", row.proxy());
        proxy.put("mode", row.get("mode"));
        proxy.put("state", row.get("status"));
        putCounters(proxy, row);
        return proxy;
    }

    private static Map<String, Object> server(Row row) {
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("name", row.name());
        server.put("address", row.get("addr"));
        server.put("state", row.get("status"));
        put(server, "stateSeconds", row.get("lastchg"));
        server.put("check", row.get("check_status"));
        put(server, "checkMilliseconds", row.get("check_duration"));
        put(server, "weight", row.get("weight"));
        server.put("backup", row.get("bck").equals("1"));
        putCounters(server, row);
        return server;
    }

    private static void putCounters(Map<String, Object> object, Row row) {
        put(object, "sessions", row.get("scur"));
        put(object, "sessionsMax", row.get("smax"));
        put(object, "sessionsTotal", row.get("stot"));
        put(object, "requestsTotal", row.get("req_tot"));
        put(object, "bytesIn", row.get("bin"));
        put(object, "bytesOut", row.get("bout"));
    }

    /** A number where there is one; a key without a value is left out. */
    static void put(Map<String, Object> object, String key, String number) {
        if (number.matches("-?[0-9]{1,18}")) {
            object.put(key, Long.parseLong(number));
        }
    }
}
