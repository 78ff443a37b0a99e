package net.lbd.health;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import net.lbd.health.check.CheckResult;

/**
 * The machine behind {@code rise} and {@code fall}. Pure: no I/O and no clock; time comes with the results.
 * Event-loop confined; the snapshots that it yields are immutable.
 *
 * <pre>
 * state                     passed                                failed
 * UP, going down or not     health = rise + fall - 1              health - 1; below rise: DOWN, health = 0
 * DOWN, going up or not     health + 1; at rise: UP, as above     health = 0
 * </pre>
 *
 * A check that passes under a condition ({@code L7OKC}) counts as passed and sets {@code stopping}; one that passes without
 * ends it, as going down does.
 *
 * Observed with HAProxy 2.6: one passed check makes a server that was going down fully up again, one failed
 * check throws a server that was coming up back to zero.
 */
final class HealthState {

    private HealthSnapshot now;

    HealthState(HealthSnapshot initial) {
        this.now = Objects.requireNonNull(initial, "initial");
    }

    HealthSnapshot snapshot() {
        return now;
    }

    /** Counts one result and returns where the server stands then. */
    HealthSnapshot apply(CheckResult result) {
        int rise = now.rise();
        int full = rise + now.fall() - 1;
        int health;
        if (result.passed()) {
            health = now.up() || now.health() + 1 >= rise ? full : now.health() + 1;
        } else {
            health = now.up() && now.health() > rise ? now.health() - 1 : 0;
        }
        boolean up = health >= rise;
        boolean stopping = up && (result.passed() ? result.conditional() : now.stopping());
        boolean same = up == now.up() && stopping == now.stopping();
        now = new HealthSnapshot(
                up, health, rise, now.fall(), Optional.of(result), same ? now.since() : result.finished(), stopping);
        return now;
    }

    /** What the traffic has shown; {@code result} failed. */
    HealthSnapshot observe(Watch.Observation what, CheckResult result) {
        switch (what) {
            case FASTINTER -> { }
            case FAIL_CHECK -> apply(result);
            case SUDDEN_DEATH -> {
                if (now.up() && now.health() > now.rise()) {
                    now = with(now.rise() + 1, result);
                }
                apply(result);
            }
            case MARK_DOWN -> {
                if (now.up()) {
                    now = with(now.rise(), result);
                }
                apply(result);
            }
        }
        return now;
    }

    private HealthSnapshot with(int health, CheckResult result) {
        return new HealthSnapshot(true, Math.min(health, now.rise() + now.fall() - 1), now.rise(), now.fall(), Optional.of(result),
                now.since(), now.stopping());
    }

    /** Somebody has said so. */
    HealthSnapshot force(Watch.Forced state, Instant at) {
        boolean up = state != Watch.Forced.DOWN;
        boolean stopping = state == Watch.Forced.STOPPING;
        boolean same = up == now.up() && stopping == now.stopping();
        now = new HealthSnapshot(up, up ? now.rise() + now.fall() - 1 : 0, now.rise(), now.fall(), now.last(),
                same ? now.since() : at, stopping);
        return now;
    }
}
