package net.lbd.core.balance;

import java.util.ArrayList;
import java.util.List;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/**
 * {@code balance sticky}: one server for all streams, until it goes down; then the next, which stays the one when the
 * first is back. A server that comes back goes to the end of the line. Thread-safe: guarded by its own lock. Source:
 * HAProxy manual 3.x, "balance".
 */
final class StickyServer implements LoadBalancer {

    private final Candidates candidates;
    /** Indexes of the servers, the one of all streams first. */
    private final List<Integer> line = new ArrayList<>();

    StickyServer(Candidates candidates) {
        this.candidates = candidates;
    }

    @Override
    public boolean isKeyed() {
        return true;
    }

    @Override
    public synchronized Server choose(Stream stream, Server avoid) {
        int group = candidates.group();
        if (group == Candidates.NOBODY) {
            return Server.NONE;
        }
        line.removeIf(i -> !candidates.isIn(group, i));
        for (int i = 0; i < candidates.servers.length; i++) {
            if (candidates.isIn(group, i) && !line.contains(i)) {
                line.add(i);
            }
        }
        return candidates.first(stream, avoid, group, line.size(), line::get);
    }
}
