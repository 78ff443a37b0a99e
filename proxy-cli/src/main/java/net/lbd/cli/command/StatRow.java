package net.lbd.cli.command;

import java.util.EnumMap;
import java.util.Map;
import net.lbd.config.model.ProxyMode;
import net.lbd.core.stats.ProxyCounters;

/** One line of {@code show stat} while it is filled; a column without a value stays empty. */
final class StatRow {

    private final Map<StatColumn, Object> values = new EnumMap<>(StatColumn.class);

    StatRow put(StatColumn column, Object value) {
        values.put(column, value);
        return this;
    }

    /** What frontends, backends and servers count alike. */
    StatRow putCounters(ProxyCounters counters, ProxyMode mode) {
        put(StatColumn.SCUR, counters.current.get());
        put(StatColumn.SMAX, counters.max.get());
        put(StatColumn.STOT, counters.total.sum());
        put(StatColumn.BIN, counters.bytesIn.sum());
        put(StatColumn.BOUT, counters.bytesOut.sum());
        if (mode == ProxyMode.HTTP) {
            put(StatColumn.HRSP_1XX, counters.responses(1).sum());
            put(StatColumn.HRSP_2XX, counters.responses(2).sum());
            put(StatColumn.HRSP_3XX, counters.responses(3).sum());
            put(StatColumn.HRSP_4XX, counters.responses(4).sum());
            put(StatColumn.HRSP_5XX, counters.responses(5).sum());
            put(StatColumn.HRSP_OTHER, counters.responses(0).sum());
            put(StatColumn.REQ_TOT, counters.requests.sum());
        }
        return this;
    }

    /** What only the server side counts. */
    StatRow putServerSide(ProxyCounters counters, ProxyMode mode) {
        if (mode == ProxyMode.HTTP) {
            // Here each stream is one request.
            put(StatColumn.REQ_TOT, counters.total.sum());
        }
        put(StatColumn.RATE, counters.entryRate.perSecond());
        put(StatColumn.RATE_MAX, counters.entryRate.max());
        put(StatColumn.ECON, counters.connectErrors.sum());
        put(StatColumn.ERESP, counters.responseErrors.sum());
        put(StatColumn.WRETR, counters.retries.sum());
        put(StatColumn.WREDIS, counters.redispatches.sum());
        put(StatColumn.DRESP, counters.deniedResponses.sum());
        put(StatColumn.CLI_ABRT, counters.clientAborts.sum());
        put(StatColumn.SRV_ABRT, counters.serverAborts.sum());
        put(StatColumn.CONNECT, counters.connects.sum());
        put(StatColumn.REUSE, counters.reuses.sum());
        put(StatColumn.LBTOT, counters.total.sum());
        return this;
    }

    void appendTo(StringBuilder out) {
        for (StatColumn column : StatColumn.values()) {
            Object value = column == StatColumn.SEPARATOR ? "-" : values.get(column);
            if (value != null) {
                out.append(Csv.field(value.toString()));
            }
            out.append(',');
        }
        out.append('\n');
    }
}
