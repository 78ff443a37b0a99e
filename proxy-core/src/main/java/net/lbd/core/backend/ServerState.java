package net.lbd.core.backend;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import net.lbd.core.stats.ProxyCounters;
import net.lbd.health.HealthSnapshot;

/**
 * What survives a reload of one server: health, what its agent and the administrator want of it, its counters and its
 * last transitions. Kept by backend and server name. Thread-safe: what streams read is volatile, what changes it together is
 * done under the lock of the state, which nobody holds for longer than that.
 *
 * <pre>
 * up = its name is resolved, and its checks and its agent say so; of a server that tracks another: the other is up
 * </pre>
 */
public final class ServerState {

    /** How many transitions are remembered. */
    private static final int REMEMBERED = 20;

    /** What the administrator wants. */
    public enum Admin {
        /** Traffic as health allows. */
        READY,
        /** No new sessions but those that must come here. */
        DRAIN,
        /** No traffic and no checks. */
        MAINT
    }

    /** Something that happened to the server, in the words of the log. */
    public record Event(Instant at, String text) { }

    /**
     * What the agent said last.
     *
     * @param status such as {@code L7OK}; {@code CHECKED} if it said nothing of up and down
     * @param info its line
     */
    public record AgentReport(String status, String description, OptionalInt code, String info, long millis) { }

    /**
     * Where a server is as the process has found out, or was told, since it started.
     *
     * @param address empty: as the configuration has it
     * @param hostName the name that its address is found by; empty: that of the configuration
     * @param byHand the administrator has set the address: name servers do not change it
     * @param number counts the addresses that the server has had
     */
    public record Place(Optional<SocketAddress> address, Optional<String> hostName, boolean byHand, int number) {

        static final Place AS_CONFIGURED = new Place(Optional.empty(), Optional.empty(), false, 0);

        /** At another address. */
        public Place at(InetSocketAddress other, boolean setByHand) {
            return new Place(Optional.of(other), hostName, setByHand, number + 1);
        }

        /** By another name; the address stays until it is resolved. */
        public Place named(Optional<String> name) {
            return new Place(address, name, false, number);
        }
    }

    /**
     * Where a check or an agent is asked, as the administrator has said; what is empty is as the configuration has it.
     */
    public record Asked(Optional<InetAddress> address, Optional<Integer> port) {

        /** Nothing was said. */
        public static final Asked AS_CONFIGURED = new Asked(Optional.empty(), Optional.empty());

        /** At another address. */
        public Asked at(InetAddress other) {
            return new Asked(Optional.of(other), port);
        }

        /** On another port. */
        public Asked on(int other) {
            return new Asked(address, Optional.of(other));
        }

        /** In place of where the configuration says. */
        public SocketAddress of(SocketAddress configured) {
            if (address.isEmpty() && port.isEmpty() || !(configured instanceof InetSocketAddress inet)) {
                return configured;
            }
            InetAddress host = address.orElse(inet.getAddress());
            int number = port.orElse(inet.getPort());
            return host == null ? InetSocketAddress.createUnresolved(inet.getHostString(), number) : new InetSocketAddress(host, number);
        }
    }

    private final ProxyCounters counters = new ProxyCounters();
    private final AtomicInteger downTransitions = new AtomicInteger();
    private final AtomicLong failedChecks = new AtomicLong();
    private final AtomicLong failedObservations = new AtomicLong();
    private final CheckCounters checks = new CheckCounters();
    private final Deque<Event> events = new ArrayDeque<>();
    private boolean configuredDisabled;
    private int configuredWeight = -1;
    private int configuredMaxConnections = -1;
    /** What the administrator has said since; -1: nothing. */
    private volatile int ownWeight = -1;
    /** What the agent has said of {@code maxconn}; -1: nothing. */
    private volatile int ownMaxConnections = -1;
    /** Streams that wait for this server and no other. */
    private volatile int queued;

    private volatile boolean reachable = true;
    private boolean checkUp = true;
    private boolean agentUp = true;
    private boolean tracking;
    private boolean trackedUp = true;
    private volatile boolean up = true;
    private volatile boolean stopping;
    private volatile Admin admin = Admin.READY;
    private volatile Admin trackedAdmin = Admin.READY;
    private volatile Optional<HealthSnapshot> health = Optional.empty();
    private volatile Optional<AgentReport> agent = Optional.empty();
    private volatile boolean checksOff;
    private volatile boolean agentOff;
    /** Checks and agent wait to be switched on, as the server was added by a command. */
    private volatile boolean added;
    private final LongSupplier nanoClock;
    /** When it last went up or down, into or out of maintenance; by {@link #nanoClock}, which nobody sets. */
    private volatile long sinceNanos;
    private long downMillis;
    private volatile TrafficWatch traffic = TrafficWatch.NONE;
    private volatile Place place = Place.AS_CONFIGURED;
    private String configuredAddress = "";
    private volatile Asked checkAsked = Asked.AS_CONFIGURED;
    private volatile Asked agentAsked = Asked.AS_CONFIGURED;
    private volatile Optional<String> agentQuestion = Optional.empty();

    /** {@code slowstart}; 0: none. */
    private volatile long slowStartNanos;
    /** When the server came up, by {@link System#nanoTime}; counts while {@link #ramping}. */
    private volatile long upSinceNanos;
    private volatile boolean ramping;

    public ServerState() {
        this(System::nanoTime);
    }

    /** @param nanoClock never set, as {@link System#nanoTime} */
    ServerState(LongSupplier nanoClock) {
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
        this.sinceNanos = nanoClock.getAsLong();
    }

    public ProxyCounters counters() {
        return counters;
    }

    /** What its checks came to; {@link #sinceChange} tells the time of its last transition. */
    public CheckCounters checks() {
        return checks;
    }

    /** Streams that wait for this server and no other. */
    public int queued() {
        return queued;
    }

    /** Told by the queue, under its lock. */
    void setQueued(int waiting) {
        queued = waiting;
    }

    /** Whether health allows traffic; true without a check. */
    public boolean isUp() {
        return up;
    }

    /** Up, but its check asked for no new sessions; see {@code http-check disable-on-404}. */
    public boolean isStopping() {
        return stopping;
    }

    /** What the administrator wants of it, or of the server that it tracks: the stronger counts. */
    public Admin admin() {
        Admin other = trackedAdmin;
        Admin own = admin;
        return other.compareTo(own) > 0 ? other : own;
    }

    /** What the checks know; empty for a server without a check. */
    public Optional<HealthSnapshot> health() {
        return health;
    }

    /** What the agent said last; empty without one, and before its first answer. */
    public Optional<AgentReport> agent() {
        return agent;
    }

    /** Whether the agent, and nothing else, keeps the server down. */
    public synchronized boolean isDownByAgent() {
        return !agentUp && checkUp && reachable;
    }

    /** Its name is not resolved. */
    public boolean isUnresolved() {
        return !reachable;
    }

    /** Where the server is, if that is known better than from the configuration. */
    public Place place() {
        return place;
    }

    /** How long ago {@link #isUp}, {@link #isStopping} or {@link #admin} last changed, whatever was done to the clock of the machine meanwhile. */
    public Duration sinceChange() {
        return Duration.ofNanos(nanoClock.getAsLong() - sinceNanos);
    }

    /** The status code of the last check, such as {@code L7OK}; empty before the first. */
    public String checkStatus() {
        return health.flatMap(HealthSnapshot::last).map(last -> last.status().name()).orElse("");
    }

    /** How long the last check took; -1 before the first. */
    public long lastCheckMillis() {
        return health.flatMap(HealthSnapshot::last).map(last -> last.duration().toMillis()).orElse(-1L);
    }

    /** How often this server went down, or into maintenance. */
    public int downTransitions() {
        return downTransitions.get();
    }

    /** {@code clear counters all}. */
    public synchronized void clearCounters() {
        counters.clear();
        downTransitions.set(0);
        failedChecks.set(0);
        failedObservations.set(0);
        downMillis = 0;
    }

    /** Checks that failed while the server was up. */
    public long failedChecks() {
        return failedChecks.get();
    }

    /** How often {@code observe} had enough. */
    public long failedObservations() {
        return failedObservations.get();
    }

    /** How long it was down or in maintenance altogether. */
    public synchronized Duration downtime() {
        return Duration.ofMillis(downMillis + (isServing() ? 0 : sinceChange().toMillis()));
    }

    private boolean isServing() {
        return up && admin() != Admin.MAINT;
    }

    /** The last transitions, the oldest first. */
    public List<Event> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** Remembers a transition. */
    public void remember(Event event) {
        synchronized (events) {
            if (events.size() == REMEMBERED) {
                events.removeFirst();
            }
            events.addLast(event);
        }
    }

    /** What looks at the errors of the traffic. */
    public TrafficWatch traffic() {
        return traffic;
    }

    public void setTraffic(TrafficWatch watch) {
        traffic = Objects.requireNonNull(watch, "watch");
    }

    /** The checks are switched off by hand. */
    public boolean areChecksOff() {
        return checksOff;
    }

    public void setChecksOff(boolean off) {
        checksOff = off;
    }

    /** Was added by a command: checks and agent are off until somebody switches them on, or the configuration has the server. */
    public void setAdded() {
        added = true;
        checksOff = true;
        agentOff = true;
    }

    /** The configuration has the server: what was off only because it was added begins, and checks go where it says. */
    public void setConfigured() {
        checkAsked = Asked.AS_CONFIGURED;
        agentAsked = Asked.AS_CONFIGURED;
        agentQuestion = Optional.empty();
        if (added) {
            added = false;
            checksOff = false;
            agentOff = false;
        }
    }

    /** The agent is switched off by hand. */
    public boolean isAgentOff() {
        return agentOff;
    }

    public void setAgentOff(boolean off) {
        agentOff = off;
    }

    /** Where its checks go, if somebody has said so since the last reload. */
    public Asked checkAsked() {
        return checkAsked;
    }

    public void setCheckAsked(Asked asked) {
        checkAsked = asked;
    }

    /** Where its agent is asked, if somebody has said so since the last reload. */
    public Asked agentAsked() {
        return agentAsked;
    }

    public void setAgentAsked(Asked asked) {
        agentAsked = asked;
    }

    /** What its agent is sent, if somebody has said so since the last reload. */
    public Optional<String> agentQuestion() {
        return agentQuestion;
    }

    public void setAgentQuestion(String question) {
        agentQuestion = Optional.of(question);
    }

    // ---- changes

    public synchronized void setAdmin(Admin value) {
        if (value != admin) {
            changed(() -> admin = value);
        }
    }

    /**
     * Follows the {@code disabled} of the configuration where it appears or disappears; as long as it stays
     * what it was, what the administrator has said since counts more.
     */
    public synchronized void setConfigured(boolean disabled) {
        if (disabled != configuredDisabled) {
            configuredDisabled = disabled;
            changed(() -> admin = disabled ? Admin.MAINT : Admin.READY);
        }
    }

    /** Takes what a check found out. */
    public synchronized void setHealth(HealthSnapshot snapshot) {
        health = Optional.of(snapshot);
        changed(() -> {
            checkUp = snapshot.up();
            stopping = snapshot.stopping();
        });
    }

    /** A check failed while the server was up. */
    public void countFailedCheck() {
        failedChecks.incrementAndGet();
    }

    /** {@code observe} had enough. */
    public void countFailedObservation() {
        failedObservations.incrementAndGet();
    }

    /** The server is not checked any more: its checks count as passed. */
    public synchronized void forgetHealth() {
        health = Optional.empty();
        changed(() -> {
            checkUp = true;
            stopping = false;
        });
    }

    /** Takes what the agent said of itself. */
    public void setAgent(AgentReport report) {
        agent = Optional.of(report);
    }

    public synchronized void setAgentUp(boolean value) {
        changed(() -> agentUp = value);
    }

    /** The server has no agent any more. */
    public synchronized void forgetAgent() {
        agent = Optional.empty();
        setAgentUp(true);
    }

    /** Takes note of where the server is now. */
    public synchronized void setPlace(Place now) {
        place = now;
    }

    /** Whether the configuration in force has the server at this address. */
    public synchronized boolean isConfiguredAt(String address) {
        return address.equals(configuredAddress);
    }

    /** Forgets what was found out where the address of the configuration changes. */
    public synchronized void setConfiguredAddress(String address) {
        if (!address.equals(configuredAddress)) {
            configuredAddress = address;
            place = new Place(Optional.empty(), Optional.empty(), false, place.number() + 1);
        }
    }

    /** The server cannot be reached at all, as when its name is not resolved; or it can again. */
    public synchronized void setReachable(boolean value) {
        changed(() -> reachable = value);
    }

    /** Has the state of another server from now on. */
    public synchronized void mirror(ServerState other) {
        changed(() -> {
            tracking = true;
            trackedUp = other.isUp();
            stopping = other.isStopping();
            trackedAdmin = other.admin();
        });
    }

    /** Tracks no server any more. */
    public synchronized void forgetTracking() {
        if (tracking) {
            changed(() -> {
                tracking = false;
                stopping = false;
                trackedAdmin = Admin.READY;
            });
        }
    }

    /** Applies a change, and counts what follows from it. */
    private void changed(Runnable change) {
        boolean served = isServing();
        boolean wasUp = up;
        boolean wasStopping = stopping;
        Admin before = admin();
        change.run();
        up = tracking ? trackedUp : reachable && checkUp && agentUp;
        if (wasUp == up && wasStopping == stopping && before == admin()) {
            return;
        }
        long now = nanoClock.getAsLong();
        if (served && !isServing()) {
            downTransitions.incrementAndGet();
        } else if (!served) {
            downMillis += TimeUnit.NANOSECONDS.toMillis(now - sinceNanos);
            if (isServing() && slowStartNanos > 0) {
                upSinceNanos = nanoClock.getAsLong();
                ramping = true;
            }
        }
        sinceNanos = now;
    }

    // ---- weight

    /**
     * Follows the {@code weight} of the configuration where it changes; as long as it stays what it was, what the
     * administrator has said since counts more.
     */
    public void setConfiguredWeight(int weight) {
        if (weight != configuredWeight) {
            configuredWeight = weight;
            ownWeight = -1;
        }
    }

    /** The share of the load from now on, 0 to 256; 0: no new streams but those that must come here. */
    public void setWeight(int weight) {
        ownWeight = weight;
    }

    /** What counts, out of the configuration's weight and what was said since. */
    int weight(int configured) {
        int own = ownWeight;
        return own >= 0 ? own : configured;
    }

    /** Streams at a time from now on; 0: without limit. */
    void setMaxConnections(int max) {
        ownMaxConnections = max;
    }

    /** Follows the {@code maxconn} of the configuration where it changes, as the weight. */
    public void setConfiguredMaxConnections(int max) {
        if (max != configuredMaxConnections) {
            configuredMaxConnections = max;
            ownMaxConnections = -1;
        }
    }

    /** What counts, out of the configuration's limit and what was said since. */
    int maxConnections(int configured) {
        int own = ownMaxConnections;
        return own >= 0 ? own : configured;
    }

    /** {@code slowstart}. */
    public void setSlowStart(Duration time) {
        slowStartNanos = time.toNanos();
    }

    /** The part of a weight that counts while the server takes its load up; never less than one part. */
    int ramped(int parts) {
        if (!ramping || parts == 0) {
            return parts;
        }
        long whole = slowStartNanos;
        long passed = nanoClock.getAsLong() - upSinceNanos;
        if (passed >= whole) {
            ramping = false;
            return parts;
        }
        return (int) Math.max(1, parts * passed / whole);
    }

    /** How much of its load a server has taken up, in percent; 100 when it does not take it up slowly. */
    public int rampPercent() {
        return ramping ? (int) Math.min(100, Math.max(1, 100 * TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - upSinceNanos)
                / Math.max(1, TimeUnit.NANOSECONDS.toMillis(slowStartNanos)))) : 100;
    }
}
