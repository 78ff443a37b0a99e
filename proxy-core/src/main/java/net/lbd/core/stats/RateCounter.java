package net.lbd.core.stats;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Events in the last second, as HAProxy counts them: those of the present second, and those of the second before in the
 * share that still lies within the last 1000 ms. Times are those of {@code System.nanoTime}. Thread-safe without locks:
 * an event is one increment; once a second the window is replaced. An event that meets the replacement counts in the
 * window that it has read, which the next still looks at.
 */
public final class RateCounter {

    private static final long SECOND_NANOS = 1_000_000_000;
    private static final int PERIOD_MILLIS = 1000;

    /** One second; {@code before} is the count of the one in front of it. */
    private record Window(long second, AtomicInteger count, AtomicInteger before) { }

    private final AtomicReference<Window> window =
            new AtomicReference<>(new Window(Long.MIN_VALUE, new AtomicInteger(), new AtomicInteger()));
    private final AtomicInteger max = new AtomicInteger();

    /** Counts an event. */
    public void count(long nowNanos) {
        count(nowNanos, 1);
    }

    /** Counts several events of one moment. */
    public void count(long nowNanos, int events) {
        int counted = at(Math.floorDiv(nowNanos, SECOND_NANOS)).count.addAndGet(events);
        int seen = max.get();
        while (counted > seen && !max.compareAndSet(seen, counted)) {
            seen = max.get();
        }
    }

    private Window at(long second) {
        Window last = window.get();
        while (last.second < second) {
            Window next = new Window(second, new AtomicInteger(), last.second == second - 1 ? last.count : new AtomicInteger());
            if (window.compareAndSet(last, next)) {
                return next;
            }
            last = window.get();
        }
        return last;
    }

    /** Events in the last second, as of now. */
    public int perSecond() {
        return perSecond(System.nanoTime());
    }

    /** Events in the last second. */
    public int perSecond(long nowNanos) {
        Window last = window.get();
        long second = Math.floorDiv(nowNanos, SECOND_NANOS);
        int elapsedMillis = millisInto(nowNanos);
        if (last.second >= second) {
            return (int) share(last.count.get(), last.before.get(), elapsedMillis, PERIOD_MILLIS);
        }
        return last.second == second - 1 ? (int) share(0, last.count.get(), elapsedMillis, PERIOD_MILLIS) : 0;
    }

    /** How long it takes until fewer than {@code limit} events lie in the last second, if none is added; at least 1 ms. */
    public int millisUntilBelow(int limit, long nowNanos) {
        Window last = window.get();
        long second = Math.floorDiv(nowNanos, SECOND_NANOS);
        int elapsed = millisInto(nowNanos);
        int count = last.second >= second ? last.count.get() : 0;
        long before = last.second >= second ? last.before.get() : last.second == second - 1 ? last.count.get() : 0;
        int untilEnd = PERIOD_MILLIS - elapsed;
        if (count >= limit || count == 0 && before <= 1) {
            return untilEnd;
        }
        // The share of the second before has to be smaller than the room that is left.
        long enough = PERIOD_MILLIS - (long) (limit - count) * PERIOD_MILLIS / Math.max(1, before) + 1;
        return (int) Math.max(1, Math.min(enough - elapsed, untilEnd));
    }

    /** Whole seconds since the last event; -1: there was none. */
    public long secondsSinceLast() {
        long last = window.get().second;
        return last == Long.MIN_VALUE ? -1 : Math.max(0, Math.floorDiv(System.nanoTime(), SECOND_NANOS) - last);
    }

    /** Forgets {@link #max}. */
    public void clearMax() {
        max.set(0);
    }

    /** Begins anew. */
    void clear() {
        window.set(new Window(Long.MIN_VALUE, new AtomicInteger(), new AtomicInteger()));
        max.set(0);
    }

    /** The most events that a second has had. */
    public int max() {
        return max.get();
    }

    private static int millisInto(long nowNanos) {
        return (int) (Math.floorMod(nowNanos, SECOND_NANOS) / 1_000_000);
    }

    /**
     * HAProxy's formula, read off 2.6: the share of the period before is rounded down, and a single event does not fade
     * but ends with its window.
     */
    public static long share(long count, long before, int elapsed, int period) {
        return count == 0 && before <= 1 ? before : count + before * (period - elapsed) / period;
    }
}
