package net.lbd.cli.reload;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.listen.Frontend;
import net.lbd.core.runtime.ProxyRuntime;
import net.lbd.core.stats.ProxyCounters;

/**
 * How the servers are and how the traffic fares at a moment, and whether a later moment is worse: what {@code reload if-healthy} goes back
 * for. Immutable.
 *
 * <table>
 * <caption>What is worse</caption>
 * <tr><th>what</th><th>than before</th></tr>
 * <tr><td>a server that both configurations have is down by its check or agent</td><td>it was up</td></tr>
 * <tr><td>a backend with servers has none that takes traffic</td><td>it had one, or was not there</td></tr>
 * <tr><td>answers 5xx, of all answers; connections to servers that fail, of all that are tried</td><td>{@value #LEAST} at least, and a
 * share that is twice the former one and 5 percentage points above it</td></tr>
 * </table>
 */
record Condition(Map<String, Boolean> servers, Map<String, Integer> usable, Traffic traffic) {

    /** Fewer failures than this say nothing: a single one may be anybody's. */
    static final int LEAST = 10;

    Condition {
        servers = Map.copyOf(servers);
        usable = Map.copyOf(usable);
    }

    /** Counted since the start of the process; {@code tries} are connections to servers, failed ones among them. */
    record Traffic(long answers, long errors, long tries, long failures) {

        Traffic since(Traffic earlier) {
            // 'clear counters all' in between makes them smaller.
            return new Traffic(Math.max(0, answers - earlier.answers), Math.max(0, errors - earlier.errors),
                    Math.max(0, tries - earlier.tries), Math.max(0, failures - earlier.failures));
        }
    }

    static Condition of(ProxyRuntime runtime) {
        Map<String, Boolean> servers = new LinkedHashMap<>();
        Map<String, Integer> usable = new LinkedHashMap<>();
        long answers = 0;
        long errors = 0;
        long tries = 0;
        long failures = 0;
        for (Frontend frontend : runtime.frontends()) {
            for (int kind = 1; kind <= 5; kind++) {
                answers += frontend.counters().responses(kind).sum();
            }
            errors += frontend.counters().responses(5).sum();
        }
        for (Backend backend : runtime.backends()) {
            for (Server server : backend.servers()) {
                // What the administrator has taken out, or the file, is not down by its health.
                if (server.state().admin() == ServerState.Admin.READY) {
                    servers.put(backend.name() + "/" + server.name(), server.state().isUp());
                }
            }
            if (servers.keySet().stream().anyMatch(name -> name.startsWith(backend.name() + "/"))) {
                usable.put(backend.name(), backend.usableServers());
            }
            for (Server server : backend.servers()) {
                ProxyCounters counters = server.state().counters();
                tries += counters.connects.sum();
                failures += counters.connectErrors.sum();
            }
        }
        return new Condition(servers, usable, new Traffic(answers, errors, tries, failures));
    }

    /**
     * Whether it is worse than before.
     *
     * @param usual what went on for a while before the change
     * @param since what has gone on since the change
     * @return what is worse, in a sentence without its end
     */
    Optional<String> worseThan(Condition before, Traffic usual, Traffic since) {
        for (Map.Entry<String, Boolean> server : servers.entrySet()) {
            if (!server.getValue() && before.servers.getOrDefault(server.getKey(), false)) {
                return Optional.of("server " + server.getKey() + " was up and is down");
            }
        }
        for (Map.Entry<String, Integer> backend : usable.entrySet()) {
            if (backend.getValue() == 0 && before.usable.getOrDefault(backend.getKey(), 1) > 0) {
                return Optional.of("backend " + backend.getKey() + " has no server that takes traffic");
            }
        }
        return worse("answers are 5xx", usual.errors, usual.answers, since.errors, since.answers)
                .or(() -> worse("connections to servers fail", usual.failures, usual.tries, since.failures, since.tries));
    }

    private static Optional<String> worse(String what, long badBefore, long allBefore, long bad, long all) {
        double before = allBefore == 0 ? 0 : (double) badBefore / allBefore;
        double now = all == 0 ? 0 : (double) bad / all;
        return bad >= LEAST && now >= 2 * before && now >= before + 0.05
                ? Optional.of(String.format(Locale.ROOT, "%d of %d %s (%.1f %%; before: %.1f %%)", bad, all, what, now * 100, before * 100))
                : Optional.empty();
    }
}
