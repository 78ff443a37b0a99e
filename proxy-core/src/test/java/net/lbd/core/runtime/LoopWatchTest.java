package net.lbd.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoopWatchTest {

    private static final Duration TICK = Duration.ofMillis(250);

    private final DefaultEventLoopGroup loops = new DefaultEventLoopGroup(2);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);
    private final List<Integer> ends = new ArrayList<>();
    private final LoopWatch watch = new LoopWatch(loops, nanos::get, ends::add);
    private final CountDownLatch goOn = new CountDownLatch(1);

    @AfterEach
    void stop() {
        goOn.countDown();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            nanos.addAndGet(TICK.toNanos());
            watch.look();
        }
    }

    private void block() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        loops.next().execute(() -> {
            begun.countDown();
            await(goOn);
        });
        begun.await();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void letThemTurn() throws Exception {
        for (EventExecutor loop : loops) {
            loop.submit(() -> { }).get();
        }
    }

    @Test
    void loopThatBlocksEndsTheProcessInItsTime() throws Exception {
        watch.setLimits(Duration.ofSeconds(1), Duration.ofSeconds(3));
        block();
        look(1);
        look(11);
        assertThat(ends).as("after 2.75 s").isEmpty();
        look(1);
        assertThat(ends).containsExactly(LoopWatch.EXIT_CODE);
    }

    @Test
    void zeroStandsForNever() throws Exception {
        block();
        look(1000);
        assertThat(ends).isEmpty();
    }

    @Test
    void timeThatTheWatchWasStoppedDoesNotCount() throws Exception {
        watch.setLimits(Duration.ofSeconds(1), Duration.ofSeconds(3));
        block();
        look(1);
        nanos.addAndGet(Duration.ofHours(5).toNanos());
        watch.look();
        assertThat(ends).as("the process was suspended").isEmpty();
        look(8);
        assertThat(ends).as("after 1 s and 2 s").containsExactly(LoopWatch.EXIT_CODE);
    }

    @Test
    void loopsThatTurnAreLeftAlone() throws Exception {
        watch.setLimits(Duration.ofMillis(1), Duration.ofMillis(1));
        for (int i = 0; i < 20; i++) {
            look(1);
            letThemTurn();
        }
        assertThat(ends).isEmpty();
    }

    @Test
    void loopThatHasEndedCountsAsOneThatStands() {
        watch.setLimits(Duration.ofSeconds(1), Duration.ofSeconds(3));
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        look(13);
        assertThat(ends).contains(LoopWatch.EXIT_CODE);
    }
}
