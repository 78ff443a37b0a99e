package net.lbd.core.backend;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import net.lbd.core.stats.ProxyCounters;
import net.lbd.health.HealthSnapshot;

/**
 * What survives a reload of one server: health, what the administrator wants of it, and its counters.
 * Kept by backend and server name. Thread-safe: each field is volatile and written by one thread at a
 * time (health by its check's loop, the administrative state by the command socket, under the engine's
 * lock).
 */
public final class ServerState {

    /** What the administrator wants. */
    public enum Admin {
        /** Traffic as health allows. */
        READY,
        /** No new sessions but those that must come here. */
        DRAIN,
        /** No traffic and no checks. */
        MAINT
    }

    private final ProxyCounters counters = new ProxyCounters();
    private final AtomicInteger downTransitions = new AtomicInteger();
    private final Instant created = Instant.now();
    private boolean configuredDisabled;
    private int configuredWeight = -1;
    /** What the administrator has said since; -1: nothing. */
    private volatile int ownWeight = -1;
    /** Streams that wait for this server and no other. */
    private volatile int queued;
    private volatile boolean up = true;
    private volatile boolean stopping;
    private volatile Admin admin = Admin.READY;
    private volatile Optional<HealthSnapshot> health = Optional.empty();

    public ProxyCounters counters() {
        return counters;
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

    public Admin admin() {
        return admin;
    }

    /** What the checks know; empty for a server without a check. */
    public Optional<HealthSnapshot> health() {
        return health;
    }

    /** When {@link #isUp} last changed. */
    public Instant since() {
        return health.map(HealthSnapshot::since).orElse(created);
    }

    /** The status code of the last check, such as {@code L7OK}; empty before the first. */
    public String checkStatus() {
        return health.flatMap(HealthSnapshot::last).map(last -> last.status().name()).orElse("");
    }

    /** How long the last check took; -1 before the first. */
    public long lastCheckMillis() {
        return health.flatMap(HealthSnapshot::last).map(last -> last.duration().toMillis()).orElse(-1L);
    }

    /** How often this server went down. */
    public int downTransitions() {
        return downTransitions.get();
    }

    public void setAdmin(Admin value) {
        admin = value;
    }

    /**
     * Follows the {@code disabled} of the configuration where it appears or disappears; as long as it stays
     * what it was, what the administrator has said since counts more.
     */
    public void setConfigured(boolean disabled) {
        if (disabled != configuredDisabled) {
            configuredDisabled = disabled;
            admin = disabled ? Admin.MAINT : Admin.READY;
        }
    }

    /** Up, but its check asked for no new sessions; see {@code http-check disable-on-404}. */
    public boolean isStopping() {
        return stopping;
    }

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

    /** Takes what a check found out. */
    public void setHealth(HealthSnapshot snapshot) {
        if (up && !snapshot.up()) {
            downTransitions.incrementAndGet();
        }
        health = Optional.of(snapshot);
        up = snapshot.up();
        stopping = snapshot.stopping();
    }

    /** The server is not checked any more: it counts as up. */
    public void forgetHealth() {
        health = Optional.empty();
        up = true;
        stopping = false;
    }

    /** The server cannot be reached at all, as when its name is not resolved. */
    public void setUnreachable() {
        up = false;
    }
}
