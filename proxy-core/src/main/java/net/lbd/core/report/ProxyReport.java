package net.lbd.core.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.core.stats.ProxyCounters;
import net.lbd.health.HealthSnapshot;

/**
 * The rows of {@code show stat}: frontends, servers and backends in the order of the configuration. Words and columns are HAProxy 2.6's,
 * because monitoring tools read them; a column that nothing here counts stays empty. Pure functions.
 * Source: HAProxy manual, management guide, "CSV format".
 */
public final class ProxyReport {

    /**
     * Which rows are wanted.
     *
     * @param proxy name or number; {@code -1}: all
     * @param types a bit for each, frontend 1, backend 2, server 4; -1: all
     * @param server number; -1: all
     */
    public record Filter(String proxy, int types, int server) {

        /** Everything. */
        public static final Filter ALL = new Filter("-1", -1, -1);

        boolean wants(ProxyEntry entry, StatRow.Kind kind, int serverId) {
            return wants(entry) && (types == -1 || (types & 1 << kind.ordinal()) != 0)
                    && (kind != StatRow.Kind.SERVER || server == -1 || server == serverId);
        }

        /** Whether it names this proxy. */
        public boolean wants(ProxyEntry entry) {
            return proxy.equals("-1") || proxy.equals(entry.name()) || proxy.equals(Integer.toString(entry.id()));
        }
    }

    private ProxyReport() { }

    /** The proxies of the configuration in force. */
    public static List<ProxyEntry> proxies(ReportSource source) {
        return source.runtime().map(ProxyEntry::list).orElse(List.of());
    }

    public static List<StatRow> rows(ReportSource source, Filter filter) {
        List<StatRow> rows = new ArrayList<>();
        for (ProxyEntry proxy : proxies(source)) {
            proxy.front().filter(f -> filter.wants(proxy, StatRow.Kind.FRONTEND, 0))
                    .ifPresent(front -> rows.add(frontendRow(proxy, front, source)));
            proxy.back().ifPresent(back -> {
                for (Server server : back.runtime().servers()) {
                    if (filter.wants(proxy, StatRow.Kind.SERVER, server.id())) {
                        rows.add(serverRow(proxy, back, server));
                    }
                }
                if (filter.wants(proxy, StatRow.Kind.BACKEND, 0)) {
                    rows.add(backendRow(proxy, back));
                }
            });
        }
        return rows;
    }

    private static StatRow frontendRow(ProxyEntry proxy, ProxyEntry.FrontSide front, ReportSource source) {
        var counters = front.runtime().counters();
        StatRow row = row(proxy, "FRONTEND", StatRow.Kind.FRONTEND, 0)
                .putCounters(counters, front.spec().mode())
                .put(StatField.DREQ, counters.deniedRequests.sum())
                .put(StatField.DRESP, counters.deniedResponses.sum())
                .put(StatField.EREQ, counters.requestErrors.sum())
                .put(StatField.CONN_TOT, counters.total.sum())
                .put(StatField.RATE, counters.sessionRate.perSecond())
                .put(StatField.RATE_MAX, counters.sessionRate.max())
                .put(StatField.RATE_LIM, front.spec().settings().find(ProxySettings.RATE_LIMIT_SESSIONS).orElse(0))
                .put(StatField.CONN_RATE, counters.entryRate.perSecond())
                .put(StatField.CONN_RATE_MAX, counters.entryRate.max())
                .put(StatField.MODE, mode(front.spec().mode()))
                .put(StatField.STATUS, source.isStopping() ? ReportSource.FrontendStatus.STOP : source.status(front.spec().name()))
                .put(StatField.INTERCEPTED, counters.intercepted.sum())
                .put(StatField.DCON, counters.deniedConnections.sum())
                .put(StatField.DSES, counters.deniedSessions.sum());
        if (front.spec().mode() == ProxyMode.HTTP) {
            row.put(StatField.REQ_RATE, counters.requestRate.perSecond())
                    .put(StatField.REQ_RATE_MAX, counters.requestRate.max())
                    .put(StatField.REQ_TOT, counters.requests.sum());
        }
        int limit = source.maxConnections(front.spec().name());
        if (limit > 0 || source.maxConnections() > 0) {
            row.put(StatField.SLIM, limit > 0 ? limit : source.maxConnections());
        }
        return row;
    }

    private static StatRow serverRow(ProxyEntry proxy, ProxyEntry.BackSide back, Server server) {
        ServerState state = server.state();
        StatRow row = row(proxy, server.name(), StatRow.Kind.SERVER, server.id())
                .putCounters(state.counters(), back.spec().mode())
                .putServerSide(state.counters(), back.spec().mode())
                .put(StatField.QCUR, state.queued())
                .put(StatField.QMAX, state.counters().maxQueued.get())
                .put(StatField.ERESP, state.counters().responseErrors.sum())
                .put(StatField.SRV_ABRT, state.counters().serverAborts.sum())
                .put(StatField.CONNECT, state.counters().connects.sum())
                .put(StatField.REUSE, state.counters().reuses.sum())
                .put(StatField.SRV_ICUR, state.counters().idle.sum())
                .put(StatField.IDLE_CONN_CUR, 0)
                .put(StatField.SAFE_CONN_CUR, state.counters().idle.sum())
                .put(StatField.USED_CONN_CUR, server.load())
                .put(StatField.WEIGHT, server.weight())
                .put(StatField.UWEIGHT, server.weight())
                .put(StatField.ACT, server.isBackup() ? 0 : 1)
                .put(StatField.BCK, server.isBackup() ? 1 : 0)
                .put(StatField.LASTCHG, state.sinceChange().toSeconds())
                .put(StatField.MODE, mode(back.spec().mode()));
        if (server.maxConnections() > 0) {
            row.put(StatField.SLIM, server.maxConnections());
        }
        if (server.limits().poolMax() >= 0) {
            row.put(StatField.SRC_ILIM, server.limits().poolMax());
        }
        if (server.maxQueue() > 0) {
            row.put(StatField.QLIMIT, server.maxQueue());
        }
        Optional<ServerSpec> spec = back.spec().server(server.name());
        spec.flatMap(s -> s.settings().find(ServerSettings.COOKIE)).ifPresent(value -> row.put(StatField.COOKIE, value));
        spec.ifPresent(s -> row.put(StatField.ADDR, s.address().text()));
        Optional<HealthSnapshot> health = state.health();
        row.put(StatField.STATUS, status(state));
        boolean agent = spec.map(s -> s.settings().get(ServerSettings.AGENT_CHECK)).orElse(false);
        if (health.isPresent() || agent) {
            row.put(StatField.CHKFAIL, state.failedChecks())
                    .put(StatField.CHKDOWN, state.downTransitions())
                    .put(StatField.DOWNTIME, state.downtime().toSeconds());
        }
        spec.flatMap(s -> s.settings().find(ServerSettings.TRACK)).ifPresent(track ->
                row.put(StatField.TRACKED, track.indexOf('/') < 0 ? proxy.name() + "/" + track : track));
        if (spec.map(s -> s.settings().get(ServerSettings.OBSERVE) != ServerSettings.Observe.NONE).orElse(false)) {
            row.put(StatField.HANAFAIL, state.failedObservations());
        }
        if (state.rampPercent() < 100) {
            row.put(StatField.THROTTLE, state.rampPercent());
        }
        if (agent && !state.isAgentOff()) {
            putAgent(row, state);
        }
        if (health.isPresent() && state.admin() != Admin.MAINT && !state.areChecksOff()) {
            putHealth(row, health.get());
        }
        return row;
    }

    private static StatRow backendRow(ProxyEntry proxy, ProxyEntry.BackSide back) {
        Backend backend = back.runtime();
        List<Server> usable = backend.servers().stream().filter(Server::isUsable).toList();
        long active = usable.stream().filter(s -> !s.isBackup()).count();
        boolean up = !usable.isEmpty() || backend.servers().isEmpty();
        int weight = usable.stream().filter(s -> active == 0 || !s.isBackup()).mapToInt(Server::weight).sum();
        StatRow row = row(proxy, "BACKEND", StatRow.Kind.BACKEND, 0)
                .putCounters(backend.counters(), back.spec().mode())
                .putServerSide(backend.counters(), back.spec().mode())
                .put(StatField.DREQ, backend.counters().deniedRequests.sum())
                .put(StatField.QCUR, backend.queue().size() + backend.servers().stream().mapToInt(s -> s.state().queued()).sum())
                .put(StatField.QMAX, backend.counters().maxQueued.get())
                .put(StatField.ERESP, sum(backend, c -> c.responseErrors))
                .put(StatField.SRV_ABRT, sum(backend, c -> c.serverAborts))
                .put(StatField.CONNECT, sum(backend, c -> c.connects))
                .put(StatField.REUSE, sum(backend, c -> c.reuses))
                .put(StatField.STATUS, up ? "UP" : "DOWN")
                .put(StatField.WEIGHT, weight)
                .put(StatField.UWEIGHT, weight)
                .put(StatField.ACT, active)
                .put(StatField.BCK, usable.size() - active)
                .put(StatField.MODE, mode(back.spec().mode()))
                .put(StatField.ALGO, back.spec().balance().algorithm());
        back.spec().settings().find(ProxySettings.COOKIE).ifPresent(cookie -> row.put(StatField.COOKIE, cookie.name()));
        return row;
    }

    private static long sum(Backend backend, Function<ProxyCounters, LongAdder> counter) {
        return backend.servers().stream().mapToLong(s -> counter.apply(s.state().counters()).sum()).sum();
    }

    private static StatRow row(ProxyEntry proxy, String name, StatRow.Kind kind, int serverId) {
        return new StatRow(kind, proxy.id(), serverId)
                .put(StatField.PXNAME, proxy.name())
                .put(StatField.SVNAME, name)
                .put(StatField.PID, 1)
                .put(StatField.IID, proxy.id())
                .put(StatField.SID, serverId)
                .put(StatField.TYPE, kind.ordinal());
    }

    private static void putHealth(StatRow row, HealthSnapshot health) {
        row.put(StatField.CHECK_RISE, health.rise())
                .put(StatField.CHECK_FALL, health.fall())
                .put(StatField.CHECK_HEALTH, health.health())
                .put(StatField.CHECK_STATUS, "INI")
                .put(StatField.CHECK_DESC, "Initializing");
        health.last().ifPresent(last -> {
            row.put(StatField.CHECK_STATUS, last.status().name())
                    .put(StatField.CHECK_DESC, last.status().description())
                    .put(StatField.CHECK_DURATION, last.duration().toMillis())
                    .put(StatField.LAST_CHK, last.info());
            last.code().ifPresent(code -> row.put(StatField.CHECK_CODE, code));
        });
    }

    private static void putAgent(StatRow row, ServerState state) {
        row.put(StatField.AGENT_STATUS, "INI")
                .put(StatField.AGENT_DESC, "Initializing")
                .put(StatField.AGENT_RISE, 1)
                .put(StatField.AGENT_FALL, 1)
                .put(StatField.AGENT_HEALTH, state.isDownByAgent() ? 0 : 1);
        state.agent().ifPresent(report -> {
            row.put(StatField.AGENT_STATUS, report.status())
                    .put(StatField.AGENT_DESC, report.description())
                    .put(StatField.AGENT_DURATION, report.millis())
                    .put(StatField.LAST_AGT, report.info());
            report.code().ifPresent(code -> row.put(StatField.AGENT_CODE, code));
        });
    }

    /** The state, with the steps that are taken on the way to the other: {@code UP 1/3}, {@code DOWN 1/2}. */
    private static String status(ServerState state) {
        if (state.admin() == Admin.MAINT) {
            return "MAINT";
        }
        if (state.isUnresolved()) {
            return "MAINT (resolution)";
        }
        if (state.isDownByAgent()) {
            return "DOWN (agent)";
        }
        if (state.isUp() && state.admin() == Admin.DRAIN) {
            return "DRAIN";
        }
        if (state.health().isEmpty() || state.areChecksOff()) {
            return !state.isUp() ? "DOWN" : state.isStopping() ? "NOLB" : "no check";
        }
        HealthSnapshot health = state.health().get();
        return switch (health.stage()) {
            case UP -> health.stopping() ? "NOLB" : "UP";
            case DOWN -> "DOWN";
            case UP_GOING_DOWN -> (health.stopping() ? "NOLB " : "UP ") + (health.health() - health.rise() + 1) + "/" + health.fall();
            case DOWN_GOING_UP -> "DOWN " + health.health() + "/" + health.rise();
        };
    }

    private static String mode(ProxyMode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
