package net.lbd.core.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.lbd.core.stats.RateCounter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A limit with a clock of its own: a crowd passes as slowly as it says, and it does pass. */
class RateLimitClockTest {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 20, 1000})
    void noSecondHasMoreAndNobodyWaitsForEver(int limit) {
        RateLimit rate = new RateLimit(RateLimit.Event.SESSION, new RateCounter());
        rate.setLimit(limit);
        Random random = new Random(limit);
        int crowd = 5 * limit + 3;
        long now = 7 * SECOND + random.nextInt(1000) * MILLI;
        long begin = now;
        int taken = 0;
        while (taken < crowd) {
            int wait = rate.waitMillis(now);
            if (wait > 0) {
                assertThat(rate.isFull(now)).isTrue();
                now += wait * MILLI;
            } else {
                assertThat(rate.rate().perSecond(now)).isLessThan(limit);
                rate.count(RateLimit.Event.SESSION, now);
                rate.count(RateLimit.Event.CONNECTION, now);
                taken++;
                now += random.nextInt(100_000);
            }
        }
        assertThat(rate.rate().max()).isLessThanOrEqualTo(limit);
        assertThat((now - begin) / (double) SECOND).isBetween(3.0, 2.0 * crowd / limit + 2);
    }
}
