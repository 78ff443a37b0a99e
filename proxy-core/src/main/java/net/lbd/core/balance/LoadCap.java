package net.lbd.core.balance;

import net.lbd.core.backend.Server;

/**
 * {@code hash-balance-factor}: how many streams a server may have before a hash goes on to the next one. Pure functions.
 * Source: HAProxy manual, "hash-balance-factor".
 */
final class LoadCap {

    /** No limit. */
    static final long NONE = -1;
    /** The cap of one unit of weight is kept in parts of this. */
    private static final long PART = 1 << 20;

    private LoadCap() { }

    /** What one unit of weight may carry, this stream included; {@link #NONE} for a factor of 0. */
    static long of(Candidates candidates, int group, int factorPercent) {
        if (factorPercent == 0) {
            return NONE;
        }
        long load = 1;
        long weights = 0;
        for (int i = 0; i < candidates.servers.length; i++) {
            if (candidates.isIn(group, i)) {
                load += candidates.servers[i].load();
                weights += candidates.servers[i].weight();
            }
        }
        return weights == 0 ? NONE : load * factorPercent * PART / (100 * weights);
    }

    /** Rounded up, so that one server at least always has room. */
    static boolean allows(Server server, long cap) {
        return cap == NONE || server.load() < (cap * server.weight() + PART - 1) / PART;
    }
}
