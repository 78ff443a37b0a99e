package net.lbd.health;

import net.lbd.health.check.CheckResult;

/**
 * Learns what the checks find out. Called on the event loop of the server's watch, so it must not block. What
 * it throws is logged once for each watch and does not stop the checks.
 */
public interface HealthListener {

    /** After every check; {@code snapshot} already counts {@code result}. */
    void onResult(CheckTarget target, CheckResult result, HealthSnapshot snapshot);

    /** When the server came up, went down, or began or ceased to ask for no new sessions; called behind {@link #onResult} of the check that decided it. */
    void onTransition(CheckTarget target, HealthSnapshot before, HealthSnapshot after);

    /** As {@link #onTransition}, when somebody has said so: {@link Watch#force}. */
    default void onForced(CheckTarget target, HealthSnapshot before, HealthSnapshot after) {
        onTransition(target, before, after);
    }
}
