package net.lbd.core.runtime;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees event loops that do not come to their next turn: it tells where they are, and ends the process when they stay there, as a loop holds all of its
 * connections up. Only time during which this watch itself could run counts: a suspended process or a long collection blames nobody.
 *
 * <table>
 * <caption>For each loop</caption>
 * <tr><th>without an answer for</th><th>what happens</th></tr>
 * <tr><td>{@code warn-blocked-traffic-after}, and each time it has doubled</td><td>LBR012 with the stack of the loop</td></tr>
 * <tr><td>{@code tune.watchdog.exit-after}</td><td>LBR013, and the process ends with {@value #EXIT_CODE}</td></tr>
 * </table>
 *
 * Used by one thread but for {@link #setLimits}.
 */
final class LoopWatch {

    /** {@code EX_SOFTWARE} of sysexits.h. */
    static final int EXIT_CODE = 70;

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);
    /** More than this between two looks was lost to this watch as well. */
    private static final long LONGEST_STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1000);
    private static final int INNERMOST = 10;
    private static final int FRAMES = 30;

    private record Limits(long warnNanos, long exitNanos) { }

    private static final class Beat {
        private final EventExecutor loop;
        private final String name;
        private volatile boolean answered = true;
        private long owedNanos;
        private long warnAtNanos;

        Beat(EventExecutor loop, String name) {
            this.loop = loop;
            this.name = name;
        }
    }

    private final List<Beat> beats = new ArrayList<>();
    private final LongSupplier nanoClock;
    private final IntConsumer fatal;
    private volatile Limits limits = new Limits(0, 0);
    private long lastNanos;

    /** @param fatal ends the process with a code */
    LoopWatch(Iterable<? extends EventExecutor> loops, LongSupplier nanoClock, IntConsumer fatal) {
        for (EventExecutor loop : loops) {
            beats.add(new Beat(loop, nameOf(loop)));
        }
        this.nanoClock = Objects.requireNonNull(nanoClock, "nanoClock");
        this.fatal = Objects.requireNonNull(fatal, "fatal");
        this.lastNanos = nanoClock.getAsLong();
    }

    private static String nameOf(EventExecutor loop) {
        return loop instanceof SingleThreadEventExecutor one ? one.threadProperties().name() : loop.toString();
    }

    /** Zero stands for never. */
    void setLimits(Duration warn, Duration exit) {
        limits = new Limits(warn.toNanos(), exit.toNanos());
    }

    /** Looks once; to be called some times a second. */
    void look() {
        long now = nanoClock.getAsLong();
        long step = Math.min(now - lastNanos, LONGEST_STEP_NANOS);
        lastNanos = now;
        for (Beat beat : beats) {
            if (beat.answered) {
                if (beat.warnAtNanos > limits.warnNanos) {
                    LOG.info("LBR012 event loop {} turns again; it was held up for {} ms", beat.name, TimeUnit.NANOSECONDS.toMillis(beat.owedNanos));
                }
                ask(beat);
            } else {
                beat.owedNanos += step;
                judge(beat);
            }
        }
    }

    private void ask(Beat beat) {
        beat.answered = false;
        beat.owedNanos = 0;
        beat.warnAtNanos = limits.warnNanos;
        try {
            beat.loop.execute(() -> beat.answered = true);
        } catch (RejectedExecutionException e) {
            // It has ended, which only an error that it did not survive can bring about: it owes the answer for good.
            LOG.debug("event loop {} takes no tasks", beat.name, e);
        }
    }

    private void judge(Beat beat) {
        Limits now = limits;
        long owedMillis = TimeUnit.NANOSECONDS.toMillis(beat.owedNanos);
        if (now.exitNanos > 0 && beat.owedNanos >= now.exitNanos) {
            LOG.error("LBR013 event loop {} has not turned for {} ms: lbd ends with code {}, to be started anew; it is at {}",
                    beat.name, owedMillis, EXIT_CODE, stackOf(beat));
            fatal.accept(EXIT_CODE);
        } else if (now.warnNanos > 0 && beat.owedNanos >= Math.max(now.warnNanos, beat.warnAtNanos)) {
            LOG.warn("LBR012 event loop {} has not turned for {} ms, its connections wait; it is at {}", beat.name, owedMillis, stackOf(beat));
            beat.warnAtNanos = 2 * beat.owedNanos;
        }
    }

    /** In one line, the innermost call first; of what a deep one, such as a regular expression, calls, the innermost frames alone. */
    private static String stackOf(Beat beat) {
        if (beat.loop.isShuttingDown() || !(beat.loop instanceof SingleThreadEventExecutor one)) {
            return "its end: an error that it did not survive is in the log above";
        }
        List<String> frames = Arrays.stream(one.threadProperties().stackTrace()).map(StackTraceElement::toString).toList();
        int ours = (int) frames.stream().takeWhile(frame -> !frame.startsWith("net.lbd.")).count();
        int from = ours < frames.size() ? Math.max(INNERMOST, ours) : INNERMOST;
        return Stream.concat(frames.stream().limit(INNERMOST),
                Stream.concat(from > INNERMOST ? Stream.of("(" + (from - INNERMOST) + " more)") : Stream.empty(), frames.stream().skip(from).limit(FRAMES)))
                .collect(Collectors.joining(" < "));
    }
}
