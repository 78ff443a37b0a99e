package net.lbd.health.check;

import java.util.List;
import java.util.Locale;

/**
 * The system's words for a socket error, as {@code strerror} has them, found in what Netty makes of it: the
 * transports wrap the same error in different exceptions and sentences. Immutable.
 */
final class SocketErrors {

    private static final List<String> KNOWN = List.of(
            "Connection refused",
            "Connection reset by peer",
            "Connection timed out",
            "No route to host",
            "Network is unreachable",
            "Network is down",
            "Host is down",
            "Cannot assign requested address",
            "Permission denied",
            "Operation not permitted",
            "Broken pipe",
            "Invalid argument",
            "Too many open files",
            "No such file or directory",
            "No buffer space available");

    private SocketErrors() { }

    /** What this machine had none of: it says nothing of the server. */
    private static final List<String> OURS = List.of("Too many open files", "No buffer space available");

    /** Whether an error, as {@link #text} tells it, is this machine's own. */
    static boolean isOurs(String text) {
        return OURS.stream().anyMatch(text::startsWith);
    }

    static String text(Throwable error) {
        for (Throwable at = error; at != null; at = at.getCause()) {
            String message = String.valueOf(at.getMessage()).toLowerCase(Locale.ROOT);
            for (String known : KNOWN) {
                if (message.contains(known.toLowerCase(Locale.ROOT))) {
                    return known;
                }
            }
            // The JDK's own sockets leave out the peer.
            if (message.contains("connection reset")) {
                return "Connection reset by peer";
            }
        }
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }
}
