package net.lbd.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.lbd.health.check.CheckResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HealthStateTest {

    /** The logs of HAProxy 2.6 for these sequences of passed (+) and failed (-) checks. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "3 | 4 | +        | 4/4 UP",
        "3 | 4 | -        | 0/3 DOWN",
        "3 | 4 | +---     | 4/4 UP, 3/4 UP, 2/4 UP, 1/4 UP",
        "3 | 4 | +---+    | 4/4 UP, 3/4 UP, 2/4 UP, 1/4 UP, 4/4 UP",
        "3 | 4 | +----    | 4/4 UP, 3/4 UP, 2/4 UP, 1/4 UP, 0/3 DOWN",
        "3 | 4 | -+++-    | 0/3 DOWN, 1/3 DOWN, 2/3 DOWN, 4/4 UP, 3/4 UP",
        "3 | 4 | -++-     | 0/3 DOWN, 1/3 DOWN, 2/3 DOWN, 0/3 DOWN",
        "1 | 1 | +-+      | 1/1 UP, 0/1 DOWN, 1/1 UP",
        "1 | 3 | -+--     | 0/1 DOWN, 3/3 UP, 2/3 UP, 1/3 UP",
        "2 | 1 | -++-     | 0/2 DOWN, 1/2 DOWN, 1/1 UP, 0/2 DOWN",
    })
    void countsAsHaproxy(int rise, int fall, String checks, String statuses) {
        HealthState state = new HealthState(HealthSnapshot.initialUp(timing(rise, fall), Results.START));
        List<String> seen = new ArrayList<>();

        for (char sign : checks.toCharArray()) {
            seen.add(state.apply(Results.of(sign, Results.START)).status());
        }

        assertThat(String.join(", ", seen)).isEqualTo(statuses);
    }

    @Test
    void remembersTheLastResultAndSinceWhen() {
        HealthState state = new HealthState(HealthSnapshot.initialUp(timing(1, 2), Results.START));
        Instant later = Results.START.plusSeconds(5);
        Instant latest = Results.START.plusSeconds(9);
        CheckResult failure = Results.failed(later);

        HealthSnapshot down = state.apply(failure);
        HealthSnapshot up = state.apply(Results.passed(latest));

        assertThat(down.since()).isEqualTo(later);
        assertThat(down.last()).containsSame(failure);
        assertThat(up.since()).isEqualTo(latest);
        assertThat(state.apply(Results.failed(latest.plusSeconds(1))).since()).isEqualTo(latest);
    }

    /** The plain model: count passes and failures in a row. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agreesWithCountingInARow(long seed) {
        Random random = new Random(seed);
        int rise = 1 + random.nextInt(5);
        int fall = 1 + random.nextInt(5);
        HealthState state = new HealthState(HealthSnapshot.initialUp(timing(rise, fall), Results.START));
        boolean up = true;
        int failuresToGo = 1;
        int passesInARow = 0;

        for (int i = 0; i < 10_000; i++) {
            boolean passed = random.nextInt(10) < 6;
            if (up && passed) {
                failuresToGo = fall;
            } else if (up && --failuresToGo == 0) {
                up = false;
                passesInARow = 0;
            } else if (!up) {
                passesInARow = passed ? passesInARow + 1 : 0;
                if (passesInARow == rise) {
                    up = true;
                    failuresToGo = fall;
                }
            }
            HealthSnapshot now = state.apply(Results.of(passed ? '+' : '-', Results.START));

            assertThat(now.status()).as("seed %d, check %d", seed, i)
                    .isEqualTo(up ? failuresToGo + "/" + fall + " UP" : passesInARow + "/" + rise + " DOWN");
            HealthSnapshot.Stage stage = up
                    ? failuresToGo == fall ? HealthSnapshot.Stage.UP : HealthSnapshot.Stage.UP_GOING_DOWN
                    : passesInARow == 0 ? HealthSnapshot.Stage.DOWN : HealthSnapshot.Stage.DOWN_GOING_UP;
            assertThat(now.stage()).isEqualTo(stage);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2 | 3 | 4 | 3 | 5 | 5/5 UP",
        "2 | 3 | 3 | 3 | 5 | 2/5 UP",
        "2 | 3 | 3 | 3 | 1 | 1/1 UP",
        "3 | 3 | 2 | 2 | 3 | 1/2 DOWN",
        "3 | 3 | 2 | 5 | 3 | 2/5 DOWN",
        "3 | 3 | 0 | 5 | 3 | 0/5 DOWN",
    })
    void keepsItsMeaningOnAnotherScale(int rise, int fall, int health, int newRise, int newFall, String status) {
        HealthSnapshot before = new HealthSnapshot(health >= rise, health, rise, fall, Optional.empty(), Results.START);

        assertThat(before.rescaled(newRise, newFall).status()).isEqualTo(status);
    }

    @Test
    void refusesHealthThatContradictsItself() {
        assertThatThrownBy(() -> new HealthSnapshot(true, 1, 2, 3, Optional.empty(), Results.START))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("health: 1, rise 2, fall 3, up");
    }

    private static Timing timing(int rise, int fall) {
        Duration second = Duration.ofSeconds(1);
        return new Timing(second, second, second, rise, fall, Optional.empty(), Optional.empty());
    }
}
