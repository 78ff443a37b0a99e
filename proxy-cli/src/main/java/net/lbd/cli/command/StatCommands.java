package net.lbd.cli.command;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.health.HealthSnapshot;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckStatus;

/**
 * Commands that report counters and states of proxies and servers. Rows, columns and words are HAProxy
 * 2.6's, because monitoring tools read them. Source: HAProxy manual, management guide, "CSV format" and
 * "show servers state".
 */
final class StatCommands {

    static final List<Command> TABLE = List.of(
            Command.of("show stat", "[<proxy>|-1 [<type> <sid>]]", Level.USER,
                    "report counters for each proxy and server, as CSV", StatCommands::showStat),
            Command.of("show servers state", "[<backend>]", Level.USER,
                    "dump volatile server information (all or for a single backend)",
                    StatCommands::showServersState));

    private static final String STATE_HEADER = "# be_id be_name srv_id srv_name srv_addr srv_op_state"
            + " srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status"
            + " srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id"
            + " srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr"
            + " srv_agent_port\n";

    /** HAProxy's numbers of check statuses in {@code show servers state}, as its output shows them. */
    private static final Map<CheckStatus, Integer> CHECK_NUMBERS = Map.ofEntries(
            Map.entry(CheckStatus.SOCKERR, 4), Map.entry(CheckStatus.L4OK, 6), Map.entry(CheckStatus.L4TOUT, 7),
            Map.entry(CheckStatus.L4CON, 8), Map.entry(CheckStatus.L6OK, 9), Map.entry(CheckStatus.L6TOUT, 10),
            Map.entry(CheckStatus.L6RSP, 11), Map.entry(CheckStatus.L7TOUT, 12), Map.entry(CheckStatus.L7RSP, 13),
            Map.entry(CheckStatus.L7OK, 15), Map.entry(CheckStatus.L7OKC, 16), Map.entry(CheckStatus.L7STS, 17),
            Map.entry(CheckStatus.HANA, 3), Map.entry(CheckStatus.PROCERR, 18), Map.entry(CheckStatus.PROCTOUT, 19),
            Map.entry(CheckStatus.PROCOK, 20));
    private static final int NEVER_CHECKED = 1;

    private static final int TYPE_FRONTEND = 0;
    private static final int TYPE_BACKEND = 1;
    private static final int TYPE_SERVER = 2;

    /** Which rows are wanted: HAProxy's triple of proxy, type bits (frontend 1, backend 2, server 4) and server. */
    private record Filter(String proxy, int types, int server) {

        static Filter of(Invocation invocation) throws CommandException {
            if (invocation.arguments().isEmpty()) {
                return new Filter("-1", -1, -1);
            }
            if (invocation.arguments().size() != 1 && invocation.arguments().size() != 3) {
                throw new CommandException("usage: show stat [<proxy>|-1 [<type> <sid>]]; typed and json output"
                        + " is not supported yet");
            }
            return new Filter(invocation.argument(0), number(invocation.argument(1)), number(invocation.argument(2)));
        }

        private static int number(String text) throws CommandException {
            try {
                return text.isEmpty() ? -1 : Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw new CommandException("'" + text + "' is not a number.");
            }
        }

        boolean wants(ProxyEntry proxy, int type, int serverId) {
            return (this.proxy.equals("-1") || this.proxy.equals(proxy.name())
                            || this.proxy.equals(Integer.toString(proxy.id())))
                    && (types == -1 || (types & 1 << type) != 0)
                    && (type != TYPE_SERVER || server == -1 || server == serverId);
        }
    }

    private StatCommands() { }

    private static String showStat(Invocation invocation) throws CommandException {
        Filter filter = Filter.of(invocation);
        List<ProxyEntry> proxies = proxies(invocation);
        if (!filter.proxy().equals("-1") && proxies.stream().noneMatch(p -> filter.wants(p, TYPE_FRONTEND, 0)
                || filter.wants(p, TYPE_BACKEND, 0) || filter.wants(p, TYPE_SERVER, filter.server()))) {
            throw new CommandException("No such proxy.");
        }
        StringBuilder answer = new StringBuilder(StatColumn.HEADER);
        for (ProxyEntry proxy : proxies) {
            proxy.front().filter(f -> filter.wants(proxy, TYPE_FRONTEND, 0))
                    .ifPresent(front -> frontendRow(proxy, front, invocation.daemon()).appendTo(answer));
            proxy.back().ifPresent(back -> {
                for (Server server : back.runtime().servers()) {
                    if (filter.wants(proxy, TYPE_SERVER, server.id())) {
                        serverRow(proxy, back, server).appendTo(answer);
                    }
                }
                if (filter.wants(proxy, TYPE_BACKEND, 0)) {
                    backendRow(proxy, back).appendTo(answer);
                }
            });
        }
        return answer.toString();
    }

    private static StatRow frontendRow(ProxyEntry proxy, ProxyEntry.FrontSide front, DaemonControl daemon) {
        var counters = front.runtime().counters();
        StatRow row = row(proxy, "FRONTEND", TYPE_FRONTEND, 0)
                .putCounters(counters, front.spec().mode())
                .put(StatColumn.DREQ, counters.deniedRequests.sum())
                .put(StatColumn.DRESP, counters.deniedResponses.sum())
                .put(StatColumn.EREQ, counters.requestErrors.sum())
                .put(StatColumn.CONN_TOT, counters.total.sum())
                .put(StatColumn.RATE, counters.sessionRate.perSecond())
                .put(StatColumn.RATE_MAX, counters.sessionRate.max())
                .put(StatColumn.RATE_LIM, front.spec().settings().find(ProxySettings.RATE_LIMIT_SESSIONS).orElse(0))
                .put(StatColumn.CONN_RATE, counters.entryRate.perSecond())
                .put(StatColumn.CONN_RATE_MAX, counters.entryRate.max())
                .put(StatColumn.MODE, mode(front.spec().mode()))
                .put(StatColumn.STATUS, daemon.isStopping() ? "STOP" : "OPEN");
        if (front.spec().mode() == ProxyMode.HTTP) {
            row.put(StatColumn.REQ_RATE, counters.requestRate.perSecond()).put(StatColumn.REQ_RATE_MAX, counters.requestRate.max());
        }
        front.spec().settings().find(ProxySettings.MAXCONN).ifPresent(limit -> row.put(StatColumn.SLIM, limit));
        return row;
    }

    private static StatRow serverRow(ProxyEntry proxy, ProxyEntry.BackSide back, Server server) {
        ServerState state = server.state();
        StatRow row = row(proxy, server.name(), TYPE_SERVER, server.id())
                .putCounters(state.counters(), back.spec().mode())
                .putServerSide(state.counters(), back.spec().mode())
                .put(StatColumn.QCUR, state.queued())
                .put(StatColumn.QMAX, 0)
                .put(StatColumn.WEIGHT, server.weight())
                .put(StatColumn.UWEIGHT, server.weight())
                .put(StatColumn.ACT, server.isBackup() ? 0 : 1)
                .put(StatColumn.BCK, server.isBackup() ? 1 : 0)
                .put(StatColumn.LASTCHG, secondsSince(state.since()))
                .put(StatColumn.MODE, mode(back.spec().mode()));
        if (server.maxConnections() > 0) {
            row.put(StatColumn.SLIM, server.maxConnections());
        }
        Optional<ServerSpec> spec = back.spec().server(server.name());
        spec.ifPresent(s -> row.put(StatColumn.ADDR, s.address().text()));
        Optional<HealthSnapshot> health = state.health();
        row.put(StatColumn.STATUS, status(state));
        boolean agent = spec.map(s -> s.settings().get(ServerSettings.AGENT_CHECK)).orElse(false);
        if (health.isPresent() || agent) {
            row.put(StatColumn.CHKFAIL, state.failedChecks())
                    .put(StatColumn.CHKDOWN, state.downTransitions())
                    .put(StatColumn.DOWNTIME, state.downtime().toSeconds());
        }
        spec.flatMap(s -> s.settings().find(ServerSettings.TRACK)).ifPresent(track ->
                row.put(StatColumn.TRACKED, track.indexOf('/') < 0 ? proxy.name() + "/" + track : track));
        if (spec.map(s -> s.settings().get(ServerSettings.OBSERVE) != ServerSettings.Observe.NONE).orElse(false)) {
            row.put(StatColumn.HANAFAIL, state.failedObservations());
        }
        if (state.rampPercent() < 100) {
            row.put(StatColumn.THROTTLE, state.rampPercent());
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
        return row(proxy, "BACKEND", TYPE_BACKEND, 0)
                .putCounters(backend.counters(), back.spec().mode())
                .putServerSide(backend.counters(), back.spec().mode())
                .put(StatColumn.DREQ, backend.counters().deniedRequests.sum())
                .put(StatColumn.QCUR, backend.queue().size())
                .put(StatColumn.STATUS, up ? "UP" : "DOWN")
                .put(StatColumn.WEIGHT, weight)
                .put(StatColumn.UWEIGHT, weight)
                .put(StatColumn.ACT, active)
                .put(StatColumn.BCK, usable.size() - active)
                .put(StatColumn.MODE, mode(back.spec().mode()))
                .put(StatColumn.ALGO, back.spec().balance().algorithm());
    }

    private static StatRow row(ProxyEntry proxy, String name, int type, int serverId) {
        return new StatRow()
                .put(StatColumn.PXNAME, proxy.name())
                .put(StatColumn.SVNAME, name)
                .put(StatColumn.PID, 1)
                .put(StatColumn.IID, proxy.id())
                .put(StatColumn.SID, serverId)
                .put(StatColumn.TYPE, type);
    }

    private static void putHealth(StatRow row, HealthSnapshot health) {
        row.put(StatColumn.CHECK_RISE, health.rise())
                .put(StatColumn.CHECK_FALL, health.fall())
                .put(StatColumn.CHECK_HEALTH, health.health())
                .put(StatColumn.CHECK_STATUS, "INI")
                .put(StatColumn.CHECK_DESC, "Initializing");
        health.last().ifPresent(last -> {
            row.put(StatColumn.CHECK_STATUS, last.status().name())
                    .put(StatColumn.CHECK_DESC, last.status().description())
                    .put(StatColumn.CHECK_DURATION, last.duration().toMillis())
                    .put(StatColumn.LAST_CHK, last.info());
            last.code().ifPresent(code -> row.put(StatColumn.CHECK_CODE, code));
        });
    }

    private static void putAgent(StatRow row, ServerState state) {
        row.put(StatColumn.AGENT_STATUS, "INI")
                .put(StatColumn.AGENT_DESC, "Initializing")
                .put(StatColumn.AGENT_RISE, 1)
                .put(StatColumn.AGENT_FALL, 1)
                .put(StatColumn.AGENT_HEALTH, state.isDownByAgent() ? 0 : 1);
        state.agent().ifPresent(report -> {
            row.put(StatColumn.AGENT_STATUS, report.status())
                    .put(StatColumn.AGENT_DESC, report.description())
                    .put(StatColumn.AGENT_DURATION, report.millis())
                    .put(StatColumn.LAST_AGT, report.info());
            report.code().ifPresent(code -> row.put(StatColumn.AGENT_CODE, code));
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

    private static long secondsSince(Instant then) {
        return Math.max(0, Duration.between(then, Instant.now()).toSeconds());
    }

    private static String showServersState(Invocation invocation) throws CommandException {
        String wanted = invocation.argument(0);
        List<ProxyEntry> proxies = proxies(invocation).stream()
                .filter(p -> p.back().isPresent() && (wanted.isEmpty() || p.name().equals(wanted)))
                .toList();
        if (proxies.isEmpty() && !wanted.isEmpty()) {
            throw new CommandException("Can't find backend.");
        }
        StringBuilder answer = new StringBuilder("1\n").append(STATE_HEADER);
        for (ProxyEntry proxy : proxies) {
            BackendSpec backend = proxy.back().orElseThrow().spec();
            for (Server server : proxy.back().orElseThrow().runtime().servers()) {
                backend.server(server.name()).ifPresent(spec -> appendState(answer, proxy, server, spec));
            }
        }
        return answer.toString();
    }

    private static void appendState(StringBuilder out, ProxyEntry proxy, Server server, ServerSpec spec) {
        ServerState state = server.state();
        var settings = spec.settings();
        boolean checked = settings.get(ServerSettings.CHECK);
        boolean maintenance = state.admin() == Admin.MAINT;
        boolean running = state.isUp() && !maintenance;
        ServerState.Place place = state.place();
        boolean ofService = spec.address() instanceof AddressSpec.Host label && label.name().startsWith("_");
        int adminBits = (maintenance ? 0x01 : state.admin() == Admin.DRAIN ? 0x08 : 0) | (state.isUnresolved() ? 0x20 : 0)
                | (place.hostName().isPresent() ? 0x40 : 0);
        Optional<CheckResult> last = state.health().flatMap(HealthSnapshot::last);
        int checkNumber = last.map(r -> CHECK_NUMBERS.get(r.status())).orElse(NEVER_CHECKED);
        int checkResult = last.map(r -> r.passed() ? 3 : 2).orElse(0);
        int health = maintenance || state.isUnresolved() ? 0
                : state.health().map(HealthSnapshot::health).orElseGet(() -> settings.get(ServerSettings.RISE));
        // Bits: configured 2, enabled 4, paused 8.
        int checkState = !checked ? 0 : maintenance || state.isUnresolved() ? 14 : 6;
        String configured = spec.address() instanceof AddressSpec.Host host ? host.name() : "-";
        String fqdn = place.hostName().orElse(ofService ? "-" : configured);
        out.append(proxy.id()).append(' ').append(proxy.name())
                .append(' ').append(server.id()).append(' ').append(server.name())
                .append(' ').append(address(server, spec.address()))
                .append(' ').append(!running ? 0 : state.isStopping() ? 3 : 2)
                .append(' ').append(adminBits)
                .append(' ').append(server.weight())
                .append(' ').append(settings.get(ServerSettings.WEIGHT))
                .append(' ').append(secondsSince(state.since()))
                .append(' ').append(checkNumber)
                .append(' ').append(checkResult)
                .append(' ').append(health)
                .append(' ').append(checkState)
                // agent state, in bits as that of the check; whether the ids were given by the configuration
                .append(' ').append(!settings.get(ServerSettings.AGENT_CHECK) ? 0 : state.isAgentOff() ? 18 : 22).append(" 0 0 ")
                .append(fqdn).append(' ').append(port(place, spec.address()))
                .append(' ').append(ofService ? configured : "-").append(' ').append(settings.get(ServerSettings.SSL) ? 1 : 0)
                .append(' ').append(settings.find(ServerSettings.CHECK_PORT).orElse(0))
                .append(' ').append(settings.find(ServerSettings.CHECK_ADDR).map(AddressSpec::text).orElse("-"))
                .append(' ').append(settings.find(ServerSettings.AGENT_ADDR).map(AddressSpec::text).orElse("-"))
                .append(' ').append(settings.find(ServerSettings.AGENT_PORT).orElse(0)).append('\n');
    }

    private static String address(Server server, AddressSpec spec) {
        if (spec instanceof AddressSpec.Unix unix) {
            return unix.path();
        }
        return server.address(port(spec))
                .filter(InetSocketAddress.class::isInstance)
                .map(a -> ((InetSocketAddress) a).getAddress().getHostAddress())
                .orElse("-");
    }

    private static int port(ServerState.Place place, AddressSpec spec) {
        return place.address().map(a -> a instanceof InetSocketAddress inet ? inet.getPort() : 0).orElseGet(() -> port(spec));
    }

    private static int port(AddressSpec spec) {
        PortSpec port = spec instanceof AddressSpec.Ip ip ? ip.port()
                : spec instanceof AddressSpec.Host host ? host.port() : PortSpec.NONE;
        return port instanceof PortSpec.Fixed fixed ? fixed.port() : 0;
    }

    private static List<ProxyEntry> proxies(Invocation invocation) {
        return invocation.daemon().engine().runtime().map(ProxyEntry::list).orElse(List.of());
    }
}
