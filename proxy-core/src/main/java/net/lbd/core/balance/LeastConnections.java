package net.lbd.core.balance;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/**
 * {@code balance leastconn}: the server with the fewest connections for its weight; of equals the one
 * whose last turn is longest ago. Found by watching HAProxy: an idle server counts 0, one with n
 * connections (n + 1) / weight. Thread-safe without a lock: a place is taken only if the server still has the load that it was
 * chosen for, so that of two loops that choose the same server at one instant one looks again. Loads that grow in between make
 * the choice no worse; so when the place is taken, no server has been better since the look, but one that has just got rid of a connection.
 */
final class LeastConnections implements LoadBalancer {

    private static final long NOBODY = -1;

    private final Candidates candidates;
    private final AtomicLong turns = new AtomicLong();
    /** When each server was chosen last. */
    private final AtomicLongArray lastTurns;

    LeastConnections(Candidates candidates) {
        this.candidates = candidates;
        this.lastTurns = new AtomicLongArray(candidates.servers.length);
    }

    @Override
    public boolean goesByLoads() {
        return true;
    }

    @Override
    public Server choose(Stream stream, Server avoid) {
        long best = best(stream, avoid);
        if (best == NOBODY) {
            return Server.NONE;
        }
        lastTurns.set(index(best), turns.incrementAndGet());
        return candidates.servers[index(best)];
    }

    @Override
    public Server take(Stream stream, Server avoid) {
        for (long best = best(stream, avoid); best != NOBODY; best = best(stream, avoid)) {
            Server server = candidates.servers[index(best)];
            if (server.acquireAt(load(best))) {
                lastTurns.set(index(best), turns.incrementAndGet());
                return server;
            }
        }
        return Server.NONE;
    }

    /** The best server's index, and the load that it was seen with; {@link #NOBODY} if none has room. */
    private long best(Stream stream, Server avoid) {
        int group = candidates.group();
        if (group == Candidates.NOBODY) {
            return NOBODY;
        }
        Server[] servers = candidates.servers;
        int best = -1;
        int bestLoad = 0;
        int failed = -1;
        int failedLoad = 0;
        int last = -1;
        int lastLoad = 0;
        for (int i = 0; i < servers.length; i++) {
            Server server = servers[i];
            int load = server.load();
            // Who has waited goes before those who have not.
            if (!candidates.isIn(group, i) || !server.hasRoom(load) || server.state().queued() > 0 && !stream.hasQueued()) {
                continue;
            }
            if (server == avoid) {
                last = i;
                lastLoad = load;
            } else if (stream.hasFailedOn(server)) {
                // Who refuses everybody has the fewest connections of all.
                if (failed < 0 || isBetter(i, load, failed, failedLoad)) {
                    failed = i;
                    failedLoad = load;
                }
            } else if (best < 0 || isBetter(i, load, best, bestLoad)) {
                best = i;
                bestLoad = load;
            }
        }
        if (best >= 0) {
            return found(best, bestLoad);
        }
        return failed >= 0 ? found(failed, failedLoad) : last >= 0 ? found(last, lastLoad) : NOBODY;
    }

    private static long found(int index, int load) {
        return (long) index << 32 | load;
    }

    private static int index(long found) {
        return (int) (found >> 32);
    }

    private static int load(long found) {
        return (int) found;
    }

    private boolean isBetter(int i, int load, int best, int bestLoad) {
        // Compared crosswise: no division, no rounding.
        long mine = (load == 0 ? 0 : load + 1L) * candidates.servers[best].effectiveWeight();
        long others = (bestLoad == 0 ? 0 : bestLoad + 1L) * candidates.servers[i].effectiveWeight();
        return mine != others ? mine < others : lastTurns.get(i) < lastTurns.get(best);
    }
}
