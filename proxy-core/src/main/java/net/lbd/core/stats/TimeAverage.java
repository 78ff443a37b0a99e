package net.lbd.core.stats;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The mean and the maximum of times in milliseconds. Up to 1024 of them it is their plain mean; from then on each new one counts for
 * 1/1024, so that older ones fade. Thread-safe without locks. Source: HAProxy manual, management guide, "qtime".
 */
public final class TimeAverage {

    private static final int WINDOW = 1024;
    private static final int COUNT_SHIFT = 52;
    private static final long SUM_MASK = (1L << COUNT_SHIFT) - 1;
    /** Longer ones count as this, about 24 days, so that the sum of a window fits. */
    private static final long LONGEST = Integer.MAX_VALUE;

    /** How many, up to 1024, in the upper bits; their sum below. */
    private final AtomicLong state = new AtomicLong();
    private final AtomicInteger max = new AtomicInteger();

    /** Takes one more; a negative one stands for a stage that was not reached, and does not count. */
    public void add(long millis) {
        if (millis < 0) {
            return;
        }
        long value = Math.min(millis, LONGEST);
        long before;
        long after;
        do {
            before = state.get();
            long count = before >>> COUNT_SHIFT;
            long sum = before & SUM_MASK;
            after = count < WINDOW ? count + 1 << COUNT_SHIFT | sum + value
                    : count << COUNT_SHIFT | Math.max(0, sum - (sum + WINDOW - 1) / WINDOW + value);
        } while (before != after && !state.compareAndSet(before, after));
        int seen = max.get();
        while (value > seen && !max.compareAndSet(seen, (int) value)) {
            seen = max.get();
        }
    }

    /** In milliseconds; 0 before the first. */
    public long mean() {
        long now = state.get();
        long count = now >>> COUNT_SHIFT;
        return count == 0 ? 0 : ((now & SUM_MASK) + count / 2) / count;
    }

    /** In milliseconds; 0 before the first. */
    public int max() {
        return max.get();
    }

    void clearMax() {
        max.set(0);
    }

    void clear() {
        state.set(0);
        max.set(0);
    }
}
