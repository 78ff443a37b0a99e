package net.lbd.core.runtime;

import java.util.Map;
import net.lbd.core.backend.ServerState;

/**
 * One event loop at a moment. Immutable.
 *
 * @param pendingTasks that wait for it
 * @param clients client connections
 * @param openChannels connections to clients and servers
 * @param idle idle connections by server
 */
public record WorkerFacts(int pendingTasks, int clients, int openChannels, Map<ServerState, Integer> idle) {

    public WorkerFacts {
        idle = Map.copyOf(idle);
    }

    public int idleServerConnections() {
        return idle.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Idle connections to a server. */
    public int idleOf(ServerState server) {
        return idle.getOrDefault(server, 0);
    }
}
