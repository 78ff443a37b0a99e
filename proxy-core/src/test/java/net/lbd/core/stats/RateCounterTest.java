package net.lbd.core.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RateCounterTest {

    private final RateCounter rate = new RateCounter();

    private static long millis(long millis) {
        return millis * 1_000_000;
    }

    private void count(int times, long atMillis) {
        for (int i = 0; i < times; i++) {
            rate.count(millis(atMillis));
        }
    }

    @Test
    void theSecondBeforeCountsByTheShareThatIsStillWithinTheLastSecond() {
        count(10, 5_100);
        assertThat(rate.perSecond(millis(5_999))).isEqualTo(10);
        assertThat(rate.perSecond(millis(6_000))).isEqualTo(10);
        assertThat(rate.perSecond(millis(6_250))).isEqualTo(7);
        count(3, 6_500);
        assertThat(rate.perSecond(millis(6_500))).isEqualTo(8);
        assertThat(rate.perSecond(millis(6_999))).isEqualTo(3);
        assertThat(rate.perSecond(millis(7_500))).isEqualTo(1);
        assertThat(rate.perSecond(millis(8_000))).isZero();
        assertThat(rate.max()).isEqualTo(10);
    }

    @Test
    void aSingleEventDoesNotFadeButEndsWithItsWindow() {
        count(1, 5_900);
        assertThat(rate.perSecond(millis(6_999))).isEqualTo(1);
        assertThat(rate.millisUntilBelow(1, millis(6_100))).isEqualTo(900);
        assertThat(rate.perSecond(millis(7_000))).isZero();
    }

    @Test
    void whatIsLongAgoIsForgottenAlsoWithClocksBelowZero() {
        count(4, -5_500);
        assertThat(rate.perSecond(millis(-5_100))).isEqualTo(4);
        assertThat(rate.perSecond(millis(-4_500))).isEqualTo(2);
        count(2, 100_000);
        assertThat(rate.perSecond(millis(100_000))).isEqualTo(2);
    }

    /** Whoever waits as long as told finds room, after few looks. */
    @Test
    void theWaitLeadsBelowTheLimit() {
        SplittableRandom random = new SplittableRandom(7);
        long now = 10_000;
        for (int round = 0; round < 20_000; round++) {
            int limit = 1 + random.nextInt(12);
            count(random.nextInt(4), now);
            int looks = 0;
            while (rate.perSecond(millis(now)) >= limit) {
                int wait = rate.millisUntilBelow(limit, millis(now));
                assertThat(wait).isBetween(1, 1000);
                now += wait;
                looks++;
            }
            assertThat(looks).isLessThan(4);
            now += random.nextInt(300);
        }
    }

    @Test
    void noEventOfManyThreadsIsLost() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            threads.add(new Thread(() -> count(10_000, 3_000)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(rate.perSecond(millis(3_999))).isEqualTo(40_000);
        assertThat(rate.max()).isEqualTo(40_000);
    }
}
