package net.lbd.core.connect;

import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the network's faults, which are expected and end one connection in silence, from exceptions that
 * nothing accounts for: those are bugs, and are logged. Stateless.
 */
public final class Faults {

    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private Faults() { }

    /**
     * Logs an exception that reached the end of a pipeline, if it is a bug.
     *
     * @param whose the connection that is closed for it, in words
     */
    public static void report(String whose, Throwable cause) {
        if (!isExpected(cause)) {
            LOG.error("LBR002 {} is closed: an exception that nothing accounts for; please report it", whose, cause);
        }
    }

    /** Logs an exception where none is expected, and of which only one of many suffers: the others go on. */
    public static void bug(String where, Throwable cause) {
        LOG.error("LBR002 {} failed: an exception that nothing accounts for; please report it", where, cause);
    }

    /** Resets, writes to a connection that is gone, and broken TLS records. */
    static boolean isExpected(Throwable cause) {
        return cause instanceof IOException || cause instanceof DecoderException && cause.getCause() instanceof IOException;
    }
}
