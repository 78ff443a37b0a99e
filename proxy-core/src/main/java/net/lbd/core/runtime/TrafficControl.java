package net.lbd.core.runtime;

import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.listen.Admission;
import net.lbd.core.report.ReportSource.FrontendStatus;
import net.lbd.core.report.SessionFacts;

/**
 * What an administrator may do with the traffic while it runs: look at sessions and end them, close and open frontends, change limits.
 * Thread-safe; its methods wait for the event loops, and are not for them.
 */
public final class TrafficControl {

    /** An event loop that does not answer for so long is left out. */
    private static final long PATIENCE_SECONDS = 5;

    private final ProxyEngine engine;

    TrafficControl(ProxyEngine engine) {
        this.engine = Objects.requireNonNull(engine, "engine");
    }

    /** The streams of all clients, the oldest connection first. */
    public List<SessionFacts> sessions() {
        List<SessionFacts> all = new ArrayList<>();
        onWorkers(Worker::sessions).forEach(all::addAll);
        all.sort(Comparator.comparingLong(SessionFacts::id));
        return all;
    }

    /** How many requests have been open for so long, by their backends; those without any are left out. */
    Map<String, Integer> openFor(long millis) {
        Map<String, Integer> counts = new TreeMap<>();
        onWorkers(worker -> worker.openFor(millis)).forEach(some -> some.forEach((backend, count) -> counts.merge(backend, count, Integer::sum)));
        return counts;
    }

    /** Every event loop that answers, in their order. */
    public List<WorkerFacts> workers() {
        return onWorkers(Worker::facts);
    }

    /** Ends a client's connection; false if there is none of this number. */
    public boolean shutdownSession(long id) {
        return onWorkers(worker -> worker.cutClient(id)).contains(true);
    }

    /** Ends the exchanges that have this server. */
    public void shutdownSessions(Server server) {
        onWorkers(worker -> {
            worker.closeClientsServedBy(server);
            return true;
        });
    }

    /** Ends the connections with an exchange that follows this load of the configuration; tells how many. */
    int cutGeneration(int number) {
        return onWorkers(worker -> worker.cutGeneration(number)).stream().mapToInt(Integer::intValue).sum();
    }

    private <T> List<T> onWorkers(Function<Worker, T> task) {
        List<Future<T>> running = new ArrayList<>();
        for (Worker worker : engine.workers()) {
            running.add(worker.loop().submit(() -> task.apply(worker)));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : running) {
            if (future.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS) && future.isSuccess()) {
                results.add(future.getNow());
            }
        }
        return results;
    }

    /**
     * Closes the sockets of a frontend ({@link FrontendStatus#PAUSED}: they can be opened again, and a reload leaves them closed;
     * {@link FrontendStatus#STOP}: until the next reload) or opens them. Sessions go on.
     *
     * @return whether anything has changed
     * @throws IOException if a socket cannot be opened
     */
    public boolean setStatus(String frontend, FrontendStatus status) throws IOException {
        return engine.setStatus(frontend, status);
    }

    /** The limit of client connections of the process, until the next reload; 0: the configuration's, or what the descriptors allow. */
    public void setMaxConnections(int limit) {
        engine.admission().setLimit(limit == 0 ? engine.usualMaxConnections() : limit);
    }

    /** The limit of client connections of a frontend, until the next reload; 0: none. */
    public void setMaxConnections(String frontend, int limit) {
        engine.admission(frontend).ifPresent((Admission admission) -> admission.setLimit(limit));
    }

    /** The {@code maxconn} of a server, until the configuration's changes; 0: none. */
    public void setMaxConnections(Backend backend, Server server, int limit) {
        backend.limit(server, limit);
    }
}
