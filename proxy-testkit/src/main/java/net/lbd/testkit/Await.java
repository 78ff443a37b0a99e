package net.lbd.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Waits for conditions, with a deadline, instead of sleeping. Polls about every 2 ms. Any thread; the
 * caller blocks.
 */
public final class Await {

    /** How long everything in this package waits unless told otherwise: 10 s. */
    public static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final long POLL_NANOS = 2_000_000;

    private Await() {}

    /** Waits at most {@link #DEADLINE} until {@code condition} is true. */
    public static void until(String what, Callable<Boolean> condition) {
        until(what, DEADLINE, condition, () -> "");
    }

    /** Waits at most {@code deadline} until {@code condition} is true. */
    public static void until(String what, Duration deadline, Callable<Boolean> condition) {
        until(what, deadline, condition, () -> "");
    }

    /**
     * Waits at most {@code deadline} until {@code condition} is true.
     *
     * @param details told with the failure, such as what was seen instead
     * @throws AssertionError when the deadline passes; an exception of the condition that would have
     *     been its last answer is the cause
     */
    public static void until(
            String what, Duration deadline, Callable<Boolean> condition, Supplier<String> details) {
        long end = System.nanoTime() + deadline.toNanos();
        while (true) {
            Exception failure = null;
            try {
                if (condition.call()) {
                    return;
                }
            } catch (Exception e) {
                failure = e;
            }
            if (System.nanoTime() - end >= 0) {
                throw new AssertionError(
                        "not within " + deadline.toMillis() + " ms: " + what + suffix(details.get()), failure);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /**
     * Waits until {@code value} has not changed for {@code quiet}, and returns it: how a test learns
     * that a sender was stopped by back-pressure.
     */
    public static long stable(String what, Duration quiet, LongSupplier value) {
        long[] last = {value.getAsLong()};
        long[] since = {System.nanoTime()};
        until(what, DEADLINE.plus(quiet), () -> {
            long now = value.getAsLong();
            if (now != last[0]) {
                last[0] = now;
                since[0] = System.nanoTime();
            }
            return System.nanoTime() - since[0] >= quiet.toNanos();
        }, () -> "last value " + last[0]);
        return last[0];
    }

    private static String suffix(String details) {
        return details.isEmpty() ? "" : "; " + details;
    }
}
