package net.lbd.core.runtime;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Settings;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.TrafficWatch;
import net.lbd.core.log.ProxyMessages.Change;
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
import net.lbd.health.check.CheckStatus;
import net.lbd.health.check.CheckTrace;
import net.lbd.health.check.ExternalRunner;
import net.lbd.health.check.LocalEnd;

/**
 * Has the servers of a runtime checked, and carries what the checks find to the servers' state; {@link
 * ServerTransitions} does what follows. Started, changed and stopped under the engine's lock; the listener
 * calls come on the loop of the checks.
 */
final class ServerHealth implements AutoCloseable {

    private final HealthMonitor monitor;
    private final ServerTransitions transitions;
    private final AgentListener.Administrator administrator;
    /** The plans of the configuration in force, and the watches of each that is being checked. */
    private final Map<Plan, Watch> checks = new HashMap<>();
    private final Map<Plan, Watch> agents = new HashMap<>();
    private List<Plan> plans = List.of();

    /**
     * @param loops of the checks alone: a busy worker must not make a server look slow
     * @param administrator carries out what agents say of maintenance and draining
     */
    ServerHealth(EventLoopGroup loops, Workers workers, Settings global, AgentListener.Administrator administrator) {
        this.monitor = new HealthMonitor(loops, workers.transport().companion()::newStreamChannel,
                global.get(GlobalSettings.SPREAD_CHECKS), global.find(GlobalSettings.MAX_SPREAD_CHECKS).orElse(Duration.ofDays(1)));
        this.transitions = new ServerTransitions(workers);
        this.administrator = administrator;
    }

    /** Checks the servers of these backends instead of those before, each from where it stood. */
    void watch(List<Plan> newPlans) {
        checks.values().forEach(Watch::stop);
        agents.values().forEach(Watch::stop);
        checks.clear();
        agents.clear();
        plans = List.copyOf(newPlans);
        plans.forEach(plan -> plan.server.state().setTraffic(TrafficWatch.NONE));
        begin();
    }

    /** A server has come; the checks of the others go on. */
    void add(Plan plan) {
        plans = Stream.concat(plans.stream(), Stream.of(plan)).toList();
        begin();
    }

    /** A server is gone. */
    void remove(Server server) {
        List<Plan> gone = plans.stream().filter(p -> p.server.equals(server)).toList();
        for (Plan plan : gone) {
            Optional.ofNullable(checks.remove(plan)).ifPresent(Watch::stop);
            Optional.ofNullable(agents.remove(plan)).ifPresent(Watch::stop);
        }
        plans = plans.stream().filter(p -> !gone.contains(p)).toList();
        begin();
    }

    private void begin() {
        Map<String, ServerState> byName = new HashMap<>();
        plans.forEach(plan -> byName.put(plan.name(), plan.server.state()));
        Map<ServerState, List<Plan>> trackers = new HashMap<>();
        for (Plan plan : plans) {
            ServerState state = plan.server.state();
            state.setSlowStart(plan.policy.slowStart());
            plan.policy.track().map(byName::get).ifPresentOrElse(
                    tracked -> trackers.computeIfAbsent(tracked, t -> new ArrayList<>()).add(plan), state::forgetTracking);
            if (plan.agent.isEmpty()) {
                state.forgetAgent();
            }
        }
        transitions.setTrackers(trackers);
        update();
    }

    /** The administrator has said something of a server. */
    void adminChanged(Server server, ServerState.Admin before) {
        if (before == ServerState.Admin.MAINT && server.state().admin() != ServerState.Admin.MAINT) {
            Plan plan = planOf(server);
            if (plan.policy.settings().isSet(ServerSettings.INIT_STATE)) {
                plan.check.ifPresent(target -> server.state().setHealth(initial(plan.policy.settings(), target.timing())));
            }
        }
        update();
        ServerState.Admin now = server.state().admin();
        if (now == before) {
            return;
        }
        Change change = switch (now) {
            case DRAIN -> Change.DRAIN;
            case MAINT -> Change.MAINT;
            case READY -> before == ServerState.Admin.DRAIN ? Change.READY_FROM_DRAIN : Change.READY_FROM_MAINT;
        };
        transitions.changed(planOf(server), change, "");
    }

    ServerTransitions transitions() {
        return transitions;
    }

    /** The plan of a server of the configuration in force. */
    Plan planOf(Server server) {
        return plans.stream().filter(p -> p.server.state().equals(server.state())).findFirst().orElseThrow();
    }

    /** Ends the checks of servers in maintenance, and takes those up again of servers that have left it. */
    void update() {
        for (Plan plan : plans) {
            ServerState state = plan.server.state();
            boolean serves = state.admin() != ServerState.Admin.MAINT && !(state.isUnresolved() && plan.isResolved());
            plan.check.ifPresent(target -> toggle(checks, plan, serves && !state.areChecksOff(), () -> {
                Listener listener = new Listener(plan);
                CheckTarget current = plan.current(target);
                Watch watch = plan.program.map(runner -> monitor.watchProgram(current, runner, listener))
                        .orElseGet(() -> monitor.watch(current, listener));
                state.setTraffic(TrafficObserver.of(plan.policy.settings(), watch, state));
                return watch;
            }));
            // An agent may take its server into maintenance, and must be asked when that is over.
            plan.agent.ifPresent(agent -> toggle(agents, plan, !state.isAgentOff(), () -> monitor.watchAgent(
                    agent.target(), plan.question(agent), new AgentListener(plan, transitions, administrator))));
        }
    }

    /** An agent is to be sent something else: it is asked anew. */
    void askAnew(Server server) {
        plans.stream().filter(p -> p.server.state() == server.state()).forEach(plan ->
                Optional.ofNullable(agents.remove(plan)).ifPresent(Watch::stop));
        update();
    }

    private interface Starter {
        Watch start();
    }

    private static void toggle(Map<Plan, Watch> watches, Plan plan, boolean wanted, Starter starter) {
        Watch watch = watches.get(plan);
        if (wanted && watch == null) {
            watches.put(plan, starter.start());
        } else if (!wanted && watch != null) {
            watch.stop();
            watches.remove(plan);
        }
    }

    /** Sets the state that the checks of a server have found out; false if it is not checked. */
    boolean force(Server server, Watch.Forced wanted) {
        Optional<Plan> plan = plans.stream().filter(p -> p.server.equals(server)).findFirst();
        Optional<Watch> watch = plan.map(checks::get);
        watch.ifPresent(w -> w.force(wanted));
        return watch.isPresent();
    }

    /** As an agent would say it; false if the server has none. */
    boolean forceAgent(Server server, boolean up) {
        Optional<Plan> plan = plans.stream().filter(p -> p.server.equals(server) && p.agent.isPresent()).findFirst();
        plan.ifPresent(p -> AgentListener.setUp(p, transitions, up, ", changed from CLI"));
        return plan.isPresent();
    }

    /** One check of a server beside the others; empty if it is not checked. */
    Optional<Future<CheckResult>> probe(Server server, CheckTrace trace) {
        return plans.stream().filter(p -> p.server.equals(server)).findFirst().map(checks::get).map(w -> w.probe(trace));
    }

    @Override
    public void close() {
        monitor.close();
    }

    /**
     * A server, and what decides its state.
     *
     * @param program that does the check
     */
    record Plan(Backend backend, Server server, Optional<CheckTarget> check, Optional<ExternalRunner> program, Optional<Agent> agent,
            Policy policy) {
        Plan {
            Objects.requireNonNull(program, "program");
            Objects.requireNonNull(backend, "backend");
            Objects.requireNonNull(server, "server");
            Objects.requireNonNull(check, "check");
            Objects.requireNonNull(agent, "agent");
            Objects.requireNonNull(policy, "policy");
        }

        /** Whether its name is followed: while it is not resolved, there is nothing to check. */
        boolean isResolved() {
            return policy.settings().isSet(ServerSettings.RESOLVERS);
        }

        /** What the agent is sent. */
        byte[] question(Agent of) {
            return server.state().agentQuestion().map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(of.question());
        }

        String name() {
            return backend.name() + "/" + server.name();
        }

        /** The target, from where the server stands now. */
        CheckTarget current(CheckTarget target) {
            return target.from(server.state().health().orElse(target.initial()));
        }

        /** Two plans are the same if they are one object: snapshots of one server differ in nothing that could be compared. */
        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** An agent to be asked. */
    record Agent(CheckTarget target, byte[] question) { }

    /**
     * What follows from changes of a server.
     *
     * @param track the server whose state it has, with its backend
     * @param hostName the name that its address is found by
     * @param port of its address; 0: that of the client
     */
    record Policy(Duration slowStart, boolean shutdownBackupsOnUp, Optional<String> track, Optional<String> hostName, int port,
            Settings settings) {

        static Policy of(Settings settings, String backend, AddressSpec address) {
            return new Policy(settings.get(ServerSettings.SLOWSTART), settings.get(ServerSettings.SHUTDOWN_BACKUP_SESSIONS_ON_UP),
                    settings.find(ServerSettings.TRACK).map(name -> name.indexOf('/') < 0 ? backend + "/" + name : name),
                    address instanceof AddressSpec.Host host ? Optional.of(host.name()) : Optional.empty(),
                    SocketAddresses.port(address).orElse(0), settings);
        }
    }

    /**
     * What to check a server with.
     *
     * @param address of the check: the server's own, or that of {@code addr} and {@code port}
     * @param node the name of this machine
     */
    static CheckTarget check(BackendSpec backendSpec, Settings settings, Backend backend, Server server,
            Supplier<SocketAddress> address, CheckPlan.Connections connections, CheckLanguage language, String node) {
        Duration inter = settings.get(ServerSettings.INTER);
        Timing timing = new Timing(inter,
                settings.find(ServerSettings.FASTINTER).orElse(inter),
                settings.find(ServerSettings.DOWNINTER).orElse(inter),
                settings.get(ServerSettings.RISE), settings.get(ServerSettings.FALL),
                backendSpec.settings().find(ProxySettings.TIMEOUT_CONNECT),
                backendSpec.settings().find(ProxySettings.TIMEOUT_CHECK));
        HealthSnapshot initial = server.state().health()
                .map(known -> known.rescaled(timing.rise(), timing.fall()))
                .orElseGet(() -> initial(settings, timing));
        CheckRunner.Subject subject = new CheckRunner.Subject(address, server.state()::isUp,
                () -> StateHeader.of(backend, server, address.get(), node), Optional.empty());
        return new CheckTarget(backendSpec.name(), server.name(), subject, backendSpec.check(), connections, language, timing, initial);
    }

    /** Has a server stand where a check of it begins: where it stood, counted in the check's terms, or at {@code init-state}. */
    static void takeOver(ServerState state, Settings settings, Timing timing) {
        state.setHealth(state.health().map(known -> known.rescaled(timing.rise(), timing.fall())).orElseGet(() -> initial(settings, timing)));
    }

    /** {@code init-state}. */
    static HealthSnapshot initial(Settings settings, Timing timing) {
        int rise = timing.rise();
        int fall = timing.fall();
        return switch (settings.get(ServerSettings.INIT_STATE)) {
            case FULLY_UP -> new HealthSnapshot(true, rise + fall - 1, rise, fall, Optional.empty(), Instant.now());
            case UP -> HealthSnapshot.initialUp(timing, Instant.now());
            case DOWN -> new HealthSnapshot(false, rise - 1, rise, fall, Optional.empty(), Instant.now());
            case FULLY_DOWN -> HealthSnapshot.initialDown(timing, Instant.now());
        };
    }

    /** What to ask a server's agent with. */
    static Agent agent(BackendSpec backendSpec, Settings settings, Server server, LocalEnd local, Supplier<SocketAddress> address) {
        Duration inter = settings.get(ServerSettings.AGENT_INTER);
        Timing timing = new Timing(inter, inter, inter, 1, 1, backendSpec.settings().find(ProxySettings.TIMEOUT_CONNECT),
                backendSpec.settings().find(ProxySettings.TIMEOUT_CHECK));
        return new Agent(new CheckTarget(backendSpec.name(), server.name(), CheckRunner.Subject.of(address), backendSpec.check(),
                new CheckPlan.Connections(Optional.empty(), false, false, 1, Optional.empty(), local), CheckLanguage.LITERALS, timing,
                HealthSnapshot.initialUp(timing, Instant.now())),
                settings.get(ServerSettings.AGENT_SEND).getBytes(StandardCharsets.UTF_8));
    }

    private final class Listener implements HealthListener {
        private final Plan plan;
        private Optional<CheckResult> before = Optional.empty();
        private int healthBefore = -1;

        Listener(Plan plan) {
            this.plan = plan;
        }

        @Override
        public void onResult(CheckTarget target, CheckResult result, HealthSnapshot snapshot) {
            ServerState state = plan.server.state();
            if (result.status() != CheckStatus.HANA) {
                state.checks().count(result.passed(), result.duration());
            }
            if (!result.passed() && state.health().map(HealthSnapshot::up).orElse(true)) {
                state.countFailedCheck();
            }
            boolean told = plan.backend.messages().filter(m -> m.logsChecks()).isPresent();
            if (told && (snapshot.health() != healthBefore || !before.map(b -> same(b, result)).orElse(false))) {
                plan.backend.messages().ifPresent(m -> m.checked(plan.backend, plan.server, result, snapshot));
            }
            before = Optional.of(result);
            healthBefore = snapshot.health();
            if (snapshot.up() == state.health().map(HealthSnapshot::up).orElse(true)
                    && snapshot.stopping() == state.isStopping()) {
                state.setHealth(snapshot);
            }
        }

        private static boolean same(CheckResult one, CheckResult other) {
            return one.status() == other.status() && one.code().equals(other.code());
        }

        @Override
        public void onTransition(CheckTarget target, HealthSnapshot before, HealthSnapshot after) {
            changed(before, after, after.last().map(last -> ", reason: " + last.reason()).orElse(""));
        }

        @Override
        public void onForced(CheckTarget target, HealthSnapshot before, HealthSnapshot after) {
            changed(before, after, ", changed from CLI");
        }

        private void changed(HealthSnapshot from, HealthSnapshot to, String cause) {
            ServerState state = plan.server.state();
            boolean wasUp = state.isUp();
            state.setHealth(to);
            if (state.admin() == ServerState.Admin.MAINT) {
                return;
            }
            Change change = to.stopping() ? Change.STOPPING : to.up() ? Change.UP : from.stopping() ? Change.STOPPED : Change.DOWN;
            // An agent that keeps the server down has told so; what the checks say changes nothing.
            if (wasUp != state.isUp() || from.stopping() != to.stopping()) {
                transitions.changed(plan, change, cause);
            }
        }
    }
}
