package net.lbd.health.check;

/**
 * One step of a running check: a small state machine fed with bytes. Made anew for every run and confined to
 * its event loop.
 *
 * <pre>
 * its turn comes  -> advance()  WAIT -> more bytes, or their end -> advance() ...
 *                               NEXT -> the step behind it
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
}
