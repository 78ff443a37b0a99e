package net.lbd.core.connect;

import java.io.IOException;

/**
 * This machine, and not the server, is why a connection to a server could not be opened: the process or the system has no descriptor
 * left. It says nothing of the server, and another try elsewhere would fare no better. Without a stack: it comes in floods.
 */
public final class Shortage extends IOException {

    private static final long serialVersionUID = 1L;

    Shortage(Throwable cause) {
        super(words(cause), cause);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    /** What the kernel said, without what transports put around it. */
    public static String words(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Whether the kernel refused a descriptor (EMFILE, ENFILE) or memory for one (ENOBUFS, ENOMEM), however the transport wraps that. */
    public static boolean isCauseOf(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            String message = String.valueOf(at.getMessage());
            if (message.contains("Too many open files") || message.contains("No buffer space available")
                    || message.contains("Cannot allocate memory")) {
                return true;
            }
        }
        return false;
    }
}
