package net.lbd.core.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import net.lbd.core.runtime.ProcessRates;
import net.lbd.core.runtime.ProxyRuntime;

/** What is reported on. Every method is safe on every thread, and returns at once unless it says otherwise. */
public interface ReportSource {

    /** What a frontend does with new connections; spelt as {@code show stat} does. */
    enum FrontendStatus {
        OPEN,
        /** Until it is enabled again: its sockets are closed. */
        PAUSED,
        /** For good: nothing listens for it. */
        STOP
    }

    Product product();

    /** When the process began. */
    Instant startedAt();

    /** How long ago that was, whatever was done to the clock of the machine meanwhile. */
    default Duration uptime() {
        return Duration.between(startedAt(), Instant.now());
    }

    /** Whether the process accepts no more. */
    boolean isStopping();

    /** The configuration in force; empty before the first. */
    Optional<ProxyRuntime> runtime();

    FrontendStatus status(String frontend);

    /** Client connections at this moment. */
    int connections();

    /** The limit of them; 0: none. */
    int maxConnections();

    /** How many addresses are listened on. */
    int listening();

    ProcessRates rates();

    /** Memory that the buffer pool holds. */
    long bufferBytes();

    /** How much of it is in use. */
    default long bufferBytesInUse() {
        return 0;
    }

    /** The limit of client connections as the configuration has it, or as the descriptors allow; 0: none. */
    default int usualMaxConnections() {
        return maxConnections();
    }

    /** Client connections over TLS at this moment. */
    default int tlsConnections() {
        return 0;
    }

    /** Log lines that no target took, so far. */
    default long droppedLogs() {
        return 0;
    }

    /** When the certificates in service end, by their files. */
    Map<String, Instant> certificateEnds();

    /** Tasks that wait for an event loop. */
    int pendingTasks();

    /** The limit of a frontend's connections as it is now; 0: none of its own. */
    int maxConnections(String frontend);

    /**
     * Requests that have been open for so long, by their backends; those without any are left out. Waits for the event loops, and is not for
     * them.
     */
    default Map<String, Integer> openFor(long millis) {
        return Map.of();
    }
}
