package net.lbd.core.runtime;

import io.netty.channel.EventLoopGroup;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Settings;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.health.CheckTarget;
import net.lbd.health.HealthListener;
import net.lbd.health.HealthMonitor;
import net.lbd.health.HealthSnapshot;
import net.lbd.health.Timing;
import net.lbd.health.Watch;
import net.lbd.health.check.CheckLanguage;
import net.lbd.health.check.CheckPlan;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckRunner;

/**
 * Has the servers of a runtime checked, and carries what the checks find to the servers' state, to the
 * streams that wait for one, and to the log. Started and stopped under the engine's lock; the listener
 * calls come on the loop of the checks.
 */
final class ServerHealth implements AutoCloseable {

    private final HealthMonitor monitor;
    private final Workers workers;
    /** The plans of the configuration in force, and the watch of each that is being checked. */
    private final Map<Plan, Watch> watches = new HashMap<>();
    private List<Plan> plans = List.of();

    /** @param loops of the checks alone: a busy worker must not make a server look slow */
    ServerHealth(EventLoopGroup loops, Workers workers) {
        this.monitor = new HealthMonitor(loops, workers.transport().companion()::newStreamChannel);
        this.workers = workers;
    }

    /** Checks the servers of these backends instead of those before, each from where it stood. */
    void watch(List<Plan> newPlans) {
        watches.values().forEach(Watch::stop);
        watches.clear();
        plans = List.copyOf(newPlans);
        adminChanged();
    }

    /** Ends the checks of servers in maintenance, and takes those up again of servers that have left it. */
    void adminChanged() {
        for (Plan plan : plans) {
            boolean wanted = plan.server.state().admin() != ServerState.Admin.MAINT;
            Watch watch = watches.get(plan);
            if (wanted && watch == null) {
                watches.put(plan, monitor.watch(plan.current(), new Listener(plan.backend, plan.server)));
            } else if (!wanted && watch != null) {
                watch.stop();
                watches.remove(plan);
            }
        }
    }

    @Override
    public void close() {
        monitor.close();
    }

    /** A server that is to be checked. */
    record Plan(Backend backend, Server server, CheckTarget target) {
        Plan {
            Objects.requireNonNull(backend, "backend");
            Objects.requireNonNull(server, "server");
            Objects.requireNonNull(target, "target");
        }

        /** The target, from where the server stands now. */
        CheckTarget current() {
            return target.from(server.state().health().orElse(target.initial()));
        }
    }

    /**
     * What to check a server with.
     *
     * @param address of the check: the server's own, or that of {@code addr} and {@code port}
     * @param node the name of this machine
     */
    static Plan plan(BackendSpec backendSpec, Settings settings, Backend backend, Server server,
            SocketAddress address, CheckPlan.Connections connections, CheckLanguage language, String node) {
        Duration inter = settings.get(ServerSettings.INTER);
        Timing timing = new Timing(inter,
                settings.find(ServerSettings.FASTINTER).orElse(inter),
                settings.find(ServerSettings.DOWNINTER).orElse(inter),
                settings.get(ServerSettings.RISE), settings.get(ServerSettings.FALL),
                backendSpec.settings().find(ProxySettings.TIMEOUT_CONNECT),
                backendSpec.settings().find(ProxySettings.TIMEOUT_CHECK));
        HealthSnapshot initial = server.state().health()
                .map(known -> known.rescaled(timing.rise(), timing.fall()))
                .orElseGet(() -> HealthSnapshot.initialUp(timing, Instant.now()));
        server.state().setHealth(initial);
        CheckRunner.Subject subject = new CheckRunner.Subject(() -> address, server.state()::isUp,
                () -> StateHeader.of(backend, server, address, node), Optional.empty());
        return new Plan(backend, server, new CheckTarget(backendSpec.name(), server.name(), subject,
                backendSpec.check(), connections, language, timing, initial));
    }

    private final class Listener implements HealthListener {
        private final Backend backend;
        private final Server server;

        Listener(Backend backend, Server server) {
            this.backend = backend;
            this.server = server;
        }

        @Override
        public void onResult(CheckTarget target, CheckResult result, HealthSnapshot snapshot) {
            server.state().setHealth(snapshot);
        }

        @Override
        public void onTransition(CheckTarget target, HealthSnapshot before, HealthSnapshot after) {
            if (server.state().admin() != ServerState.Admin.MAINT) {
                backend.messages().ifPresent(m -> m.serverChanged(backend, server, after));
            }
            backend.serverChanged();
            if (!after.up() && server.limits().shutdownSessionsOnDown()) {
                workers.all().forEach(worker -> worker.loop().execute(() -> worker.closeClientsServedBy(server)));
            }
        }

    }
}
