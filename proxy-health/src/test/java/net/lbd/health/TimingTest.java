package net.lbd.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import net.lbd.health.check.CheckRunner.Deadlines;
import org.junit.jupiter.api.Test;

class TimingTest {

    private static final Duration INTER = Duration.ofSeconds(2);

    @Test
    void withoutCheckTimeoutTheIntervalBoundsAll() {
        assertThat(timing(Optional.of(Duration.ofMillis(700)), Optional.empty()).deadlines())
                .isEqualTo(new Deadlines(INTER, Optional.empty()));
    }

    @Test
    void withCheckTimeoutTheSmallerOfConnectAndIntervalBoundsTheConnection() {
        Optional<Duration> check = Optional.of(Duration.ofSeconds(3));

        assertThat(timing(Optional.of(Duration.ofMillis(700)), check).deadlines())
                .isEqualTo(new Deadlines(Duration.ofMillis(700), check));
        assertThat(timing(Optional.of(Duration.ofSeconds(5)), check).deadlines()).isEqualTo(new Deadlines(INTER, check));
        assertThat(timing(Optional.empty(), check).deadlines()).isEqualTo(new Deadlines(INTER, check));
    }

    @Test
    void refusesTimesThatAreNotPositive() {
        assertThatThrownBy(() -> Timing.every(Duration.ZERO)).hasMessage("inter must be positive, not PT0S");
        assertThatThrownBy(() -> timing(Optional.of(Duration.ZERO), Optional.empty()))
                .hasMessage("connect timeout must be positive, not PT0S");
    }

    private static Timing timing(Optional<Duration> connect, Optional<Duration> check) {
        return new Timing(INTER, INTER, INTER, 2, 3, connect, check);
    }
}
