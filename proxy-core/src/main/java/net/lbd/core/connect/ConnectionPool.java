package net.lbd.core.connect;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.HttpReuse;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.Ways;

/**
 * The idle server connections of one worker that any client may use, last in first out, so that the
 * ones too many grow old and are closed. Connections bound to a client never come here. No more are
 * kept than were lately in use at one time: a burst does not leave its connections behind. A reload leaves
 * those of servers that stay. Event-loop confined. Source: HAProxy manual, "http-reuse", "pool-max-conn", "pool-purge-delay".
 */
public final class ConnectionPool {

    private static final class Idle {
        private final ArrayDeque<ServerConnection> connections = new ArrayDeque<>();
        /** Those that carry several streams at a time. */
        private final List<SharedLink> links = new ArrayList<>(1);
        private int inUse;
        /** The most in use at one time, forgotten step by step. */
        private int peak;
        private int sincePeak;
    }

    /** By what a reload leaves as it is. */
    private final Map<ServerState, Idle> byState = new IdentityHashMap<>();
    private final LiveServers live;
    private final ComingLinks coming = new ComingLinks();

    /** @param live says of which servers idle connections are kept */
    public ConnectionPool(LiveServers live) {
        this.live = Objects.requireNonNull(live, "live");
    }

    /**
     * A connection that works, if an idle one is there.
     *
     * @param opening what it must have begun with
     * @param proven only one that has been used again before
     * @param client whose stream it is, by identity
     * @param reuse whether streams of several clients may be on one connection at a time
     */
    public Optional<ServerConnection> take(
            Server server, Ways.Way way, Opening opening, boolean proven, Object client, HttpReuse reuse) {
        Idle idle = byState.get(server.state());
        if (idle == null) {
            return Optional.empty();
        }
        ServerConnection newest = idle.connections.peekLast();
        if (newest != null && fits(newest, server, way, opening, proven) && newest.mayServe(client, reuse)) {
            idle.connections.pollLast();
            server.state().counters().idle.decrement();
            newest.wakeFromRest();
            return newest.found();
        }
        for (Iterator<ServerConnection> all = idle.connections.descendingIterator(); all.hasNext();) {
            ServerConnection c = all.next();
            if (fits(c, server, way, opening, proven) && c.mayServe(client, reuse)) {
                all.remove();
                server.state().counters().idle.decrement();
                c.wakeFromRest();
                return c.found();
            }
        }
        return Optional.empty();
    }

    private static boolean fits(ServerConnection c, Server server, Ways.Way way, Opening opening, boolean proven) {
        return c.isUsable() && server.takesConnectionsOf(c.server()) && c.beganWith(way, opening) && (!proven || c.isProven());
    }

    /** Another connection on one that carries several streams at a time, if there is one with room; parameters as of {@link #take}. */
    public Optional<ServerConnection> join(
            Server server, Ways.Way way, Opening opening, boolean proven, Object client, HttpReuse reuse) {
        Idle idle = byState.get(server.state());
        if (idle == null) {
            return Optional.empty();
        }
        for (int i = 0; i < idle.links.size(); i++) {
            SharedLink link = idle.links.get(i);
            if (link.hasRoom() && server.takesConnectionsOf(link.server()) && link.beganWith(way, opening)
                    && (!proven || link.isProven()) && link.mayServe(client, reuse)) {
                return link.open(server).found();
            }
        }
        return Optional.empty();
    }

    /** Those that are being made. */
    ComingLinks coming() {
        return coming;
    }

    /** A connection that carries several streams at a time is there. */
    void add(SharedLink link) {
        coming.learnHttp2(link.server(), link.maxStreams());
        byState.computeIfAbsent(link.server().state(), s -> new Idle()).links.add(link);
    }

    /** It is gone. */
    void remove(SharedLink link) {
        Idle idle = byState.get(link.server().state());
        if (idle != null) {
            idle.links.remove(link);
            removeIfUnused(link.server(), idle);
        }
    }

    private void removeIfUnused(Server server, Idle idle) {
        if (idle.inUse == 0 && idle.connections.isEmpty() && idle.links.isEmpty()) {
            byState.remove(server.state());
        }
    }

    /** Counts a stream that has a connection of this server, pooled or its own. */
    public void enter(Server server) {
        Idle idle = byState.computeIfAbsent(server.state(), s -> new Idle());
        idle.inUse++;
        if (idle.inUse >= idle.peak) {
            idle.peak = idle.inUse;
            idle.sincePeak = 0;
        } else if (++idle.sincePeak > 1000) {
            idle.peak = Math.max(idle.inUse, idle.peak - 1);
            idle.sincePeak = 0;
        }
    }

    /** The opposite of {@link #enter}. */
    public void leave(Server server) {
        Idle idle = byState.get(server.state());
        if (idle != null) {
            idle.inUse--;
            removeIfUnused(server, idle);
        }
    }

    /** Keeps a connection for the next stream, or closes it if there are enough. Comes before {@link #leave}. */
    public void give(ServerConnection connection) {
        boolean wanted = connection.isUsable() && live.adopt(connection);
        Server server = connection.server();
        Idle idle = byState.computeIfAbsent(server.state(), s -> new Idle());
        int max = server.limits().poolMax();
        if (!wanted || server.limits().poolPurgeDelayMillis() == 0 || max >= 0 && idle.connections.size() >= max
                || idle.connections.size() + idle.inUse > idle.peak) {
            connection.close();
            return;
        }
        idle.connections.addLast(connection);
        server.state().counters().idle.increment();
        connection.rest(this, server.limits().poolPurgeDelayMillis());
    }

    /** The servers have changed: connections of those that are gone are closed, the others stay. */
    public void serversChanged() {
        coming.forgetHabits();
        for (Idle idle : List.copyOf(byState.values())) {
            for (ServerConnection connection : List.copyOf(idle.connections)) {
                if (!live.adopt(connection)) {
                    connection.close();
                }
            }
        }
    }

    /** A connection closed while it was idle here. */
    void forget(ServerConnection connection) {
        Idle idle = byState.get(connection.server().state());
        if (idle != null) {
            if (idle.connections.remove(connection)) {
                connection.server().state().counters().idle.decrement();
            }
            removeIfUnused(connection.server(), idle);
        }
    }

    /** Idle connections at this moment, for tests and statistics. */
    public int size() {
        return byState.values().stream().mapToInt(idle -> idle.connections.size()).sum();
    }

    /** The same for each server that has some. */
    public Map<ServerState, Integer> sizes() {
        Map<ServerState, Integer> sizes = new IdentityHashMap<>();
        byState.forEach((state, idle) -> {
            if (!idle.connections.isEmpty()) {
                sizes.put(state, idle.connections.size());
            }
        });
        return sizes;
    }

    /** Closes every idle connection. */
    public void close() {
        for (Idle idle : List.copyOf(byState.values())) {
            List.copyOf(idle.connections).forEach(ServerConnection::close);
        }
    }
}
