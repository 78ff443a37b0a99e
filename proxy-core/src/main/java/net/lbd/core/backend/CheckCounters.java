package net.lbd.core.backend;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** What the checks of a server came to since the process started, for statistics; checks by hand do not count. Thread-safe. */
public final class CheckCounters {

    private final LongAdder passed = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder nanos = new LongAdder();

    /** Counts a check that is over. */
    public void count(boolean hasPassed, Duration took) {
        (hasPassed ? passed : failed).increment();
        nanos.add(took.toNanos());
    }

    public long passed() {
        return passed.sum();
    }

    public long failed() {
        return failed.sum();
    }

    /** How long they took, all together; nanoseconds. */
    public long nanos() {
        return nanos.sum();
    }
}
