package net.lbd.cli.reload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import net.lbd.cli.FakeEngine;
import net.lbd.cli.Fixtures;
import net.lbd.config.model.Configuration;
import net.lbd.health.check.CheckStatus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchedReloadTest {

    private static final String GOOD = """
            defaults
              mode http
              timeout connect 1s
              timeout client 1s
              timeout server 1s
            frontend fe
              bind 127.0.0.1:18080
              default_backend be
            backend be
              server s1 127.0.0.1:18081 check
            """;
    private static final Duration LONG = Duration.ofHours(1);

    private final FakeEngine engine = new FakeEngine();
    private String text = GOOD;
    private final ReloadCoordinator coordinator = new ReloadCoordinator(() -> Fixtures.compared(text), engine, List.of(), false);
    private Configuration old;

    @BeforeEach
    void serve() {
        assertThat(coordinator.reload().applied()).isTrue();
        old = serving();
        text = GOOD.replace("check", "check inter 1s");
    }

    private Configuration serving() {
        return engine.runtime().orElseThrow().configuration();
    }

    private WatchedReload.Outcome run(Duration time, Supplier<ReloadResult> reload) throws InterruptedException {
        return new WatchedReload(coordinator, engine, Duration.ZERO).run(time, reload, (trial, reason) -> coordinator.goBackUnlessDecided(trial));
    }

    @Test
    void whatBecomesWorseGoesBack() throws Exception {
        WatchedReload.Outcome outcome = run(LONG, () -> {
            ReloadResult result = coordinator.reloadWatched(LONG);
            Fixtures.checked(Fixtures.server(engine.runtime().orElseThrow(), "be", "s1").state(), 0, CheckStatus.L4TOUT, 0, "");
            return result;
        });

        assertThat(outcome.reload().applied()).isTrue();
        assertThat(outcome.isKept()).isFalse();
        assertThat(outcome.verdict()).isEqualTo("server be/s1 was up and is down: what served before serves again");
        assertThat(serving()).isSameAs(old);
        assertThat(coordinator.trial()).isEmpty();
    }

    @Test
    void whatDoesNotStaysWhenTheTimeIsOver() throws Exception {
        WatchedReload.Outcome outcome = run(Duration.ofMillis(600), () -> coordinator.reloadWatched(Duration.ofMillis(600)));

        assertThat(outcome.isKept()).isTrue();
        assertThat(outcome.verdict()).endsWith(": the new configuration stays");
        assertThat(serving()).isNotSameAs(old);
        assertThat(coordinator.trial()).isEmpty();
    }

    @Test
    void itIsEndedByAWord() throws Exception {
        WatchedReload.Outcome outcome = run(LONG, () -> {
            ReloadResult result = coordinator.reloadWatched(LONG);
            assertThat(coordinator.reload().refusal()).startsWith("a reload is watched, for another 3");
            assertThat(coordinator.confirm()).isTrue();
            return result;
        });

        assertThat(outcome.isKept()).isTrue();
        assertThat(serving()).isNotSameAs(old);
    }

    @Test
    void aRefusedReloadIsNotWatched() throws Exception {
        text = GOOD.replace("default_backend be", "default_backend nope");

        WatchedReload.Outcome outcome = run(LONG, () -> coordinator.reloadWatched(LONG));

        assertThat(outcome.isKept()).isFalse();
        assertThat(outcome.reload().applied()).isFalse();
        assertThat(outcome.verdict()).isEmpty();
        assertThat(serving()).isSameAs(old);
    }
}
