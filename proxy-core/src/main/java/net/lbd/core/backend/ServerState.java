package net.lbd.core.backend;

import java.time.Instant;
import net.lbd.core.stats.ProxyCounters;

/**
 * What survives a reload of one server: health, what the administrator wants of it, and its counters.
 * Kept by backend and server name. Thread-safe: each field is volatile and written by one thread at a
 * time (health by its check's loop, the administrative state by the command socket).
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
    private volatile boolean up = true;
    private volatile Admin admin = Admin.READY;
    private volatile String checkStatus = "";
    private volatile Instant since = Instant.now();
    private volatile long lastCheckMillis = -1;
    private volatile int downTransitions;

    public ProxyCounters counters() {
        return counters;
    }

    public boolean isUp() {
        return up;
    }

    public Admin admin() {
        return admin;
    }

    /** The status code of the last check, such as {@code L7OK}; empty without a check. */
    public String checkStatus() {
        return checkStatus;
    }

    /** When {@link #isUp} last changed. */
    public Instant since() {
        return since;
    }

    /** How long the last check took; -1 before the first. */
    public long lastCheckMillis() {
        return lastCheckMillis;
    }

    /** How often this server went down. */
    public int downTransitions() {
        return downTransitions;
    }

    public void setUp(boolean value) {
        if (up != value) {
            since = Instant.now();
            if (!value) {
                downTransitions++;
            }
            up = value;
        }
    }

    public void setAdmin(Admin value) {
        admin = value;
    }

    public void setCheck(String status, long millis) {
        checkStatus = status;
        lastCheckMillis = millis;
    }
}
