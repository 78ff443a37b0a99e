package net.lbd.cli.admin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.cli.admin.DaemonStatus.Row;
import net.lbd.cli.admin.SessionList.Session;

/**
 * What the daemon told at one moment; rates come from two of them. Immutable.
 *
 * @param nanos of {@link System#nanoTime} when the answer came
 * @param polls how many long polls are under way, by {@link #key}; empty where sessions could not be listed
 */
record TopSample(long nanos, DaemonStatus status, Optional<Map<String, Integer>> polls) {

    /** As {@code lbctl sessions --long-polls} counts: a request that has been open this long waits for news. */
    static final long LONG_POLL_MILLIS = 30_000;

    TopSample {
        polls = polls.map(Map::copyOf);
    }

    /** One name for a line of {@code show stat}: a frontend and a backend may share theirs. */
    static String key(Row row) {
        return row.isFrontend() ? frontend(row.proxy()) : row.isBackend() ? backend(row.proxy()) : server(row.proxy(), row.name());
    }

    /** Counts the long polls of each frontend, backend and server. */
    static Map<String, Integer> polls(List<Session> sessions) {
        Map<String, Integer> polls = new HashMap<>();
        for (Session session : sessions) {
            if (session.openMillis() >= LONG_POLL_MILLIS) {
                polls.merge(frontend(session.frontend()), 1, Integer::sum);
                if (!session.backend().isEmpty()) {
                    polls.merge(backend(session.backend()), 1, Integer::sum);
                }
                if (!session.server().isEmpty()) {
                    polls.merge(server(session.backend(), session.server()), 1, Integer::sum);
                }
            }
        }
        return polls;
    }

    private static String frontend(String name) {
        return "frontend " + name;
    }

    private static String backend(String name) {
        return "backend " + name;
    }

    private static String server(String backend, String name) {
        return "server " + backend + "/" + name;
    }
}
