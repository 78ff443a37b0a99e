package net.lbd.core.connect;

import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;

/**
 * The servers of the configuration in force, as the worker's idle connections need to know them: a connection rests,
 * in the pool or with its client, only as long as its server is there and is reached in the same way. Until it is told of
 * any, every server is. Event-loop confined.
 */
public final class LiveServers {

    private Optional<Map<ServerState, Server>> byState = Optional.empty();

    /** Takes the servers of the configuration that is in force now. */
    public void replace(Collection<Server> servers) {
        Map<ServerState, Server> map = new IdentityHashMap<>();
        servers.forEach(server -> map.put(server.state(), server));
        byState = Optional.of(map);
    }

    /**
     * Hands an idle connection over to its server as it is configured now.
     *
     * @return false if that server is gone or is reached otherwise: the connection must be closed
     */
    public boolean adopt(ServerConnection idle) {
        if (byState.isEmpty()) {
            return true;
        }
        Server now = byState.get().get(idle.server().state());
        if (now == null || !now.takesConnectionsOf(idle.server())) {
            return false;
        }
        idle.moveTo(now);
        return true;
    }
}
