package net.lbd.core.listen;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the client connections of a frontend, or of the process, against a {@code maxconn}. When it is
 * reached, the listeners stop accepting and further clients wait in the kernel's backlog; they go on
 * when a connection ends. Since every worker accepts for itself, the limit can be overshot by one
 * connection for each worker. Thread-safe.
 */
public final class Admission {

    private final AtomicInteger current = new AtomicInteger();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile int limit;

    /** @param limit 0: without limit */
    public Admission(int limit) {
        this.limit = limit;
    }

    /** Changes the limit; 0 lifts it. */
    public void setLimit(int newLimit) {
        limit = newLimit;
        adjust();
    }

    /** 0: without limit. */
    public int limit() {
        return limit;
    }

    /** Connections at this moment. */
    public int current() {
        return current.get();
    }

    void attach(Listener listener) {
        listeners.add(listener);
        adjust();
    }

    void detach(Listener listener) {
        listeners.remove(listener);
    }

    void enter() {
        int now = current.incrementAndGet();
        if (limit > 0 && now >= limit) {
            adjust();
        }
    }

    void leave() {
        int now = current.decrementAndGet();
        if (limit > 0 && now == limit - 1) {
            adjust();
        }
    }

    boolean isFull() {
        return limit > 0 && current.get() >= limit;
    }

    private void adjust() {
        listeners.forEach(Listener::adjust);
    }
}
