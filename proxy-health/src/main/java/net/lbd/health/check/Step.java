package net.lbd.health.check;

/**
 * One step of a running check: a small state machine fed with bytes. Made anew for every run and confined to
 * its event loop.
 *
 * <pre>
 * its turn comes  -> advance()  WAIT -> more bytes, or their end -> advance() ...
 *                               Next, SKIP -> the step behind it
 *                               Fail -> the check is over
 * </pre>
 */
interface Step {

    /**
     * Takes what it wants from {@link Wire#received()}, sends what it has to send, and says how it stands.
     * After {@link Wire#ended()} it must decide.
     */
    Outcome advance(Wire wire);

    /** The status of a check whose time runs out while this step waits. */
    default CheckStatus timeoutStatus() {
        return CheckStatus.L7TOUT;
    }

    /** Whether a connection that breaks ends the input for this step as if it had been closed. */
    default boolean takesBreakAsEnd(Wire wire) {
        return false;
    }

    /** Where the check stands, to be added to what is told of a time-out or a broken connection; may be empty. */
    default String place() {
        return "";
    }

    /** The step in a few words, for {@code check-now}. */
    default String describe() {
        return getClass().getSimpleName();
    }
}
