package net.lbd.health;

import java.time.Duration;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * When a server's next check starts. Pure. Event-loop confined because of its random numbers.
 *
 * <p>Intervals run from the end of a check to the start of the next (observed with HAProxy 2.6), so checks of
 * one server never overlap. First checks are spread over one interval by the golden ratio: any number of
 * servers, watched in any order, lie evenly, and intervals that are equal keep them apart. HAProxy divides its
 * smallest interval by the number of servers, which it knows before it starts; here servers come and go.
 */
final class CheckSchedule {

    private static final double GOLDEN = 0.6180339887498949;
    private static final long WIDEST_GRAIN_NANOS = 10_000_000;

    private final Timing timing;
    private final Spread spread;
    private final RandomGenerator random;

    CheckSchedule(Timing timing, Spread spread, RandomGenerator random) {
        this.timing = Objects.requireNonNull(timing, "timing");
        this.spread = Objects.requireNonNull(spread, "spread");
        this.random = Objects.requireNonNull(random, "random");
    }

    /**
     * How checks are kept apart. Immutable.
     *
     * @param jitterPercent {@code spread-checks}, 0 to 50: each interval is longer or shorter by up to so much
     * @param maxStart {@code max-spread-checks}: no first check later than this, however long the interval
     */
    record Spread(int jitterPercent, Duration maxStart) {
        Spread {
            if (jitterPercent < 0 || jitterPercent > 50) {
                throw new IllegalArgumentException("spread-checks must be 0 to 50 percent, not " + jitterPercent);
            }
            if (maxStart.isNegative()) {
                throw new IllegalArgumentException("max-spread-checks must not be negative: " + maxStart);
            }
        }
    }

    /** Before the first check of the server that was the {@code ordinal}th to be watched, from 0. */
    long firstDelayNanos(long ordinal) {
        long window = Math.min(timing.inter().toNanos(), spread.maxStart().toNanos());
        double phase = ordinal * GOLDEN;
        return (long) (window * (phase - Math.floor(phase)));
    }

    /** From the end of the check that led to {@code snapshot}, which was at {@code nowNanos} of the loop's clock. */
    long nextDelayNanos(HealthSnapshot snapshot, long nowNanos) {
        long delay = intervalNanos(snapshot);
        // Servers of one loop that are due within the same hundredth of the interval, 10 ms at most, share one
        // wake-up; with 2,000 servers a second, waking for each takes about a quarter more system time.
        long grain = Math.max(1, Math.min(WIDEST_GRAIN_NANOS, delay / 100));
        long overhang = Math.floorMod(nowNanos + delay, grain);
        return overhang == 0 ? delay : delay + grain - overhang;
    }

    private long intervalNanos(HealthSnapshot snapshot) {
        Duration interval = switch (snapshot.stage()) {
            case UP -> timing.inter();
            case UP_GOING_DOWN, DOWN_GOING_UP -> timing.fastinter();
            case DOWN -> timing.downinter();
        };
        long nanos = interval.toNanos();
        if (spread.jitterPercent() == 0) {
            return nanos;
        }
        double share = spread.jitterPercent() / 100.0 * (2 * random.nextDouble() - 1);
        return Math.max(1, nanos + (long) (nanos * share));
    }
}
