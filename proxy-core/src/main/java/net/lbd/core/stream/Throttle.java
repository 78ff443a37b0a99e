package net.lbd.core.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.lbd.core.runtime.TimerWheel;

/**
 * Lets the bytes of one direction of a stream pass no faster than its limits allow. Whoever relays them asks with {@link #allow} before, tells
 * with {@link #spent} behind, and where something is held back stops reading its source and is called when more may pass. Made for
 * streams that have a limit only. Event-loop confined. Source: HAProxy manual (2.7 and later), "Bandwidth limitation".
 */
public final class Throttle extends TimerWheel.Timer {

    /** Of a stream without a limit. */
    static final Throttle NONE = new Throttle(new TimerWheel((task, delay, unit) -> { }, System::nanoTime));

    /** Bytes pass in portions of at least so much time. */
    private static final int PORTION_MILLIS = 50;

    private final TimerWheel timers;
    private final List<BandwidthBudget> budgets = new ArrayList<>(2);
    private final List<Integer> minSizes = new ArrayList<>(2);
    private Runnable resume = () -> { };
    private long waitMillis;

    Throttle(TimerWheel timers) {
        this.timers = timers;
    }

    /** @param minSizeBytes nothing smaller passes but the last bytes */
    void add(BandwidthBudget budget, int minSizeBytes) {
        budgets.add(Objects.requireNonNull(budget, "budget"));
        minSizes.add(minSizeBytes);
    }

    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }

    /** How many of so many bytes may pass now. */
    int allow(int available) {
        long now = nowMillis();
        long allowed = available;
        for (int i = 0; i < budgets.size(); i++) {
            BandwidthBudget budget = budgets.get(i);
            long room = Math.max(0, budget.roomBytes(now));
            if (room < allowed) {
                long least = Math.min(available, Math.max(minSizes.get(i), 1));
                allowed = room < least ? 0 : room;
                waitMillis = Math.max(PORTION_MILLIS, budget.waitMillis(least - allowed));
            }
        }
        return (int) allowed;
    }

    /** So many bytes have passed. */
    void spent(int bytes) {
        long now = nowMillis();
        for (int i = 0; bytes > 0 && i < budgets.size(); i++) {
            budgets.get(i).spend(bytes, now);
        }
    }

    /** Calls back when more may pass than {@link #allow} said last. */
    void waitForMore(Runnable whenThen) {
        resume = whenThen;
        timers.arm(this, waitMillis);
    }

    /** Whether it is being waited for more. */
    boolean isWaiting() {
        return this != NONE && isArmed();
    }

    @Override
    protected void expired() {
        resume.run();
    }

    /** The stream is over. */
    void end() {
        if (this != NONE) {
            timers.remove(this);
            budgets.forEach(BandwidthBudget::end);
            budgets.clear();
            minSizes.clear();
        }
    }
}
