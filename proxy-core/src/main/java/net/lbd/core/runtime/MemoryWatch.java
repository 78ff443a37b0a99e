package net.lbd.core.runtime;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import net.lbd.core.connect.Faults;
import net.lbd.core.listen.AcceptBrake;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps clients waiting before the memory runs out, and ends a process that has none left.
 *
 * <table>
 * <caption>What it does</caption>
 * <tr><th>when</th><th>what</th></tr>
 * <tr><td>the old generation of the heap is {@code tune.memory.pause} percent full</td><td>a collection, to see what of it is alive; not again within
 * {@value #COLLECT_SECONDS} s nor within twenty times what it took</td></tr>
 * <tr><td>it is still so full, or direct memory is</td><td>LBR010: no more clients are accepted</td></tr>
 * <tr><td>{@value #MARGIN_PERCENT} percent less are in use</td><td>they are again</td></tr>
 * <tr><td>connections ended for want of memory in each of {@value #STRIKES} seconds</td><td>LBR011, and the process ends with {@value #EXIT_CODE}</td></tr>
 * </table>
 *
 * Used by one thread but for {@link #setPause}.
 */
final class MemoryWatch {

    /** What {@code -XX:+ExitOnOutOfMemoryError} ends with. */
    static final int EXIT_CODE = 3;
    static final int COLLECT_SECONDS = 5;
    static final int MARGIN_PERCENT = 5;
    static final int STRIKES = 20;

    private static final Logger LOG = LoggerFactory.getLogger(MemoryWatch.class);
    private static final int COLLECT_SHARE = 20;

    private final MemoryGauges gauges;
    private final AcceptBrake brake;
    private final LongSupplier nanoClock;
    private final IntConsumer fatal;
    private volatile int pausePercent;
    private boolean paused;
    private boolean collected;
    private long collectAfterNanos;
    private long secondNanos;
    private long failuresBefore = Faults.memoryFailures();
    private int strikes;

    MemoryWatch(MemoryGauges gauges, AcceptBrake brake, LongSupplier nanoClock, IntConsumer fatal) {
        this.gauges = Objects.requireNonNull(gauges, "gauges");
        this.brake = Objects.requireNonNull(brake, "brake");
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
        this.fatal = Objects.requireNonNull(fatal, "fatal");
        this.secondNanos = nanoClock.getAsLong();
    }

    /** {@code tune.memory.pause}; 0: clients are never kept waiting. */
    void setPause(int percent) {
        pausePercent = percent;
    }

    /** Looks once; to be called some times a second. */
    void look() {
        int limit = pausePercent == 0 ? Integer.MAX_VALUE : paused ? pausePercent - MARGIN_PERCENT : pausePercent;
        MemoryGauges.Use direct = gauges.direct();
        MemoryGauges.Use heap = gauges.heap();
        if (heap.percent() >= limit && mayCollect()) {
            collect();
            heap = gauges.heap();
        }
        boolean full = heap.percent() >= limit || direct.percent() >= limit;
        if (full && !paused) {
            LOG.warn("LBR010 no more clients are accepted until memory is free: the heap is full to {}, direct memory to {}; raise -Xmx or"
                    + " -XX:MaxDirectMemorySize in LBD_JAVA_OPTS, or lower maxconn", heap, direct);
        } else if (!full && paused) {
            LOG.info("LBR010 clients are accepted again: the heap is full to {}, direct memory to {}", heap, direct);
        }
        if (full != paused) {
            paused = full;
            brake.setShortOfMemory(full);
        }
        countStrikes();
    }

    private boolean mayCollect() {
        return !collected || nanoClock.getAsLong() - collectAfterNanos >= 0;
    }

    private void collect() {
        long begin = nanoClock.getAsLong();
        gauges.collect();
        long end = nanoClock.getAsLong();
        collected = true;
        collectAfterNanos = end + Math.max(TimeUnit.SECONDS.toNanos(COLLECT_SECONDS), COLLECT_SHARE * (end - begin));
    }

    /** One request that is too large for the memory is no reason to end; a memory in which nothing finds room is. */
    private void countStrikes() {
        long now = nanoClock.getAsLong();
        if (now - secondNanos < TimeUnit.SECONDS.toNanos(1)) {
            return;
        }
        secondNanos = now;
        long failures = Faults.memoryFailures();
        strikes = failures == failuresBefore ? 0 : strikes + 1;
        failuresBefore = failures;
        if (strikes >= STRIKES) {
            LOG.error("LBR011 connections have ended for want of memory in each of the last {} seconds: lbd ends with code {}, to be started anew; the heap is"
                    + " full to {}, direct memory to {}", STRIKES, EXIT_CODE, gauges.heap(), gauges.direct());
            fatal.accept(EXIT_CODE);
        }
    }
}
