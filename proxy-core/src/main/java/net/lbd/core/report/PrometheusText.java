package net.lbd.core.report;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import net.lbd.core.report.PrometheusNames.Metric;
import net.lbd.core.report.PrometheusNames.ProcessMetric;
import net.lbd.core.runtime.ProxyRuntime;

/**
 * What {@code use-service prometheus-exporter} answers: HAProxy's metrics under HAProxy's names and labels, TLS and Exchange under ours, then those of the JVM and of
 * Netty. A column without a value has no sample. Pure functions. Source: the Prometheus text format, version 0.0.4; HAProxy 2.6's exporter.
 */
public final class PrometheusText {

    /** What is wanted; {@code scope} in the query of the request. */
    public enum Scope { GLOBAL, FRONTEND, BACKEND, SERVER, EXCHANGE, JVM }

    /** Everything. */
    public static final Set<Scope> ALL = Set.of(Scope.values());

    private static final List<String> PROXY_STATES = List.of("DOWN", "UP");
    private static final List<String> SERVER_STATES = List.of("DOWN", "UP", "MAINT", "DRAIN", "NOLB");
    private static final List<String> CHECKS = List.of("HANA", "SOCKERR", "L4OK", "L4TOUT", "L4CON", "L6OK", "L6TOUT", "L6RSP", "L7TOUT",
            "L7RSP", "L7OK", "L7OKC", "L7STS", "PROCERR", "PROCTOUT", "PROCOK");
    private static final StatField[] CODES = {StatField.HRSP_1XX, StatField.HRSP_2XX, StatField.HRSP_3XX, StatField.HRSP_4XX,
        StatField.HRSP_5XX, StatField.HRSP_OTHER};

    private final StringBuilder out = new StringBuilder(64 * 1024);
    private final List<StatRow> rows;
    /** The servers of each proxy, by its number. */
    private final Map<Integer, List<StatRow>> servers;

    private PrometheusText(List<StatRow> rows) {
        this.rows = rows;
        this.servers = rows.stream().filter(row -> row.kind() == StatRow.Kind.SERVER)
                .collect(Collectors.groupingBy(StatRow::proxyId));
    }

    /**
     * @param withoutMaintenance leaves out servers in maintenance ({@code no-maint})
     * @param meters those of the JVM and of Netty; empty without
     */
    public static String write(ReportSource source, Set<Scope> scopes, boolean withoutMaintenance,
            Optional<MeterRegistry> meters) {
        List<StatRow> rows = ProxyReport.rows(source, ProxyReport.Filter.ALL).stream()
                .filter(row -> !(withoutMaintenance && row.kind() == StatRow.Kind.SERVER
                        && row.text(StatField.STATUS).startsWith("MAINT")))
                .toList();
        PrometheusText text = new PrometheusText(rows);
        if (scopes.contains(Scope.GLOBAL)) {
            text.process(ProcessReport.of(source));
            TlsText.certificates(text.out, source.certificateEnds(), Instant.now());
        }
        for (Scope scope : EnumSet.of(Scope.FRONTEND, Scope.BACKEND, Scope.SERVER)) {
            if (scopes.contains(scope)) {
                text.proxies(StatRow.Kind.valueOf(scope.name()));
            }
        }
        if (scopes.contains(Scope.FRONTEND)) {
            TlsText.handshakes(text.out, source.runtime().map(ProxyRuntime::frontends).orElse(List.of()));
        }
        if (scopes.contains(Scope.EXCHANGE)) {
            source.runtime().ifPresent(runtime -> ExchangeText.append(text.out, runtime, source.openFor(ExchangeText.LONG_POLL_MILLIS)));
        }
        if (scopes.contains(Scope.JVM)) {
            meters.ifPresent(registry -> MeterText.append(text.out, registry));
        }
        return text.out.toString();
    }

    private void process(Map<InfoField, Object> info) {
        for (ProcessMetric metric : PrometheusNames.PROCESS) {
            Object value = info.get(metric.field());
            if (value != null) {
                String name = "haproxy_process_" + metric.name();
                head(name, metric.field().doc(), metric.counter());
                if (metric.field() == InfoField.BUILD_INFO) {
                    out.append(name).append("{version=").append(quoted(value.toString())).append("} 1\n");
                } else {
                    out.append(name).append(' ').append(value.equals("unlimited") ? "+Inf" : value).append('\n');
                }
            }
        }
    }

    private void proxies(StatRow.Kind kind) {
        List<StatRow> mine = rows.stream().filter(row -> row.kind() == kind).toList();
        for (Metric metric : PrometheusNames.PROXY) {
            if (metric.isOf(kind)) {
                String name = "haproxy_" + kind.name().toLowerCase(Locale.ROOT) + "_" + metric.name();
                int before = out.length();
                head(name, metric.field().doc(), metric.counter());
                int begun = out.length();
                mine.forEach(row -> samples(name, metric, row));
                if (out.length() == begun) {
                    out.setLength(before);
                }
            }
        }
    }

    private void head(String name, String doc, boolean counter) {
        out.append("# HELP ").append(name).append(' ').append(doc).append("\n# TYPE ").append(name)
                .append(counter ? " counter\n" : " gauge\n");
    }

    private void samples(String name, Metric metric, StatRow row) {
        List<String> states = row.kind() == StatRow.Kind.SERVER ? SERVER_STATES : PROXY_STATES;
        switch (metric.form()) {
            case PLAIN -> row.value(metric.field()).ifPresent(value -> sample(name, row, "", "", value.toString()));
            case MILLIS -> row.value(metric.field()).ifPresent(value ->
                    sample(name, row, "", "", String.format(Locale.ROOT, "%.6f", Long.parseLong(value.toString()) / 1000.0)));
            case STATE -> states.forEach(state -> sample(name, row, "state", state, state(row).equals(state) ? "1" : "0"));
            case CHECK -> row.value(metric.field()).filter(status -> CHECKS.contains(status.toString())).ifPresent(status ->
                    CHECKS.forEach(state -> sample(name, row, "state", state, status.equals(state) ? "1" : "0")));
            case CODES -> {
                for (StatField field : CODES) {
                    row.value(field).ifPresent(value ->
                            sample(name, row, "code", field.title().substring("hrsp_".length()), value.toString()));
                }
            }
            case STATES -> SERVER_STATES.forEach(state ->
                    sample(name, row, "state", state, Long.toString(servers(row, server -> state(server).equals(state) ? 1 : 0))));
            case CHECKS -> CHECKS.forEach(state -> sample(name, row, "state", state,
                    Long.toString(servers(row, server -> server.text(StatField.CHECK_STATUS).equals(state) ? 1 : 0))));
        }
    }

    private long servers(StatRow backend, ToLongFunction<StatRow> counted) {
        return servers.getOrDefault(backend.proxyId(), List.of()).stream().mapToLong(counted).sum();
    }

    /** The words of {@code show stat} as the exporter has them: a server without a check is up. */
    private static String state(StatRow row) {
        String status = row.text(StatField.STATUS);
        if (row.kind() == StatRow.Kind.FRONTEND) {
            return status.equals("STOP") ? "DOWN" : "UP";
        }
        return status.equals("no check") ? "UP"
                : SERVER_STATES.stream().filter(status::startsWith).findFirst().orElse("DOWN");
    }

    private void sample(String name, StatRow row, String label, String labelValue, String value) {
        out.append(name).append("{proxy=").append(quoted(row.text(StatField.PXNAME)));
        if (row.kind() == StatRow.Kind.SERVER) {
            out.append(",server=").append(quoted(row.text(StatField.SVNAME)));
        }
        if (!label.isEmpty()) {
            out.append(',').append(label).append("=\"").append(labelValue).append('"');
        }
        out.append("} ").append(value).append('\n');
    }

    static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
