package net.lbd.core.stream;

import net.lbd.core.backend.Server;
import net.lbd.core.stats.ProxyCounters;

/**
 * Adds streams to the counters of their frontend, backend and server: bytes as they pass, so that a long
 * session shows (what {@code option contstats} asks for is always so), the rest when the stream ends.
 */
final class StreamAccounting {

    private StreamAccounting() { }

    /** Counts the bytes that have passed. */
    static void report(Stream stream) {
        stream.reportBytes();
    }

    /** Counts a stream that has ended. */
    static void count(Stream stream) {
        stream.reportBytes();
        countStatus(stream, stream.frontend().counters());
        if (stream.backend() != stream.frontend().withoutBackend()) {
            countStatus(stream, stream.backend().counters());
        }
        if (stream.server() != Server.NONE) {
            countStatus(stream, stream.server().state().counters());
        }
    }

    private static void countStatus(Stream stream, ProxyCounters counters) {
        if (stream.status() > 0) {
            counters.countResponse(stream.status());
        }
    }
}
