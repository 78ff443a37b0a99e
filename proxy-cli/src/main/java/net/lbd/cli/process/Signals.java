package net.lbd.cli.process;

import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * What the daemon does on a signal: TERM and INT stop it at once, USR1 softly, HUP and USR2 reload. Each
 * signal runs on a thread of its own, so that a long reload holds no stop up. QUIT stays the JVM's
 * (thread dump). {@code sun.misc.Signal} is the only way to receive USR1 and USR2 in Java; it is exported
 * by {@code jdk.unsupported} on 17 as on 25.
 */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() { }

    /** The daemon as signals see it; thread-safe. */
    interface Target {
        void stopOn(String signal);

        void softStopOn(String signal);

        void reloadOn(String signal);
    }

    static void install(Target target) {
        Objects.requireNonNull(target, "target");
        handle("TERM", () -> target.stopOn("SIGTERM"));
        handle("INT", () -> target.stopOn("SIGINT"));
        handle("USR1", () -> target.softStopOn("SIGUSR1"));
        handle("HUP", () -> target.reloadOn("SIGHUP"));
        handle("USR2", () -> target.reloadOn("SIGUSR2"));
    }

    private static void handle(String name, Runnable action) {
        try {
            Signal.handle(new Signal(name), signal -> action.run());
        } catch (IllegalArgumentException e) {
            // The JVM keeps the signal for itself (-Xrs) or the system has none of that name.
            LOG.warn("SIG{} is not handled: {}", name, e.getMessage());
        }
    }
}
