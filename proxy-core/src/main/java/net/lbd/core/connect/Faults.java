package net.lbd.core.connect;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the network's faults, which are expected and end one connection in silence, from exceptions that
 * nothing accounts for: those are bugs, and are logged. Memory that runs out ends one connection as well, and is told once a minute.
 * Thread-safe. Its state is the process's, as the memory and the log are.
 */
public final class Faults {

    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
    private static final Seldom MEMORY = new Seldom(System::nanoTime);
    private static final AtomicLong MEMORY_FAILURES = new AtomicLong();

    private Faults() { }

    /**
     * Logs an exception that reached the end of a pipeline, if it is a bug.
     *
     * @param whose the connection that is closed for it, in words
     */
    public static void report(String whose, Throwable cause) {
        if (isOutOfMemory(cause)) {
            outOfMemory(whose + " is closed", cause);
        } else if (!isExpected(cause)) {
            LOG.error("LBR002 {} is closed: an exception that nothing accounts for; please report it", whose, cause);
        }
    }

    /** Logs an exception where none is expected, and of which only one of many suffers: the others go on. */
    public static void bug(String where, Throwable cause) {
        if (isOutOfMemory(cause)) {
            outOfMemory(where + " failed", cause);
        } else {
            LOG.error("LBR002 {} failed: an exception that nothing accounts for; please report it", where, cause);
        }
    }

    /** How often memory has run out since the start. */
    public static long memoryFailures() {
        return MEMORY_FAILURES.get();
    }

    private static void outOfMemory(String what, Throwable cause) {
        MEMORY_FAILURES.incrementAndGet();
        MEMORY.turn().ifPresent(untold -> LOG.error("LBR014 {}: memory has run out ({}); raise -Xmx or -XX:MaxDirectMemorySize in LBD_JAVA_OPTS, or lower"
                + " maxconn or tune.bufsize{}", what, Shortage.words(cause), Seldom.more(untold)));
    }

    private static boolean isOutOfMemory(Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof OutOfMemoryError) {
                return true;
            }
        }
        return false;
    }

    /** Resets, writes to a connection that is gone, and broken TLS records. */
    static boolean isExpected(Throwable cause) {
        return cause instanceof IOException || cause instanceof DecoderException && cause.getCause() instanceof IOException;
    }
}
