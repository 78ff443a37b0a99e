package net.lbd.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckScheduleTest {

    private static final Timing TIMING = new Timing(Duration.ofMillis(1000), Duration.ofMillis(200),
            Duration.ofMillis(500), 2, 3, Optional.empty(), Optional.empty());
    private static final Duration NO_LIMIT = Duration.ofDays(1);

    @ParameterizedTest
    @CsvSource({"4,1000", "3,200", "2,200", "1,200", "0,500"})
    void intervalFollowsTheStage(int health, long millis) {
        HealthSnapshot snapshot = new HealthSnapshot(health >= 2, health, 2, 3, Optional.empty(), Results.START);

        assertThat(schedule(0, NO_LIMIT).nextDelayNanos(snapshot, 0)).isEqualTo(millis * 1_000_000);
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 100, 2_000, 5_000})
    void firstChecksLieEvenlyOverTheInterval(int servers) {
        CheckSchedule schedule = schedule(0, NO_LIMIT);

        long[] starts = LongStream.range(0, servers).map(schedule::firstDelayNanos).sorted().toArray();

        long step = 1_000_000_000L / servers;
        long widest = LongStream.range(1, servers).map(i -> starts[(int) i] - starts[(int) i - 1]).max().orElseThrow();
        assertThat(starts[0]).isNotNegative();
        assertThat(starts[servers - 1]).isLessThan(1_000_000_000L);
        assertThat(widest).isLessThan(3 * step);
        // No burst either: no tenth of the interval gets more than a third above its share.
        long[] tenths = new long[10];
        Arrays.stream(starts).forEach(start -> tenths[(int) (start / 100_000_000)]++);
        assertThat(Arrays.stream(tenths).max().orElseThrow()).isLessThanOrEqualTo(servers / 10 + Math.max(1, servers / 30));
    }

    @Test
    void checksThatAreDueTogetherShareAWakeUp() {
        CheckSchedule schedule = schedule(0, NO_LIMIT);
        HealthSnapshot up = new HealthSnapshot(true, 4, 2, 3, Optional.empty(), Results.START);
        HealthSnapshot goingDown = new HealthSnapshot(true, 3, 2, 3, Optional.empty(), Results.START);

        for (long now : new long[] {-3, 0, 1, 9_999_999, 10_000_000, 123_456_789_123L}) {
            long delay = schedule.nextDelayNanos(up, now);
            long fastDelay = schedule.nextDelayNanos(goingDown, now);

            assertThat(Math.floorMod(now + delay, 10_000_000)).isZero();
            assertThat(delay).isBetween(1_000_000_000L, 1_009_999_999L);
            assertThat(fastDelay).isBetween(200_000_000L, 201_999_999L);
        }
    }

    @Test
    void startSpreadIsBoundedByItsLimit() {
        CheckSchedule schedule = schedule(0, Duration.ofMillis(50));

        assertThat(LongStream.range(0, 1_000).map(schedule::firstDelayNanos).max().orElseThrow()).isLessThan(50_000_000);
    }

    @Test
    void jitterStaysWithinItsShareOnBothSides() {
        CheckSchedule schedule = schedule(20, NO_LIMIT);
        HealthSnapshot up = new HealthSnapshot(true, 4, 2, 3, Optional.empty(), Results.START);

        long[] delays = LongStream.range(0, 10_000).map(i -> schedule.nextDelayNanos(up, 0)).sorted().toArray();

        assertThat(delays[0]).isBetween(800_000_000L, 820_000_000L);
        assertThat(delays[delays.length - 1]).isBetween(1_180_000_000L, 1_210_000_000L);
    }

    @Test
    void refusesSenselessSpread() {
        assertThatThrownBy(() -> schedule(51, NO_LIMIT)).hasMessage("spread-checks must be 0 to 50 percent, not 51");
        assertThatThrownBy(() -> schedule(0, Duration.ofMillis(-1))).hasMessageContaining("max-spread-checks");
    }

    private static CheckSchedule schedule(int jitterPercent, Duration maxStart) {
        return new CheckSchedule(TIMING, new CheckSchedule.Spread(jitterPercent, maxStart), new Random(7));
    }
}
