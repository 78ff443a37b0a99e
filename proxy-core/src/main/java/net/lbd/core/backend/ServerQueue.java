package net.lbd.core.backend;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;

/**
 * Streams that wait for a place at one backend because every usable server has reached its
 * {@code maxconn}. First in, first out over all workers. Thread-safe: guarded by its own lock, which is
 * taken only where a server has a {@code maxconn}.
 */
public final class ServerQueue {

    /** A stream that waits; called on an arbitrary thread, it must hop to its own loop. */
    public interface Waiter {
        /** A place may be free: try again. */
        void wake();
    }

    /** Keeps the order, and lets go of one in its middle without a walk: thousands may give up at once. */
    private final LinkedHashSet<Waiter> waiting = new LinkedHashSet<>();

    /** Appends a waiter; returns its place, from 1. */
    public synchronized int add(Waiter waiter) {
        waiting.add(waiter);
        return waiting.size();
    }

    /** Takes a waiter out that gave up; false if it was woken already. */
    public synchronized boolean remove(Waiter waiter) {
        return waiting.remove(waiter);
    }

    /** Takes the first waiter out, to be woken by the caller. */
    public synchronized Optional<Waiter> poll() {
        Iterator<Waiter> first = waiting.iterator();
        if (!first.hasNext()) {
            return Optional.empty();
        }
        Waiter waiter = first.next();
        first.remove();
        return Optional.of(waiter);
    }

    public synchronized int size() {
        return waiting.size();
    }
}
