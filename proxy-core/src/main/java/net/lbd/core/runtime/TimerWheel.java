package net.lbd.core.runtime;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import net.lbd.core.connect.Faults;
import java.util.function.LongSupplier;

/**
 * The timeouts of one event loop. Arming a timer that is armed already, which every byte of traffic
 * does, writes one field: a timer that was pushed back is moved only when its old time comes. Times are
 * kept to within {@value #TICK_MILLIS} ms and never fire early. Event-loop confined.
 */
public final class TimerWheel {

    /** The resolution; milliseconds. */
    public static final int TICK_MILLIS = 16;
    private static final int SLOTS = 512;

    /** Something that can time out. In one wheel at a time. */
    public abstract static class Timer {
        private long deadlineMillis = Long.MAX_VALUE;
        /** The tick whose slot holds this timer; -1: in no slot. */
        private long slotTick = -1;
        private Timer previous;
        private Timer next;

        /** Called on the loop once the time has passed; the timer is no longer armed. */
        protected abstract void expired();

        /** Whether a deadline is set. */
        public final boolean isArmed() {
            return deadlineMillis != Long.MAX_VALUE;
        }
    }

    /** Runs a task after a delay: the event loop, or a fake in tests. */
    public interface Scheduler {
        void schedule(Runnable task, long delay, TimeUnit unit);
    }

    private final Scheduler scheduler;
    private final LongSupplier nanoTime;
    private final Timer[] slots = new Timer[SLOTS];
    private final long origin;
    /** The last tick whose slot was looked at. */
    private long currentTick;
    private int linked;
    /** The tick for which the earliest turn is scheduled. */
    private long wakeTick = Long.MAX_VALUE;

    public TimerWheel(Scheduler scheduler, LongSupplier nanoTime) {
        this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
        this.nanoTime = Objects.requireNonNull(nanoTime, "nanoTime");
        this.origin = nanoTime.getAsLong();
    }

    /** Arms a timer, or moves its deadline; a delay of 0 or less disarms it: there is no such limit. */
    public void arm(Timer timer, long delayMillis) {
        if (delayMillis <= 0) {
            timer.deadlineMillis = Long.MAX_VALUE;
            return;
        }
        long now = nowMillis();
        // Beyond a century a deadline is as good as none, and the sum cannot overflow.
        long deadline = now + Math.min(delayMillis, 1L << 42);
        timer.deadlineMillis = deadline;
        long tick = tickOf(deadline, now);
        if (timer.slotTick < 0) {
            link(timer, tick);
        } else if (tick < timer.slotTick) {
            unlink(timer);
            link(timer, tick);
        }
        wakeBy(tick, now);
    }

    /** Disarms a timer. It stays linked until its old time comes, so that arming it again is cheap. */
    public void disarm(Timer timer) {
        timer.deadlineMillis = Long.MAX_VALUE;
    }

    /** Disarms a timer for good and forgets it at once, so that its owner can be collected. */
    public void remove(Timer timer) {
        timer.deadlineMillis = Long.MAX_VALUE;
        if (timer.slotTick >= 0) {
            unlink(timer);
        }
    }

    private long nowMillis() {
        return (nanoTime.getAsLong() - origin) / 1_000_000;
    }

    /** The tick at which a deadline has surely passed, or the farthest one the wheel can hold. */
    private long tickOf(long deadlineMillis, long nowMillis) {
        long tick = deadlineMillis / TICK_MILLIS + 1;
        if (linked == 0) {
            currentTick = Math.max(currentTick, nowMillis / TICK_MILLIS);
        }
        return Math.max(currentTick + 1, Math.min(tick, currentTick + SLOTS - 1));
    }

    private void link(Timer timer, long tick) {
        int slot = (int) (tick & SLOTS - 1);
        timer.slotTick = tick;
        timer.previous = null;
        timer.next = slots[slot];
        if (timer.next != null) {
            timer.next.previous = timer;
        }
        slots[slot] = timer;
        linked++;
    }

    private void unlink(Timer timer) {
        int slot = (int) (timer.slotTick & SLOTS - 1);
        if (timer.previous == null) {
            slots[slot] = timer.next;
        } else {
            timer.previous.next = timer.next;
        }
        if (timer.next != null) {
            timer.next.previous = timer.previous;
        }
        timer.previous = null;
        timer.next = null;
        timer.slotTick = -1;
        linked--;
    }

    /** Schedules a turn unless one comes early enough. */
    private void wakeBy(long tick, long nowMillis) {
        if (tick < wakeTick) {
            wakeTick = tick;
            scheduler.schedule(() -> turn(tick), Math.max(1, tick * TICK_MILLIS - nowMillis), TimeUnit.MILLISECONDS);
        }
    }

    private void turn(long tick) {
        if (tick != wakeTick) {
            // Left over: a nearer deadline has scheduled a turn of its own, which scheduled the next.
            return;
        }
        long now = nowMillis();
        long target = now / TICK_MILLIS;
        wakeTick = Long.MAX_VALUE;
        while (currentTick < target && linked > 0) {
            currentTick++;
            visit(currentTick, now);
        }
        currentTick = Math.max(currentTick, target);
        if (linked > 0) {
            wakeBy(currentTick + ticksToNextSlot(), now);
        }
    }

    /** Looks at every timer of a slot that was due at this tick: fires it, moves it, or lets it go. */
    private void visit(long tick, long nowMillis) {
        int slot = (int) (tick & SLOTS - 1);
        // A timer that fires may remove its neighbours, so the head is taken anew each time.
        while (slots[slot] != null && slots[slot].slotTick <= tick) {
            Timer timer = slots[slot];
            unlink(timer);
            if (timer.deadlineMillis == Long.MAX_VALUE) {
                continue;
            }
            if (timer.deadlineMillis > nowMillis) {
                link(timer, tickOf(timer.deadlineMillis, nowMillis));
            } else {
                timer.deadlineMillis = Long.MAX_VALUE;
                expire(timer);
            }
        }
    }

    /** What one owner does wrong must not cost the others their timers. */
    private static void expire(Timer timer) {
        try {
            timer.expired();
        } catch (RuntimeException | Error e) {
            Faults.bug("what a timer was for", e);
        }
    }

    private long ticksToNextSlot() {
        for (int ahead = 1; ahead < SLOTS; ahead++) {
            if (slots[(int) (currentTick + ahead & SLOTS - 1)] != null) {
                return ahead;
            }
        }
        return SLOTS;
    }
}
