package net.lbd.cli.command;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import net.lbd.cli.Version;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Setting;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.RateLimit;
import net.lbd.core.runtime.ProxyRuntime;

/**
 * Commands about the process as a whole. {@code show info} uses HAProxy's names and order, and leaves out
 * what this daemon does not have. Source: HAProxy manual, management guide, "show info".
 */
final class InfoCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show version", "", Level.USER, "show version of the current process",
                    invocation -> Version.CURRENT.number() + "\n"),
            Command.of("show info", "", Level.USER, "report information about the running process",
                    InfoCommands::showInfo),
            Command.of("show listeners", "", Level.USER, "list the addresses that frontends listen on, as CSV",
                    InfoCommands::showListeners));

    private InfoCommands() { }

    private static String showInfo(Invocation invocation) {
        DaemonControl daemon = invocation.daemon();
        Optional<ProxyRuntime> serving = daemon.engine().runtime();
        List<Frontend> frontends = serving.map(ProxyRuntime::frontends).orElse(List.of());
        Optional<Configuration> configuration = serving.map(ProxyRuntime::configuration);
        Duration uptime = Duration.between(daemon.startedAt(), Instant.now());
        Runtime runtime = Runtime.getRuntime();

        Map<String, Object> info = new LinkedHashMap<>();
        info.put("Name", "lbd");
        info.put("Version", Version.CURRENT.number());
        info.put("Release_date", Version.CURRENT.date());
        info.put("Nbthread", global(configuration, GlobalSettings.NBTHREAD).orElse(runtime.availableProcessors()));
        info.put("Nbproc", 1);
        info.put("Process_num", 1);
        info.put("Pid", ProcessHandle.current().pid());
        info.put("Uptime", String.format(Locale.ROOT, "%dd %dh%02dm%02ds", uptime.toDays(), uptime.toHoursPart(),
                uptime.toMinutesPart(), uptime.toSecondsPart()));
        info.put("Uptime_sec", uptime.toSeconds());
        info.put("Memmax_MB", runtime.maxMemory() >> 20);
        DescriptorLimit.soft().ifPresent(limit -> info.put("Ulimit-n", limit));
        global(configuration, GlobalSettings.MAXCONN).ifPresent(maxconn -> {
            info.put("Maxconn", maxconn);
            info.put("Hard_maxconn", maxconn);
        });
        info.put("CurrConns", daemon.engine().connections());
        info.put("CumConns", sum(frontends, f -> f.counters().total.sum()));
        info.put("CumReq", sum(frontends, f -> f.counters().requests.sum()));
        // We never splice, so there are no pipes; tools expect the lines.
        info.put("Maxpipes", 0);
        info.put("PipesUsed", 0);
        info.put("PipesFree", 0);
        putRate(info, "ConnRate", "ConnRateLimit", "MaxConnRate", daemon.engine().rates().connections());
        putRate(info, "SessRate", "SessRateLimit", "MaxSessRate", daemon.engine().rates().sessions());
        putRate(info, "SslRate", "SslRateLimit", "MaxSslRate", daemon.engine().rates().ssl());
        info.put("node", global(configuration, GlobalSettings.NODE).orElseGet(InfoCommands::hostName));
        info.put("Stopping", daemon.isStopping() ? 1 : 0);
        info.put("Listeners", daemon.engine().listeners().size());
        info.put("TotalBytesOut", sum(frontends, f -> f.counters().bytesOut.sum()));
        global(configuration, GlobalSettings.DESCRIPTION).ifPresent(text -> info.put("description", text));
        info.put("Build info", Version.CURRENT.number());
        info.put("Memmax_bytes", runtime.maxMemory());
        info.put("Start_time_sec", daemon.startedAt().getEpochSecond());

        StringBuilder answer = new StringBuilder();
        info.forEach((name, value) -> answer.append(name).append(": ").append(value).append('\n'));
        return answer.toString();
    }

    private static void putRate(Map<String, Object> info, String name, String limit, String max, RateLimit rate) {
        info.put(name, rate.rate().perSecond());
        info.put(limit, rate.limit());
        info.put(max, rate.rate().max());
    }

    /** Ours: HAProxy shows listeners only in {@code show stat}, and only with {@code option socket-stats}. */
    private static String showListeners(Invocation invocation) {
        StringBuilder answer = new StringBuilder("# pxname,addr,ssl\n");
        invocation.daemon().engine().listeners().forEach(listener -> answer
                .append(listener.frontend()).append(',')
                .append(Csv.field(listener.address())).append(',')
                .append(listener.ssl() ? 1 : 0).append('\n'));
        return answer.toString();
    }

    private static <T> Optional<T> global(Optional<Configuration> configuration, Setting<T> setting) {
        return configuration.flatMap(c -> c.global().settings().find(setting));
    }

    private static long sum(List<Frontend> frontends, ToLongFunction<Frontend> counter) {
        return frontends.stream().mapToLong(counter).sum();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            // A machine whose own name does not resolve still has one in the kernel.
            return readFirstLine(Path.of("/proc/sys/kernel/hostname")).orElse("localhost");
        }
    }

    private static Optional<String> readFirstLine(Path file) {
        try {
            return Files.readAllLines(file).stream().findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
