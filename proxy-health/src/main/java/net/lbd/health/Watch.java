package net.lbd.health;

import io.netty.util.concurrent.Future;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckTrace;

/** A server under observation. Thread-safe: calls are handed to the watch's event loop. */
public interface Watch {

    /** Where the server stands now. */
    HealthSnapshot snapshot();

    /** Checks at once instead of waiting for the interval; does nothing if a check is under way. */
    void checkNow();

    /** Counts something that was seen of the server as a check would be; a check follows soon. */
    void observed(Observation what, String info);

    /** Sets where the server stands, as if checks had found it out; they go on from there. */
    void force(Forced state);

    /**
     * Runs one check beside the others, which it does not disturb, and tells every step.
     *
     * @param trace looks on; called on the watch's event loop
     * @return done with the result; the result counts for nothing
     */
    Future<CheckResult> probe(CheckTrace trace);

    /** What {@code observe} makes of errors in the traffic. Source: HAProxy manual, "on-error". */
    enum Observation {
        /** Only the next check comes sooner. */
        FASTINTER,
        /** Counts as a failed check. */
        FAIL_CHECK,
        /** The next failure takes the server down. */
        SUDDEN_DEATH,
        /** The server is down. */
        MARK_DOWN
    }

    /** What {@link #force} sets. */
    enum Forced { UP, STOPPING, DOWN }

    /**
     * Ends the checks; one that is under way is broken off. A listener call that has begun may still finish,
     * none begins afterwards. Harmless when repeated.
     */
    void stop();
}
