package net.lbd.core.connect;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets a message about something that comes in floods through once in {@value #PERIOD_SECONDS} s, and counts the others. Thread-safe:
 * guarded by its own lock.
 */
public final class Seldom {

    /** Within which there is one message; seconds. */
    public static final int PERIOD_SECONDS = 60;

    private final LongSupplier nanoClock;
    private long last;
    private long suppressed;
    private boolean told;

    public Seldom(LongSupplier nanoClock) {
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
    }

    /** Whether to tell it now: then how often it came untold since the last time; else empty. */
    public synchronized OptionalLong turn() {
        long now = nanoClock.getAsLong();
        if (told && now - last < TimeUnit.SECONDS.toNanos(PERIOD_SECONDS)) {
            suppressed++;
            return OptionalLong.empty();
        }
        told = true;
        last = now;
        long before = suppressed;
        suppressed = 0;
        return OptionalLong.of(before);
    }

    /** What stands behind a message: how many came untold, if any did. */
    public static String more(long untold) {
        return untold == 0 ? "" : " (" + untold + " more times since the last message)";
    }
}
