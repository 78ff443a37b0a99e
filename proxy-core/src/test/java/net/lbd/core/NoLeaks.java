package net.lbd.core;

import io.netty.util.LeakPresenceDetector;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class that leaves a buffer unreleased. The class must have closed its event loops by
 * then. Found by JUnit itself, for every class of this module.
 *
 * <p>A TLS context of Netty's keeps the sessions of its servers until the garbage collector finds the
 * context: only what is still there behind that is a leak. A buffer stays counted whatever the collector
 * does.
 */
public final class NoLeaks implements AfterAllCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Override
    public void afterAll(ExtensionContext context) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (leaks() && System.nanoTime() < until) {
            System.gc();
            LockSupport.parkNanos(20_000_000);
        }
        LeakPresenceDetector.check();
    }

    private static boolean leaks() {
        try {
            LeakPresenceDetector.check();
            return false;
        } catch (IllegalStateException e) {
            // Its message is for the last check, which is made when there is no patience left.
            return true;
        }
    }
}
