package net.lbd.core.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.log.ProxyMessages.Change;
import net.lbd.core.runtime.ServerHealth.Plan;

/**
 * What follows from a change of a server's state: the log, the streams that wait, sessions that are cut, and the servers
 * that track it. Thread-safe; the map of trackers is immutable and replaced as a whole.
 */
final class ServerTransitions {

    private final Workers workers;
    private volatile Map<ServerState, List<Plan>> trackers = Map.of();

    ServerTransitions(Workers workers) {
        this.workers = workers;
    }

    /** @param newTrackers the servers that track another, by the state of that other */
    void setTrackers(Map<ServerState, List<Plan>> newTrackers) {
        trackers = Map.copyOf(newTrackers);
        for (Map.Entry<ServerState, List<Plan>> entry : newTrackers.entrySet()) {
            follow(entry.getKey(), new HashSet<>());
        }
    }

    /** Takes the states over that chains begin with, without telling anybody. */
    private void follow(ServerState tracked, Set<ServerState> seen) {
        if (seen.add(tracked)) {
            for (Plan plan : trackers.getOrDefault(tracked, List.of())) {
                plan.server().state().mirror(tracked);
                follow(plan.server().state(), seen);
            }
        }
    }

    /** A server has changed. */
    void changed(Plan plan, Change change, String cause) {
        carryOut(plan, change, cause);
        for (Plan tracker : trackers.getOrDefault(plan.server().state(), List.of())) {
            tracker.server().state().mirror(plan.server().state());
            changed(tracker, change == Change.READY_FROM_MAINT ? Change.TRACKED_FROM_MAINT : change,
                    " via " + plan.backend().name() + "/" + plan.server().name());
        }
    }

    private void carryOut(Plan plan, Change change, String cause) {
        Backend backend = plan.backend();
        Server server = plan.server();
        backend.messages().ifPresent(m -> m.serverChanged(backend, server, change, cause));
        backend.serverChanged();
        if (change.isEnd() && server.limits().shutdownSessionsOnDown()) {
            cut(server);
        }
        if (change == Change.UP && plan.policy().shutdownBackupsOnUp() && !server.isBackup()) {
            backend.servers().stream().filter(Server::isBackup).forEach(this::cut);
        }
    }

    private void cut(Server server) {
        workers.all().forEach(worker -> worker.loop().execute(() -> worker.closeClientsServedBy(server)));
    }
}
