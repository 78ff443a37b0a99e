package net.lbd.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.lbd.core.connect.Faults;
import net.lbd.core.listen.AcceptBrake;
import org.junit.jupiter.api.Test;

class MemoryWatchTest {

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
    private final List<Integer> ends = new ArrayList<>();
    private final FakeGauges gauges = new FakeGauges();
    private final AcceptBrake brake = new AcceptBrake();
    private final MemoryWatch watch = new MemoryWatch(gauges, brake, nanos::get, ends::add);

    MemoryWatchTest() {
        watch.setPause(80);
    }

    /** Of a hundred MiB each; what is collected falls to what lives. */
    private static final class FakeGauges implements MemoryGauges {
        private long heap = 10;
        private long alive = 10;
        private long direct;
        private int collections;

        @Override
        public Use heap() {
            return new Use(heap << 20, 100 << 20);
        }

        @Override
        public Use direct() {
            return new Use(direct << 20, 100 << 20);
        }

        @Override
        public void collect() {
            collections++;
            heap = alive;
        }
    }

    private void look() {
        nanos.addAndGet(Duration.ofMillis(250).toNanos());
        watch.look();
    }

    @Test
    void garbageIsNoReasonToPause() {
        gauges.heap = 95;
        look();
        assertThat(brake.isShortOfMemory()).isFalse();
        assertThat(gauges.collections).isEqualTo(1);
    }

    @Test
    void whatLivesPausesUntilLessDoes() {
        gauges.heap = 95;
        gauges.alive = 85;
        look();
        assertThat(brake.isShortOfMemory()).isTrue();
        gauges.alive = 76;
        for (int i = 0; i < 30; i++) {
            look();
        }
        assertThat(brake.isShortOfMemory()).as("76 is more than 80 less 5").isTrue();
        gauges.alive = 74;
        for (int i = 0; i < 30; i++) {
            look();
        }
        assertThat(brake.isShortOfMemory()).isFalse();
    }

    @Test
    void collectionsKeepTheirDistance() {
        gauges.heap = 95;
        gauges.alive = 95;
        for (int i = 0; i < 4 * 20; i++) {
            look();
        }
        assertThat(gauges.collections).as("in 20 s").isBetween(3, 5);
    }

    @Test
    void directMemoryPausesWithoutACollection() {
        gauges.direct = 80;
        look();
        assertThat(brake.isShortOfMemory()).isTrue();
        assertThat(gauges.collections).isZero();
        gauges.direct = 74;
        look();
        assertThat(brake.isShortOfMemory()).isFalse();
    }

    @Test
    void zeroNeverPauses() {
        watch.setPause(0);
        gauges.heap = 100;
        gauges.direct = 100;
        look();
        assertThat(brake.isShortOfMemory()).isFalse();
        assertThat(gauges.collections).isZero();
    }

    @Test
    void failuresInEachOfTwentySecondsEndTheProcessAndFewerDoNot() {
        failInEachSecond(MemoryWatch.STRIKES - 1);
        assertThat(ends).isEmpty();
        look();
        look();
        look();
        look();
        failInEachSecond(MemoryWatch.STRIKES - 1);
        assertThat(ends).as("a second without").isEmpty();
        failInEachSecond(1);
        assertThat(ends).containsExactly(MemoryWatch.EXIT_CODE);
    }

    private void failInEachSecond(int seconds) {
        for (int i = 0; i < seconds; i++) {
            Faults.report("a test's connection", new OutOfMemoryError("of a test"));
            look();
            look();
            look();
            look();
        }
    }
}
