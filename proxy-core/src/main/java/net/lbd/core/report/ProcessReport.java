package net.lbd.core.report;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.Setting;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.RateLimit;
import net.lbd.core.runtime.ProxyRuntime;

/**
 * The lines of {@code show info}, in HAProxy's names and order; what this process does not have is left out. Pure functions.
 * Source: HAProxy manual, management guide, "show info".
 */
public final class ProcessReport {

    private ProcessReport() { }

    public static Map<InfoField, Object> of(ReportSource source) {
        List<Frontend> frontends = source.runtime().map(ProxyRuntime::frontends).orElse(List.of());
        Duration uptime = source.uptime();
        Runtime jvm = Runtime.getRuntime();
        Map<InfoField, Object> info = new EnumMap<>(InfoField.class);
        info.put(InfoField.NAME, source.product().name());
        info.put(InfoField.VERSION, source.product().version());
        info.put(InfoField.RELEASE_DATE, source.product().date());
        info.put(InfoField.NBTHREAD, global(source, GlobalSettings.NBTHREAD).orElse(jvm.availableProcessors()));
        info.put(InfoField.NBPROC, 1);
        info.put(InfoField.PROCESS_NUM, 1);
        info.put(InfoField.PID, ProcessHandle.current().pid());
        info.put(InfoField.UPTIME, String.format(Locale.ROOT, "%dd %dh%02dm%02ds", uptime.toDays(), uptime.toHoursPart(),
                uptime.toMinutesPart(), uptime.toSecondsPart()));
        info.put(InfoField.UPTIME_SEC, uptime.toSeconds());
        info.put(InfoField.MEMMAX_MB, jvm.maxMemory() >> 20);
        info.put(InfoField.MEMMAX_BYTES, jvm.maxMemory());
        openFiles().ifPresent(limit -> {
            info.put(InfoField.ULIMIT_N, limit);
            info.put(InfoField.MAXSOCK, limit);
        });
        if (source.maxConnections() > 0) {
            info.put(InfoField.MAXCONN, source.maxConnections());
        }
        if (source.usualMaxConnections() > 0) {
            info.put(InfoField.HARD_MAXCONN, source.usualMaxConnections());
        }
        info.put(InfoField.MAX_SSL_CONNS, global(source, GlobalSettings.MAXSSLCONN).orElse(0));
        info.put(InfoField.CURR_SSL_CONNS, source.tlsConnections());
        info.put(InfoField.CUM_SSL_CONNS, sum(frontends, f -> f.counters().tls.handshakes.sum()));
        info.put(InfoField.DROPPED_LOGS, source.droppedLogs());
        info.put(InfoField.CURR_CONNS, source.connections());
        info.put(InfoField.CUM_CONNS, sum(frontends, f -> f.counters().total.sum()));
        info.put(InfoField.CUM_REQ, sum(frontends, f -> f.counters().requests.sum()));
        // We never splice, so there are no pipes; tools expect the lines.
        info.put(InfoField.MAXPIPES, 0);
        info.put(InfoField.PIPES_USED, 0);
        info.put(InfoField.PIPES_FREE, 0);
        putRate(info, InfoField.CONN_RATE, InfoField.CONN_RATE_LIMIT, InfoField.MAX_CONN_RATE, source.rates().connections());
        putRate(info, InfoField.SESS_RATE, InfoField.SESS_RATE_LIMIT, InfoField.MAX_SESS_RATE, source.rates().sessions());
        putRate(info, InfoField.SSL_RATE, InfoField.SSL_RATE_LIMIT, InfoField.MAX_SSL_RATE, source.rates().ssl());
        int jobs = source.connections() + source.listening();
        info.put(InfoField.TASKS, jobs);
        info.put(InfoField.RUN_QUEUE, source.pendingTasks());
        info.put(InfoField.NODE, global(source, GlobalSettings.NODE).orElseGet(ProcessReport::hostName));
        global(source, GlobalSettings.DESCRIPTION).ifPresent(text -> info.put(InfoField.DESCRIPTION, text));
        info.put(InfoField.STOPPING, source.isStopping() ? 1 : 0);
        info.put(InfoField.JOBS, jobs);
        info.put(InfoField.UNSTOPPABLE_JOBS, 0);
        info.put(InfoField.LISTENERS, source.listening());
        info.put(InfoField.BUSY_POLLING, 0);
        info.put(InfoField.TOTAL_BYTES_OUT, sum(frontends, f -> f.counters().bytesOut.sum()));
        info.put(InfoField.TOTAL_SPLICDED_BYTES_OUT, 0);
        info.put(InfoField.DEBUG_COMMANDS_ISSUED, 0);
        info.put(InfoField.CUM_RECV_LOGS, 0);
        info.put(InfoField.BUILD_INFO, source.product().version());
        info.put(InfoField.POOL_ALLOC_MB, source.bufferBytes() >> 20);
        info.put(InfoField.POOL_ALLOC_BYTES, source.bufferBytes());
        info.put(InfoField.POOL_USED_MB, source.bufferBytesInUse() >> 20);
        info.put(InfoField.POOL_USED_BYTES, source.bufferBytesInUse());
        info.put(InfoField.START_TIME_SEC, source.startedAt().getEpochSecond());
        info.put(InfoField.TAINTED, 0);
        return info;
    }

    private static void putRate(Map<InfoField, Object> info, InfoField now, InfoField limit, InfoField max, RateLimit rate) {
        info.put(now, rate.rate().perSecond());
        info.put(limit, rate.limit());
        info.put(max, rate.rate().max());
    }

    private static <T> Optional<T> global(ReportSource source, Setting<T> setting) {
        return source.runtime().flatMap(r -> r.configuration().global().settings().find(setting));
    }

    private static long sum(List<Frontend> frontends, ToLongFunction<Frontend> counter) {
        return frontends.stream().mapToLong(counter).sum();
    }

    /**
     * How many files the process may open: the soft limit as the kernel writes it, a number or {@code unlimited}; empty where there
     * is no {@code /proc}. Cheaper than the management beans, which load hundreds of classes.
     */
    public static Optional<String> openFiles() {
        try {
            return Files.readAllLines(Path.of("/proc/self/limits")).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .map(line -> line.substring("Max open files".length()).trim().split("\\s+")[0])
                    .findFirst();
        } catch (IOException e) {
            // Not Linux: nobody can tell.
            return Optional.empty();
        }
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
