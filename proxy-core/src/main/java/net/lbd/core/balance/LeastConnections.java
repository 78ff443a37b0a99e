package net.lbd.core.balance;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/**
 * {@code balance leastconn}: the server with the fewest connections for its weight; of equals the one
 * whose last turn is longest ago. Found by watching HAProxy: an idle server counts 0, one with n
 * connections (n + 1) / weight. Thread-safe without a lock: two loops that choose at one instant may see
 * the same loads and choose the same server, as the load is counted when the stream takes its place.
 */
final class LeastConnections implements LoadBalancer {

    private final Candidates candidates;
    private final AtomicLong turns = new AtomicLong();
    /** When each server was chosen last. */
    private final AtomicLongArray lastTurns;

    LeastConnections(Candidates candidates) {
        this.candidates = candidates;
        this.lastTurns = new AtomicLongArray(candidates.servers.length);
    }

    @Override
    public Server choose(Stream stream, Server avoid) {
        int group = candidates.group();
        if (group == Candidates.NOBODY) {
            return Server.NONE;
        }
        Server[] servers = candidates.servers;
        int best = -1;
        long bestLoad = 0;
        boolean avoided = false;
        for (int i = 0; i < servers.length; i++) {
            Server server = servers[i];
            if (!candidates.isIn(group, i) || server.isFull()) {
                continue;
            }
            if (server == avoid) {
                avoided = true;
                continue;
            }
            int connections = server.load();
            long load = connections == 0 ? 0 : connections + 1;
            if (best < 0 || isBetter(i, load, best, bestLoad)) {
                best = i;
                bestLoad = load;
            }
        }
        if (best < 0) {
            return avoided ? avoid : Server.NONE;
        }
        lastTurns.set(best, turns.incrementAndGet());
        return servers[best];
    }

    private boolean isBetter(int i, long load, int best, long bestLoad) {
        // Compared crosswise: no division, no rounding.
        long mine = load * candidates.servers[best].effectiveWeight();
        long others = bestLoad * candidates.servers[i].effectiveWeight();
        return mine != others ? mine < others : lastTurns.get(i) < lastTurns.get(best);
    }
}
