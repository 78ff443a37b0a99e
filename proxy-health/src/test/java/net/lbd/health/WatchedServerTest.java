package net.lbd.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.lbd.config.model.CheckSpec;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The round of one server on an event loop whose time the test moves. */
class WatchedServerTest {

    private static final Timing TIMING = new Timing(Duration.ofMillis(1000), Duration.ofMillis(200),
            Duration.ofMillis(500), 2, 3, Optional.empty(), Optional.empty());

    private final EmbeddedChannel time = new EmbeddedChannel();
    private final ScriptedChecks checks = new ScriptedChecks();
    private final List<String> told = new ArrayList<>();
    private WatchedServer watch;
    private long nowMillis;

    @BeforeEach
    void freeze() {
        time.freezeTime();
        // Checks are due at multiples of 10 ms of the loop's clock; the test's zero is one of them.
        time.advanceTimeBy(10_000_000 - Math.floorMod(time.eventLoop().ticker().nanoTime(), 10_000_000), TimeUnit.NANOSECONDS);
        watch = watch(recorder());
    }

    @Test
    void firstCheckWaitsForItsPlaceInTheSpread() {
        begin(watch, 1);

        advance(618);
        assertThat(checks.startedAt).isEmpty();
        advance(1);
        assertThat(checks.startedAt).containsExactly(619L);
    }

    @Test
    void intervalsRunFromTheEndOfACheckAndFollowTheStage() {
        checks.results = "+-----++";
        begin(watch, 0);

        for (int i = 0; i < 4_200; i++) {
            advance(1);
        }

        // Fully up 1000, going down 200 twice, down 500 until one passes, going up 200, fully up 1000 again.
        assertThat(checks.startedAt).containsExactly(0L, 1000L, 1200L, 1400L, 1900L, 2400L, 2900L, 3100L, 4100L);
        assertThat(told).contains("down 0/2 DOWN", "up 3/3 UP");
    }

    @Test
    void checksOfOneServerNeverOverlap() {
        checks.results = "?";
        begin(watch, 0);

        advance(60_000);

        assertThat(checks.startedAt).hasSize(1);
        checks.conclude('+');
        advance(1_000);
        assertThat(checks.startedAt).hasSize(2);
    }

    @Test
    void checkNowReplacesTheWaitingOneAndDoesNotDouble() {
        begin(watch, 0);
        advance(500);

        watch.checkNow();
        advance(0);
        checks.results = "?";
        advance(999);
        assertThat(checks.startedAt).containsExactly(0L, 500L);
        advance(1);
        watch.checkNow();
        advance(0);

        assertThat(checks.startedAt).containsExactly(0L, 500L, 1500L);
    }

    @Test
    void stopBreaksOffTheRunningCheckAndTellsNothingMore() {
        checks.results = "?";
        begin(watch, 0);

        watch.stop();
        advance(0);
        checks.conclude('-');
        advance(60_000);

        assertThat(checks.cancelled).isEqualTo(1);
        assertThat(checks.startedAt).hasSize(1);
        assertThat(told).isEmpty();
        assertThat(watch.ended().isDone()).isTrue();
    }

    @Test
    void stopBeforeTheFirstCheckLeavesNoTask() {
        begin(watch, 1);

        watch.stop();
        advance(60_000);

        assertThat(checks.startedAt).isEmpty();
    }

    @Test
    void stopFromTheListenerEndsTheRound() {
        WatchedServer[] self = new WatchedServer[1];
        self[0] = watch(new HealthListener() {
            @Override
            public void onResult(CheckTarget target, CheckResult result, HealthSnapshot snapshot) {
                self[0].stop();
            }

            @Override
            public void onTransition(CheckTarget target, HealthSnapshot before, HealthSnapshot after) { }
        });
        begin(self[0], 0);

        advance(60_000);

        assertThat(checks.startedAt).hasSize(1);
    }

    @Test
    void aListenerThatThrowsDoesNotStopTheChecks() {
        List<String> transitions = new ArrayList<>();
        WatchedServer stubborn = watch(new HealthListener() {
            @Override
            public void onResult(CheckTarget target, CheckResult result, HealthSnapshot snapshot) {
                throw new IllegalStateException("a bug in the listener, thrown on purpose");
            }

            @Override
            public void onTransition(CheckTarget target, HealthSnapshot before, HealthSnapshot after) {
                transitions.add(after.status());
            }
        });
        checks.results = "-++";
        begin(stubborn, 0);

        for (int i = 0; i < 2_000; i++) {
            advance(1);
        }

        assertThat(checks.startedAt.size()).isGreaterThanOrEqualTo(3);
        assertThat(transitions).containsExactly("0/2 DOWN", "3/3 UP");
    }

    @Test
    void tellsEveryResultAndOnlyRealTransitions() {
        checks.results = "+--+---";
        begin(watch, 0);

        for (int i = 0; i < 3_400; i++) {
            advance(1);
        }

        assertThat(told.subList(0, 8)).containsExactly("3/3 UP", "2/3 UP", "1/3 UP", "3/3 UP", "2/3 UP", "1/3 UP",
                "0/2 DOWN", "down 0/2 DOWN");
    }

    private WatchedServer watch(HealthListener listener) {
        CheckTarget target = CheckTarget.of("b", "s", () -> new InetSocketAddress(1), CheckSpec.CONNECT, TIMING,
                Optional.empty(), HealthSnapshot.initialUp(TIMING, Results.START));
        CheckSchedule schedule =
                new CheckSchedule(TIMING, new CheckSchedule.Spread(0, Duration.ofDays(1)), new Random(1));
        return new WatchedServer(time.eventLoop(), target, listener, checks, schedule);
    }

    private void begin(WatchedServer server, long ordinal) {
        server.start(ordinal);
        advance(0);
    }

    private void advance(long millis) {
        nowMillis += millis;
        time.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        time.runPendingTasks();
    }

    private HealthListener recorder() {
        return new HealthListener() {
            @Override
            public void onResult(CheckTarget target, CheckResult result, HealthSnapshot snapshot) {
                told.add(snapshot.status());
            }

            @Override
            public void onTransition(CheckTarget target, HealthSnapshot before, HealthSnapshot after) {
                told.add((after.up() ? "up " : "down ") + after.status());
            }
        };
    }

    /** Concludes at once with the next sign of {@code results}; {@code ?} leaves the check open. The last one stays. */
    private final class ScriptedChecks implements WatchedServer.Launcher {
        private final List<Long> startedAt = new ArrayList<>();
        private String results = "+";
        private int cancelled;
        private Consumer<CheckResult> open;

        @Override
        public CheckRunner.Running start(EventLoop loop, CheckRunner.Subject subject, Consumer<CheckResult> done) {
            startedAt.add(nowMillis);
            char sign = results.charAt(Math.min(startedAt.size(), results.length()) - 1);
            open = done;
            if (sign != '?') {
                conclude(sign);
            }
            return () -> cancelled++;
        }

        void conclude(char sign) {
            open.accept(Results.of(sign, Results.START.plusMillis(nowMillis)));
        }
    }
}
