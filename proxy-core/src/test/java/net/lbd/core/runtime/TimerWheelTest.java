package net.lbd.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimerWheelTest {

    private long nowNanos = 1_000_000_007L;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>(Comparator.comparingLong(Task::atNanos));
    private final TimerWheel wheel = new TimerWheel(
            (task, delay, unit) -> tasks.add(new Task(nowNanos + unit.toNanos(delay), task)), () -> nowNanos);

    private record Task(long atNanos, Runnable task) { }

    /** Lets the clock run; every scheduled task runs at its time. */
    private void pass(long millis) {
        long end = nowNanos + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!tasks.isEmpty() && tasks.peek().atNanos <= end) {
            Task next = tasks.poll();
            nowNanos = Math.max(nowNanos, next.atNanos);
            next.task.run();
        }
        nowNanos = end;
    }

    private long millis() {
        return nowNanos / 1_000_000;
    }

    private final class Probe extends TimerWheel.Timer {
        private final List<Long> firedAt = new ArrayList<>();

        @Override
        protected void expired() {
            firedAt.add(millis());
        }
    }

    @Test
    void firesOnceAndNeverEarly() {
        Probe probe = new Probe();
        long start = millis();
        wheel.arm(probe, 100);
        pass(99);
        assertThat(probe.firedAt).isEmpty();
        pass(1000);
        assertThat(probe.firedAt).hasSize(1);
        assertThat(probe.firedAt.get(0) - start).isBetween(100L, 100L + 2 * TimerWheel.TICK_MILLIS);
    }

    @Test
    void aNearerDeadlineIsNotHeldUpByAFarOne() {
        Probe far = new Probe();
        Probe near = new Probe();
        wheel.arm(far, 60_000);
        pass(10);
        wheel.arm(near, 50);
        pass(100);
        assertThat(near.firedAt).hasSize(1);
        assertThat(far.firedAt).isEmpty();
        pass(60_000);
        assertThat(far.firedAt).hasSize(1);
    }

    @Test
    void pushingBackAndDisarmingHold() {
        Probe pushed = new Probe();
        Probe disarmed = new Probe();
        wheel.arm(pushed, 100);
        wheel.arm(disarmed, 100);
        wheel.disarm(disarmed);
        for (int i = 0; i < 50; i++) {
            pass(50);
            wheel.arm(pushed, 100);
        }
        assertThat(pushed.firedAt).isEmpty();
        pass(200);
        assertThat(pushed.firedAt).hasSize(1);
        assertThat(disarmed.firedAt).isEmpty();
        assertThat(pushed.isArmed()).isFalse();
    }

    @Test
    void aTimerWhoseOwnerFailsDoesNotCostTheOthersTheirs() {
        Probe before = new Probe();
        Probe behind = new Probe();
        Probe later = new Probe();
        wheel.arm(before, 100);
        wheel.arm(new TimerWheel.Timer() {
            @Override
            protected void expired() {
                throw new IllegalStateException("on purpose");
            }
        }, 100);
        wheel.arm(behind, 100);
        wheel.arm(later, 300);
        pass(1000);
        assertThat(List.of(before, behind, later)).allSatisfy(probe -> assertThat(probe.firedAt).hasSize(1));
    }

    @Test
    void pullingForwardFiresAtTheNearerTime() {
        Probe probe = new Probe();
        wheel.arm(probe, 5_000);
        wheel.arm(probe, 30);
        pass(100);
        assertThat(probe.firedAt).hasSize(1);
    }

    @Test
    void agreesWithAPlainModelUnderRandomUse() {
        Random random = new Random(7);
        int count = 200;
        Probe[] probes = new Probe[count];
        long[] due = new long[count];
        for (int i = 0; i < count; i++) {
            probes[i] = new Probe();
            due[i] = Long.MAX_VALUE;
        }
        for (int step = 0; step < 20_000; step++) {
            int i = random.nextInt(count);
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    long delay = 1 + random.nextInt(random.nextInt(10) == 0 ? 40_000 : 400);
                    wheel.arm(probes[i], delay);
                    due[i] = millis() + delay;
                }
                case 2 -> {
                    wheel.disarm(probes[i]);
                    due[i] = Long.MAX_VALUE;
                }
                case 3 -> {
                    wheel.remove(probes[i]);
                    due[i] = Long.MAX_VALUE;
                }
                default -> pass(random.nextInt(60));
            }
            for (int k = 0; k < count; k++) {
                if (!probes[k].firedAt.isEmpty()) {
                    assertThat(probes[k].firedAt.get(0)).as("never early").isGreaterThanOrEqualTo(due[k]);
                    probes[k].firedAt.clear();
                    due[k] = Long.MAX_VALUE;
                } else if (due[k] != Long.MAX_VALUE) {
                    assertThat(millis()).as("never late").isLessThanOrEqualTo(due[k] + 3 * TimerWheel.TICK_MILLIS);
                }
            }
        }
    }
}
