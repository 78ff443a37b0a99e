package net.lbd.core.listen;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import net.lbd.core.stats.RateCounter;

/**
 * Counts what a frontend, or the process, takes in a second, against {@code rate-limit sessions}, {@code maxconnrate},
 * {@code maxsessrate} or {@code maxsslrate}. When the limit is reached the listeners stop accepting, and further clients
 * wait in the kernel's backlog until the rate has come down. As with {@link Admission}, each further worker can overshoot
 * the limit by one. Thread-safe.
 */
public final class RateLimit {

    /** What is counted. */
    public enum Event {
        /** A connection has been accepted. */
        CONNECTION,
        /** The {@code tcp-request connection} rules have let it in; TLS has not begun. */
        SESSION
    }

    private final Event event;
    private final RateCounter rate;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile int limit;

    public RateLimit(Event event, RateCounter rate) {
        this.event = event;
        this.rate = rate;
    }

    /** Changes the limit; 0 lifts it. */
    public void setLimit(int newLimit) {
        limit = newLimit;
        listeners.forEach(Listener::adjust);
    }

    /** In a second; 0: without limit. */
    public int limit() {
        return limit;
    }

    public RateCounter rate() {
        return rate;
    }

    void attach(Listener listener) {
        listeners.add(listener);
        listener.adjust();
    }

    void detach(Listener listener) {
        listeners.remove(listener);
    }

    void count(Event happened, long nowNanos) {
        if (happened == event) {
            rate.count(nowNanos);
            if (isFull(nowNanos)) {
                listeners.forEach(Listener::adjust);
            }
        }
    }

    boolean isFull(long nowNanos) {
        int most = limit;
        return most > 0 && rate.perSecond(nowNanos) >= most;
    }

    /** When to look again; 0: it is not full. */
    int waitMillis(long nowNanos) {
        return isFull(nowNanos) ? rate.millisUntilBelow(limit, nowNanos) : 0;
    }
}
