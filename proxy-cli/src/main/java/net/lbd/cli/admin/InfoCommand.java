package net.lbd.cli.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code lbctl info}: the process as a whole. */
@Command(name = "info", mixinStandardHelpOptions = true,
        description = "Shows the process: version, uptime, event loops, memory, connections, limits, files of the configuration.")
final class InfoCommand implements Callable<Integer> {

    /** Names of {@code show info} and {@code show process}, and those that JSON has for them. */
    private static final Map<String, String> NUMBERS = numbers(
            "Pid", "pid", "Uptime_sec", "uptimeSeconds", "Start_time_sec", "startedSeconds", "Nbthread", "eventLoops", "Idle_pct", "idlePercent",
            "Resident_bytes", "residentBytes", "Heap_used_bytes", "heapUsedBytes", "Heap_max_bytes", "heapMaxBytes",
            "PoolUsed_bytes", "bufferBytes", "CurrConns", "connections", "Maxconn", "connectionsLimit", "CumConns", "connectionsTotal",
            "ConnRate", "connectionsPerSecond", "MaxConnRate", "connectionsPerSecondMax", "ConnRateLimit", "connectionsPerSecondLimit",
            "CurrSslConns", "tlsConnections", "MaxSslConns", "tlsConnectionsLimit", "CumReq", "requests", "Ulimit-n", "openFilesLimit",
            "Listeners", "listeners", "DroppedLogs", "logLinesDropped", "Generation", "generation");

    @ParentCommand
    private Lbctl lbctl;

    @Option(names = "--json", description = "Print JSON, for programs.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Map<String, String> values = new LinkedHashMap<>(DaemonStatus.parse(lbctl.ask("show info")).info());
        // A question of its own: an older daemon, and HAProxy, do not know it, and what it answers is then no line of this form.
        List<String> files = new ArrayList<>();
        lbctl.ask("show process").lines().filter(line -> line.matches("(Generation|Java|Heap_used_bytes|Heap_max_bytes|Resident_bytes|File): .*"))
                .forEach(line -> {
                    String value = line.substring(line.indexOf(' ') + 1);
                    if (line.startsWith("File: ")) {
                        files.add(value);
                    } else {
                        values.put(line.substring(0, line.indexOf(':')), value);
                    }
                });
        lbctl.terminal().out().print(json ? JsonWriter.write(document(values, files)) : text(values, files));
        lbctl.terminal().out().flush();
        return ExitCode.OK;
    }

    // ---- for people

    private String text(Map<String, String> values, List<String> files) {
        StringBuilder out = new StringBuilder();
        String stopping = values.getOrDefault("Stopping", "0").equals("1") ? ", " + lbctl.terminal().paint(Terminal.Mood.WATCH, "stopping") : "";
        line(out, "version", text(values, "Name") + " " + text(values, "Version") + " of " + text(values, "Release_date"));
        line(out, "java", values.getOrDefault("Java", ""));
        line(out, "process", "pid " + text(values, "Pid") + " on " + text(values, "node") + ", up "
                + StatusCommand.duration(values.getOrDefault("Uptime_sec", "")) + stopping);
        line(out, "event loops", text(values, "Nbthread") + part(", ", values.getOrDefault("Idle_pct", ""), "% idle"));
        line(out, "memory", part("", bytes(values, "Resident_bytes"), " in all; ") + part("heap ", bytes(values, "Heap_used_bytes"), " of ")
                + part("", bytes(values, "Heap_max_bytes"), "") + part("; buffers ", bytes(values, "PoolUsed_bytes"), ""));
        line(out, "connections", near(values, "CurrConns", "Maxconn") + "; " + text(values, "CumConns") + " so far; "
                + limit(values, "ConnRate", "ConnRateLimit") + " in the last second, at most " + text(values, "MaxConnRate"));
        line(out, "tls", values.containsKey("CurrSslConns") ? limit(values, "CurrSslConns", "MaxSslConns") + " connections" : "");
        line(out, "requests", text(values, "CumReq") + " so far");
        line(out, "open files", part("limit ", values.getOrDefault("Ulimit-n", ""), ""));
        String dropped = values.getOrDefault("DroppedLogs", "0");
        line(out, "log", dropped.equals("0") ? "no line dropped" : lbctl.terminal().paint(Terminal.Mood.BAD, dropped + " lines dropped"));
        line(out, "configuration", files.isEmpty() ? "" : String.join(", ", files) + part("; generation ", values.getOrDefault("Generation", ""), ""));
        return out.toString();
    }

    /** What the daemon does not tell has no line. */
    private static void line(StringBuilder out, String name, String value) {
        if (!value.isEmpty()) {
            out.append(String.format("%-14s", name)).append(value).append('\n');
        }
    }

    /** Nothing at all without the value. */
    private static String part(String before, String value, String behind) {
        return value.isEmpty() ? "" : before + value + behind;
    }

    private static String text(Map<String, String> values, String key) {
        return values.getOrDefault(key, "?");
    }

    private static String bytes(Map<String, String> values, String key) {
        String text = StatusCommand.bytes(values.getOrDefault(key, ""));
        return part("", text, "B");
    }

    /** A limit of 0 is none. */
    private static String limit(Map<String, String> values, String now, String limit) {
        String most = values.getOrDefault(limit, "0");
        return text(values, now) + (most.equals("0") ? "" : " of " + most);
    }

    /** In colour from nine tenths of the limit on. */
    private String near(Map<String, String> values, String now, String limit) {
        String text = limit(values, now, limit);
        String current = values.getOrDefault(now, "");
        String most = values.getOrDefault(limit, "");
        boolean isNear = isNumber(current) && isNumber(most) && Long.parseLong(most) > 0 && Long.parseLong(current) * 10 >= Long.parseLong(most) * 9;
        return isNear ? lbctl.terminal().paint(Terminal.Mood.WATCH, text) : text;
    }

    // ---- for programs

    private static Map<String, Object> document(Map<String, String> values, List<String> files) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("name", values.getOrDefault("Name", ""));
        root.put("version", values.getOrDefault("Version", ""));
        root.put("released", values.getOrDefault("Release_date", ""));
        if (values.containsKey("Java")) {
            root.put("java", values.get("Java"));
        }
        root.put("node", values.getOrDefault("node", ""));
        root.put("stopping", values.getOrDefault("Stopping", "0").equals("1"));
        NUMBERS.forEach((name, key) -> {
            String value = values.getOrDefault(name, "");
            if (isNumber(value)) {
                root.put(key, Long.parseLong(value));
            }
        });
        root.put("configurationFiles", files);
        return root;
    }

    private static boolean isNumber(String text) {
        return text.matches("[0-9]{1,17}");
    }

    private static Map<String, String> numbers(String... namesAndKeys) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndKeys.length; i += 2) {
            map.put(namesAndKeys[i], namesAndKeys[i + 1]);
        }
        return map;
    }
}
