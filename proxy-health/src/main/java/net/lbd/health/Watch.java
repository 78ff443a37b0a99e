package net.lbd.health;

/** A server under observation. Thread-safe: calls are handed to the watch's event loop. */
public interface Watch {

    /** Where the server stands now. */
    HealthSnapshot snapshot();

    /** Checks at once instead of waiting for the interval; does nothing if a check is under way. */
    void checkNow();

    /**
     * Ends the checks; one that is under way is broken off. A listener call that has begun may still finish,
     * none begins afterwards. Harmless when repeated.
     */
    void stop();
}
