package net.lbd.health;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import net.lbd.health.check.CheckResult;

/**
 * What is known of a server's health at one moment. Immutable.
 *
 * @param health HAProxy's counter, 0 to {@code rise + fall - 1}; the server is up from {@code rise} on
 * @param last the newest result; absent before the first
 * @param since when the server came up or went down
 * @param stopping up, but a passed check asked for no new sessions ({@code NOLB}); ends with the next one that does not
 */
public record HealthSnapshot(
        boolean up, int health, int rise, int fall, Optional<CheckResult> last, Instant since, boolean stopping) {

    /** A server that did not ask for anything. */
    public HealthSnapshot(boolean up, int health, int rise, int fall, Optional<CheckResult> last, Instant since) {
        this(up, health, rise, fall, last, since, false);
    }

    /** The four states of HAProxy's statistics. */
    public enum Stage { UP, UP_GOING_DOWN, DOWN, DOWN_GOING_UP }

    public HealthSnapshot {
        if (rise < 1 || fall < 1 || health < 0 || health > rise + fall - 1 || up != health >= rise) {
            throw new IllegalArgumentException(
                    "no such health: " + health + ", rise " + rise + ", fall " + fall + (up ? ", up" : ", down"));
        }
        Objects.requireNonNull(last, "last");
        Objects.requireNonNull(since, "since");
    }

    /**
     * How a server starts that nothing is known of: up, so that it may serve at once, but the first failed
     * check takes it down whatever {@code fall} is, and the first passed one makes it fully up. Observed with
     * HAProxy 2.6: the first failure with {@code fall 4} logs "status: 0/3 DOWN".
     */
    public static HealthSnapshot initialUp(Timing timing, Instant now) {
        return new HealthSnapshot(true, timing.rise(), timing.rise(), timing.fall(), Optional.empty(), now);
    }

    /** Down until {@code rise} checks have passed, as a server comes out of a failed resolution. */
    public static HealthSnapshot initialDown(Timing timing, Instant now) {
        return new HealthSnapshot(false, 0, timing.rise(), timing.fall(), Optional.empty(), now);
    }

    public Stage stage() {
        if (up) {
            return health == rise + fall - 1 ? Stage.UP : Stage.UP_GOING_DOWN;
        }
        return health == 0 ? Stage.DOWN : Stage.DOWN_GOING_UP;
    }

    /**
     * The state as HAProxy's logs give it: {@code 2/3 UP} is up with two failures to go, {@code 1/2 DOWN} is
     * down with one of two passes seen.
     */
    public String status() {
        if (stopping) {
            return stage() == Stage.UP ? "NOLB" : "NOLB " + (health - rise + 1) + "/" + fall;
        }
        return counted();
    }

    /** As {@link #status}, whatever the checks have asked for. */
    public String counted() {
        return up ? (health - rise + 1) + "/" + fall + " UP" : health + "/" + rise + " DOWN";
    }

    /**
     * The same health on the scale of other thresholds, for a reload that changes them: what is fully up or
     * down stays so, what was on its way keeps the steps it had left as far as the new scale has them.
     */
    public HealthSnapshot rescaled(int newRise, int newFall) {
        if (newRise == rise && newFall == fall) {
            return this;
        }
        int scaled = switch (stage()) {
            case UP -> newRise + newFall - 1;
            case UP_GOING_DOWN -> newRise + Math.min(health - rise, newFall - 1);
            case DOWN -> 0;
            case DOWN_GOING_UP -> Math.min(health, newRise - 1);
        };
        return new HealthSnapshot(up, scaled, newRise, newFall, last, since, stopping);
    }
}
