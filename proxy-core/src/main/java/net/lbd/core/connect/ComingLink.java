package net.lbd.core.connect;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.HttpReuse;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.Ways;
import net.lbd.core.runtime.Worker;

/**
 * A connection to a server that is being made and may come to carry several streams, and the streams that wait for it. Who
 * would have to open one of his own, and may share this one, waits with the others; no more wait than it is thought to carry.
 *
 * <table>
 * <caption>What becomes of those that wait</caption>
 * <tr><th>the connection</th><th>they</th></tr>
 * <tr><td>speaks HTTP/2</td><td>have it, as many as it has room for; the rest waits for another</td></tr>
 * <tr><td>speaks HTTP/1</td><td>the one that has waited longest has it; each of the others opens its own</td></tr>
 * <tr><td>fails</td><td>each is told, and retries as it may</td></tr>
 * <tr><td>is left by one of them</td><td>go on; left by all, it is closed</td></tr>
 * <tr><td>takes longer than one of them waits</td><td>go on, and nobody joins them any more</td></tr>
 * </table>
 *
 * <p>Event-loop confined. Source: HAProxy manual, "http-reuse". <em>Difference:</em> in HAProxy each stream opens a
 * connection of its own as long as none is there.
 */
final class ComingLink implements ServerConnector.Outcome {

    /**
     * How a connection begins.
     *
     * @param address where to
     */
    record Route(Server server, Ways.Way way, SocketAddress address, Opening opening) {
        Route {
            Objects.requireNonNull(server, "server");
            Objects.requireNonNull(way, "way");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(opening, "opening");
        }
    }

    /**
     * A stream that wants a connection.
     *
     * @param attempt through which it hears of it
     * @param sharing with whom it may share it
     */
    record Waiter(ServerConnector.Attempt attempt, Route route, Sharing sharing) {
        Waiter {
            Objects.requireNonNull(attempt, "attempt");
            Objects.requireNonNull(route, "route");
            Objects.requireNonNull(sharing, "sharing");
        }
    }

    private final Worker worker;
    private final Route route;
    /** Whose stream began it. */
    private final Object client;
    private final int room;
    private final int place;
    private final List<Waiter> waiters = new ArrayList<>(4);
    private ServerConnector.Attempt connecting;
    private boolean over;

    private ComingLink(Worker worker, Waiter first) {
        this.worker = Objects.requireNonNull(worker, "worker");
        this.route = first.route;
        this.client = first.sharing.client();
        this.room = worker.pool().coming().streamsOf(route.server, worker.limits().http2Servers().concurrentStreams());
        this.place = route.server.placeOf(route.address);
    }

    /** The stream waits for a connection that is being made and will do, else for one that is made for it. */
    static void await(Worker worker, Waiter waiter) {
        ComingLinks coming = worker.pool().coming();
        // Where the client's address is the server's, no connection serves a second stream.
        if (!coming.mayCarryStreams(waiter.route.server, waiter.route.way) || waiter.route.server.placeOf(waiter.route.address) < 0) {
            ServerConnector.begin(waiter.attempt, worker, waiter.route);
            return;
        }
        ComingLink link = coming.find(waiter).orElseGet(() -> begin(worker, waiter));
        link.waiters.add(waiter);
        waiter.attempt.waitsFor(link);
    }

    private static ComingLink begin(Worker worker, Waiter first) {
        ComingLink link = new ComingLink(worker, first);
        // Its outcome is never told from within.
        link.connecting = ServerConnector.connect(worker, link.route.server, link.route.way, link.route.address, link.route.opening, link);
        worker.pool().coming().add(link);
        return link;
    }

    Server server() {
        return route.server;
    }

    /** Whether the stream may wait with those that wait. */
    boolean takes(Waiter waiter) {
        Route other = waiter.route;
        return waiters.size() < room && other.server.takesConnectionsOf(route.server) && other.way.equals(route.way)
                && other.opening.isSame(route.opening) && other.address.equals(route.address)
                && place == route.server.state().place().number() && mayBeSharedBy(waiter.sharing);
    }

    /** A connection that nobody has used yet is none for who wants one that has been proven. */
    private boolean mayBeSharedBy(Sharing sharing) {
        return sharing.client() == client || (sharing.reuse() == HttpReuse.AGGRESSIVE || sharing.reuse() == HttpReuse.ALWAYS) && !sharing.proven();
    }

    /** Who waits gives up. */
    void leave(ServerConnector.Attempt attempt) {
        waiters.removeIf(waiter -> waiter.attempt == attempt);
        if (waiters.isEmpty() && !over) {
            end();
            connecting.cancel();
        }
    }

    /** Nobody joins those that wait any more. */
    void close() {
        worker.pool().coming().remove(this);
    }

    private List<Waiter> end() {
        over = true;
        worker.pool().coming().remove(this);
        List<Waiter> all = List.copyOf(waiters);
        waiters.clear();
        return all;
    }

    @Override
    public void connected(ServerConnection connection) {
        Optional<SharedLink> link = connection.link();
        if (link.isEmpty()) {
            worker.pool().coming().learnHttp1(route.server);
        }
        boolean given = false;
        for (Waiter waiter : end()) {
            if (waiter.attempt.isOver()) {
                // What one of the others did with its turn has ended this one.
                continue;
            }
            if (!given) {
                given = true;
                connection.moveTo(waiter.route.server);
                waiter.attempt.connected(connection);
            } else if (link.isPresent() && link.get().hasRoom() && link.get().mayServe(waiter.sharing.client(), waiter.sharing.reuse())) {
                waiter.attempt.joined(link.get().open(waiter.route.server));
            } else {
                awaitAnother(waiter);
            }
        }
        if (!given) {
            connection.close();
        }
    }

    private void awaitAnother(Waiter waiter) {
        try {
            await(worker, waiter);
        } catch (RuntimeException e) {
            // There is no caller whom it could be thrown to.
            waiter.attempt.failed(e);
        }
    }

    @Override
    public void failed(Throwable cause) {
        for (Waiter waiter : end()) {
            waiter.attempt.failed(cause);
        }
    }
}
