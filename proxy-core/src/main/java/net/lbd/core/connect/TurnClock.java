package net.lbd.core.connect;

import java.util.function.LongSupplier;

/**
 * The time of one event loop. While bytes that were read are being handled it stands still: what one read sets
 * off happens at one moment, and the machine's clock is asked once instead of at each of a dozen stages, timers and
 * rates (HAProxy's time stands still for a whole turn of its loop). At all other times it is the machine's.
 * Event-loop confined.
 */
public final class TurnClock {

    private final LongSupplier machine;
    private boolean held;
    private long heldNanos;

    public TurnClock() {
        this(System::nanoTime);
    }

    /** @param machine as {@link System#nanoTime} */
    TurnClock(LongSupplier machine) {
        this.machine = machine;
    }

    /** From now on it is one and the same moment, until {@link #release}. */
    void hold() {
        heldNanos = machine.getAsLong();
        held = true;
    }

    /** Time goes on. */
    void release() {
        held = false;
    }

    /** To compare with other values of this method and of {@link System#nanoTime}. */
    public long nanos() {
        return held ? heldNanos : machine.getAsLong();
    }
}
