package net.lbd.cli.command;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.cli.command.Command.Invocation;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.core.backend.ServerState;
import net.lbd.core.report.ProxyEntry;
import net.lbd.core.report.ProxyReport;
import net.lbd.core.report.ReportFormat;
import net.lbd.core.report.ReportSchema;
import net.lbd.core.report.ReportSource;
import net.lbd.core.report.StatField;
import net.lbd.core.report.StatRow;
import net.lbd.core.runtime.TrafficControl;
import net.lbd.core.runtime.WorkerFacts;
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
            Command.of("show schema json", "", Level.USER, "report schema used for stats", i -> ReportSchema.json()),
            Command.of("show stat", "[<proxy>|-1 [<type> <sid>]] [desc|json|no-maint|typed|up]*", Level.USER,
                    "report counters for each proxy and server", StatCommands::showStat),
            Command.of("show backend", "", Level.USER, "list backends in the current running config", StatCommands::showBackend),
            Command.of("show servers conn", "[<backend>]", Level.USER,
                    "dump server connections status (all or for a single backend)", StatCommands::showServersConn),
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

    private static final List<String> OPTIONS = List.of("desc", "json", "no-maint", "typed", "up");

    private StatCommands() { }

    private static String showStat(Invocation invocation) throws CommandException {
        List<String> words = invocation.arguments();
        int options = words.isEmpty() || OPTIONS.contains(words.get(0)) ? 0
                : words.size() == 1 || OPTIONS.contains(words.get(1)) ? 1 : 3;
        ProxyReport.Filter filter = filter(invocation, options);
        Set<String> wanted = new HashSet<>(words.subList(Math.min(options, words.size()), words.size()));
        for (String option : wanted) {
            if (!OPTIONS.contains(option)) {
                throw new CommandException("'show stat': '" + option + "' is none of desc, json, no-maint, typed, up.");
            }
        }
        ReportSource source = invocation.daemon().engine().report();
        if (!filter.proxy().equals("-1") && ProxyReport.proxies(source).stream().noneMatch(filter::wants)) {
            throw new CommandException("No such proxy.");
        }
        List<StatRow> rows = ProxyReport.rows(source, filter).stream().filter(row -> isShown(row, wanted)).toList();
        return wanted.contains("json") ? ReportFormat.json(rows)
                : wanted.contains("typed") ? ReportFormat.typed(rows, wanted.contains("desc")) : ReportFormat.csv(rows);
    }

    private static ProxyReport.Filter filter(Invocation invocation, int given) throws CommandException {
        if (given == 0) {
            return ProxyReport.Filter.ALL;
        }
        return new ProxyReport.Filter(invocation.argument(0),
                given == 1 ? -1 : number(invocation.argument(1)), given == 1 ? -1 : number(invocation.argument(2)));
    }

    private static int number(String text) throws CommandException {
        try {
            return text.isEmpty() ? -1 : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new CommandException("'" + text + "' is not a number.");
        }
    }

    /** Servers that are down or in maintenance may be left out; proxies never are. */
    private static boolean isShown(StatRow row, Set<String> options) {
        String status = row.text(StatField.STATUS);
        boolean maintenance = status.startsWith("MAINT");
        boolean down = maintenance || status.startsWith("DOWN");
        return row.kind() != StatRow.Kind.SERVER || !(options.contains("up") && down || options.contains("no-maint") && maintenance);
    }

    private static String showBackend(Invocation invocation) {
        StringBuilder answer = new StringBuilder("# name\n");
        proxies(invocation).stream().filter(p -> p.back().isPresent()).forEach(p -> answer.append(p.name()).append('\n'));
        return answer.toString();
    }

    /** Idle connections are all safe for any client here: others are never kept; how many will be needed is not guessed. */
    private static String showServersConn(Invocation invocation) throws CommandException {
        List<WorkerFacts> workers = invocation.daemon().engine().traffic().map(TrafficControl::workers).orElse(List.of());
        StringBuilder answer = new StringBuilder("# bkname/svname bkid/svid addr port - purge_delay used_cur used_max need_est unsafe_nb"
                + " safe_nb idle_lim idle_cur idle_per_thr[").append(workers.size()).append("]\n");
        for (ProxyEntry proxy : chosen(invocation)) {
            BackendSpec backend = proxy.back().orElseThrow().spec();
            for (Server server : proxy.back().orElseThrow().runtime().servers()) {
                backend.server(server.name()).ifPresent(spec -> appendConnections(answer, proxy, server, spec, workers));
            }
        }
        return answer.toString();
    }

    private static void appendConnections(StringBuilder out, ProxyEntry proxy, Server server, ServerSpec spec, List<WorkerFacts> workers) {
        int idle = workers.stream().mapToInt(w -> w.idleOf(server.state())).sum();
        out.append(proxy.name()).append('/').append(server.name()).append(' ').append(proxy.id()).append('/').append(server.id())
                .append(' ').append(address(server, spec.address())).append(' ').append(port(server.state().place(), spec.address()))
                .append(" - ").append(server.limits().poolPurgeDelayMillis())
                .append(' ').append(server.load()).append(' ').append(server.state().counters().max.get()).append(" 0 0 ")
                .append(idle).append(' ').append(server.limits().poolMax()).append(' ').append(idle);
        workers.forEach(worker -> out.append(' ').append(worker.idleOf(server.state())));
        out.append('\n');
    }

    /** The backends that the first argument chooses; all without one. */
    private static List<ProxyEntry> chosen(Invocation invocation) throws CommandException {
        String wanted = invocation.argument(0);
        List<ProxyEntry> proxies = proxies(invocation).stream()
                .filter(p -> p.back().isPresent() && (wanted.isEmpty() || p.name().equals(wanted)))
                .toList();
        if (proxies.isEmpty() && !wanted.isEmpty()) {
            throw new CommandException("Can't find backend.");
        }
        return proxies;
    }

    private static String showServersState(Invocation invocation) throws CommandException {
        List<ProxyEntry> proxies = chosen(invocation);
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
                .append(' ').append(state.sinceChange().toSeconds())
                .append(' ').append(checkNumber)
                .append(' ').append(checkResult)
                .append(' ').append(health)
                .append(' ').append(checkState)
                // agent state, in bits as that of the check; whether the ids were given by the configuration
                .append(' ').append(!settings.get(ServerSettings.AGENT_CHECK) ? 0 : state.isAgentOff() ? 18 : 22).append(" 0 0 ")
                .append(fqdn).append(' ').append(port(place, spec.address()))
                .append(' ').append(ofService ? configured : "-").append(' ').append(settings.get(ServerSettings.SSL) ? 1 : 0)
                .append(' ').append(state.checkAsked().port().or(() -> settings.find(ServerSettings.CHECK_PORT)).orElse(0))
                .append(' ').append(asked(state.checkAsked(), settings.find(ServerSettings.CHECK_ADDR)))
                .append(' ').append(asked(state.agentAsked(), settings.find(ServerSettings.AGENT_ADDR).or(() -> settings.find(ServerSettings.CHECK_ADDR))))
                .append(' ').append(state.agentAsked().port().or(() -> settings.find(ServerSettings.AGENT_PORT))
                        .or(() -> settings.find(ServerSettings.CHECK_PORT)).orElse(0)).append('\n');
    }

    private static String asked(ServerState.Asked said, Optional<AddressSpec> configured) {
        return said.address().map(InetAddress::getHostAddress).or(() -> configured.map(AddressSpec::text)).orElse("-");
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
        return ProxyReport.proxies(invocation.daemon().engine().report());
    }
}
