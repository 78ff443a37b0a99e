package net.lbd.core.report;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.ProxyMode;
import net.lbd.core.stats.ProxyCounters;
import net.lbd.core.stats.StreamTimes;

/** One line of {@code show stat}; a column without a value stays empty. Filled by one thread, then only read. */
public final class StatRow {

    /** What a row is about; the order is that of HAProxy's numbers. */
    public enum Kind {
        FRONTEND("Frontend"), BACKEND("Backend"), SERVER("Server");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** As JSON output calls it. */
        String title() {
            return title;
        }

        /** As typed output calls it. */
        char letter() {
            return title.charAt(0);
        }
    }

    private final Kind kind;
    private final int proxyId;
    private final int serverId;
    private final Map<StatField, Object> values = new EnumMap<>(StatField.class);

    /** @param serverId 0 for a frontend or a backend */
    StatRow(Kind kind, int proxyId, int serverId) {
        this.kind = kind;
        this.proxyId = proxyId;
        this.serverId = serverId;
    }

    public Kind kind() {
        return kind;
    }

    public int proxyId() {
        return proxyId;
    }

    public int serverId() {
        return serverId;
    }

    /** The value as it is written; empty for a column without one. */
    public Optional<Object> value(StatField field) {
        return Optional.ofNullable(values.get(field));
    }

    /** The value as it is written; an empty text for a column without one. */
    public String text(StatField field) {
        return String.valueOf(values.getOrDefault(field, ""));
    }

    StatRow put(StatField field, Object value) {
        values.put(field, value);
        return this;
    }

    /** What frontends, backends and servers count alike. */
    StatRow putCounters(ProxyCounters counters, ProxyMode mode) {
        put(StatField.SCUR, counters.current.get());
        put(StatField.SMAX, counters.max.get());
        put(StatField.STOT, counters.total.sum());
        put(StatField.BIN, counters.bytesIn.sum());
        put(StatField.BOUT, counters.bytesOut.sum());
        if (mode == ProxyMode.HTTP) {
            put(StatField.HRSP_1XX, counters.responses(1).sum());
            put(StatField.HRSP_2XX, counters.responses(2).sum());
            put(StatField.HRSP_3XX, counters.responses(3).sum());
            put(StatField.HRSP_4XX, counters.responses(4).sum());
            put(StatField.HRSP_5XX, counters.responses(5).sum());
            put(StatField.HRSP_OTHER, counters.responses(0).sum());
        }
        return this;
    }

    /** What backends and servers count alike. */
    StatRow putServerSide(ProxyCounters counters, ProxyMode mode) {
        if (mode == ProxyMode.HTTP) {
            // Here each stream is one request.
            put(StatField.REQ_TOT, counters.total.sum());
        }
        put(StatField.RATE, counters.entryRate.perSecond());
        put(StatField.RATE_MAX, counters.entryRate.max());
        put(StatField.ECON, counters.connectErrors.sum());
        put(StatField.WRETR, counters.retries.sum());
        put(StatField.WREDIS, counters.redispatches.sum());
        put(StatField.DRESP, counters.deniedResponses.sum());
        put(StatField.CLI_ABRT, counters.clientAborts.sum());
        put(StatField.LBTOT, counters.total.sum());
        put(StatField.LASTSESS, counters.entryRate.secondsSinceLast());
        StreamTimes times = counters.times;
        put(StatField.QTIME, times.queue.mean()).put(StatField.QTIME_MAX, times.queue.max());
        put(StatField.CTIME, times.connect.mean()).put(StatField.CTIME_MAX, times.connect.max());
        put(StatField.RTIME, times.response.mean()).put(StatField.RTIME_MAX, times.response.max());
        put(StatField.TTIME, times.total.mean()).put(StatField.TTIME_MAX, times.total.max());
        return this;
    }
}
