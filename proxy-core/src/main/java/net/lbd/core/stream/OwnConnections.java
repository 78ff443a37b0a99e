package net.lbd.core.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.Ways;
import net.lbd.core.connect.LiveServers;
import net.lbd.core.connect.Opening;
import net.lbd.core.connect.ServerConnection;

/**
 * The idle server connections that belong to one client connection alone, because the client's identity
 * is bound to them or {@code http-reuse never} wants it so. They die with it, or with their server; a reload that
 * leaves the server as it is leaves them, so that a login of several legs outlives it. Event-loop confined.
 */
final class OwnConnections {

    private final List<ServerConnection> kept = new ArrayList<>(1);
    private final LiveServers live;

    OwnConnections(LiveServers live) {
        this.live = live;
    }

    /** The server of a backend to which the client has a connection that speaks for it. */
    Server boundServer(Backend backend) {
        for (int i = 0; i < kept.size(); i++) {
            ServerConnection connection = kept.get(i);
            if (connection.isBound() && connection.isUsable()) {
                Server server = among(backend.reached(), connection.server());
                if (server != Server.NONE && server.acceptsPersistent()) {
                    return server;
                }
            }
        }
        return Server.NONE;
    }

    /** By what it is, not by identity: a reload makes new servers of the same name. */
    private static Server among(List<Server> servers, Server wanted) {
        for (int i = 0; i < servers.size(); i++) {
            if (servers.get(i).takesConnectionsOf(wanted)) {
                return servers.get(i);
            }
        }
        return Server.NONE;
    }

    Optional<ServerConnection> take(Server server, Ways.Way way, Opening opening) {
        for (int i = kept.size() - 1; i >= 0; i--) {
            ServerConnection connection = kept.get(i);
            if (!connection.isUsable()) {
                kept.remove(i);
            } else if (server.takesConnectionsOf(connection.server()) && connection.beganWith(way, opening)) {
                kept.remove(i);
                return Optional.of(connection);
            }
        }
        return Optional.empty();
    }

    /**
     * Keeps a connection for the client's next exchange, or closes it if its server is gone.
     *
     * @param most {@code max-session-srv-conns}: how many are kept; the oldest make room
     */
    void keep(ServerConnection connection, int most) {
        if (most == 0 || !live.adopt(connection)) {
            connection.close();
            return;
        }
        while (kept.size() >= most) {
            kept.remove(0).close();
        }
        kept.add(connection);
    }

    /** The servers have changed: connections to those that are gone are closed. */
    void serversChanged() {
        kept.removeIf(connection -> {
            boolean gone = !live.adopt(connection);
            if (gone) {
                connection.close();
            }
            return gone;
        });
    }

    void close() {
        kept.forEach(ServerConnection::close);
        kept.clear();
    }
}
