package net.lbd.core.runtime;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether event loops still turn: each gets a task now and then, and has to come to it in time. A loop
 * that blocks, in a rule's regular expression or in native code, holds all its connections up and would
 * do so unseen. Thread-safe: guarded by its own lock; never blocks.
 */
final class Pulse {

    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);

    private final List<Beat> beats = new ArrayList<>();
    private final LongSupplier nanoClock;

    /** The task that one loop has to come to. */
    private static final class Beat {
        private final EventExecutor loop;
        private volatile boolean answered = true;
        private long askedNanos;

        Beat(EventExecutor loop) {
            this.loop = loop;
        }
    }

    Pulse(Iterable<? extends EventExecutor> loops, LongSupplier nanoClock) {
        loops.forEach(loop -> beats.add(new Beat(loop)));
        this.nanoClock = nanoClock;
    }

    /**
     * Asks every loop that has answered before, and tells whether none owes an answer for longer than the
     * bound. So a loop that stops is told when this is called for the first time behind the bound; call it
     * a few times within it. A loop that has ended by an error answers no more.
     */
    synchronized boolean isAlive(Duration bound) {
        long now = nanoClock.getAsLong();
        boolean alive = true;
        for (Beat beat : beats) {
            if (beat.answered) {
                beat.answered = false;
                beat.askedNanos = now;
                ask(beat);
            } else if (now - beat.askedNanos > bound.toNanos()) {
                alive = false;
            }
        }
        return alive;
    }

    private static void ask(Beat beat) {
        try {
            beat.loop.execute(() -> beat.answered = true);
        } catch (RejectedExecutionException e) {
            LOG.debug("an event loop takes no tasks", e);
        }
    }
}
