package net.lbd.core.runtime;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.health.HealthSnapshot;

/**
 * The value of {@code X-Haproxy-Server-State}: how a server is seen. Stateless. Source: HAProxy manual, "http-check
 * send-state"; the form was compared with HAProxy 2.6.
 */
final class StateHeader {

    private StateHeader() { }

    /** @param node the name of this machine */
    static String of(Backend backend, Server server, SocketAddress address, String node) {
        boolean inet = address instanceof InetSocketAddress;
        int weights = 0;
        int load = 0;
        for (Server other : backend.servers()) {
            load += other.load();
            weights += other.isUsable() && other.isBackup() == server.isBackup() ? other.weight() : 0;
        }
        return state(server) + "; address=" + (inet ? ((InetSocketAddress) address).getHostString() : "unix")
                + "; port=" + (inet ? Integer.toString(((InetSocketAddress) address).getPort()) : "unix")
                + "; name=" + backend.name() + "/" + server.name() + "; node=" + node
                + "; weight=" + (server.isUsable() ? server.weight() : 0) + "/" + weights
                + "; scur=" + server.load() + "/" + load + "; qcur=0";
    }

    /** UP and DOWN with the checks that count so far, unless the state is full. */
    private static String state(Server server) {
        HealthSnapshot health = server.state().health().orElseThrow();
        if (health.stopping()) {
            return "NOLB";
        }
        return switch (health.stage()) {
            case UP -> "UP";
            case DOWN -> "DOWN";
            case UP_GOING_DOWN -> "UP " + (health.health() - health.rise() + 1) + "/" + health.fall();
            case DOWN_GOING_UP -> "DOWN " + health.health() + "/" + health.rise();
        };
    }
}
