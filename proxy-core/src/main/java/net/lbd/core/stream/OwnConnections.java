package net.lbd.core.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.connect.ServerConnection;

/**
 * The idle server connections that belong to one client connection alone, because the client's identity
 * is bound to them or {@code http-reuse never} wants it so. They die with it. Event-loop confined.
 */
final class OwnConnections {

    /** As HAProxy's {@code max-session-srv-conns}. */
    private static final int MAX = 5;

    private record Kept(Backend backend, ServerConnection connection) { }

    private final List<Kept> kept = new ArrayList<>(1);

    Server boundServer(Backend backend) {
        for (int i = 0; i < kept.size(); i++) {
            Kept k = kept.get(i);
            if (k.backend == backend && k.connection.isBound() && k.connection.isUsable()
                    && k.connection.server().acceptsPersistent()) {
                return k.connection.server();
            }
        }
        return Server.NONE;
    }

    Optional<ServerConnection> take(Server server, String sni) {
        for (int i = kept.size() - 1; i >= 0; i--) {
            ServerConnection connection = kept.get(i).connection;
            if (!connection.isUsable()) {
                kept.remove(i);
            } else if (connection.server() == server && connection.sni().equals(sni)) {
                kept.remove(i);
                return Optional.of(connection);
            }
        }
        return Optional.empty();
    }

    void keep(Backend backend, ServerConnection connection) {
        if (kept.size() == MAX) {
            kept.remove(0).connection.close();
        }
        kept.add(new Kept(backend, connection));
    }

    void close() {
        kept.forEach(k -> k.connection.close());
        kept.clear();
    }
}
