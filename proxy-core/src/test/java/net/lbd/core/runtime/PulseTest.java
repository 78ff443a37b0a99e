package net.lbd.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PulseTest {

    private static final Duration BOUND = Duration.ofSeconds(10);

    private final DefaultEventLoopGroup loops = new DefaultEventLoopGroup(2);
    private final AtomicLong nanos = new AtomicLong();
    private final Pulse pulse = new Pulse(loops, nanos::get);

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Returns when every loop has done what it was given before. */
    private void letThemTurn() throws Exception {
        for (EventExecutor loop : loops) {
            loop.submit(() -> { }).get();
        }
    }

    @Test
    void loopsThatTurnAreAlive() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(pulse.isAlive(BOUND)).isTrue();
            letThemTurn();
            pass(BOUND.multipliedBy(3));
        }
    }

    @Test
    void oneLoopThatBlocksIsToldBehindTheBoundAndForgivenWhenItGoesOn() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        EventExecutor stuck = loops.next();
        stuck.execute(() -> await(goOn));

        assertThat(pulse.isAlive(BOUND)).as("asked").isTrue();
        pass(BOUND);
        assertThat(pulse.isAlive(BOUND)).as("at the bound").isTrue();
        pass(Duration.ofNanos(1));
        assertThat(pulse.isAlive(BOUND)).as("behind the bound").isFalse();
        assertThat(pulse.isAlive(BOUND)).as("still").isFalse();

        goOn.countDown();
        letThemTurn();
        assertThat(pulse.isAlive(BOUND)).as("it goes on").isTrue();
    }

    @Test
    void loopThatHasEndedIsNotAlive() throws Exception {
        pulse.isAlive(BOUND);
        letThemTurn();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        assertThat(pulse.isAlive(BOUND)).as("asked in vain").isTrue();
        pass(BOUND.multipliedBy(2));

        assertThat(pulse.isAlive(BOUND)).isFalse();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
