package net.lbd.core.stream;

import net.lbd.core.backend.Server;
import net.lbd.core.stats.ProxyCounters;
import net.lbd.core.stats.StreamTimes;

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
            countTimes(stream.clock(), stream.isHttp(), stream.backend().counters().times, stream.server().state().counters().times);
        }
    }

    /** The client broke off: frontend, backend and server count it, as far as the stream has come. */
    static void clientAborted(Stream stream) {
        stream.frontend().counters().clientAborts.increment();
        if (stream.backend() != stream.frontend().withoutBackend()) {
            stream.backend().counters().clientAborts.increment();
        }
        if (stream.server() != Server.NONE) {
            stream.server().state().counters().clientAborts.increment();
        }
    }

    /** As the timers of the log have them. */
    private static void countTimes(StreamClock clock, boolean http, StreamTimes backend, StreamTimes server) {
        long queue = StreamClock.millisBetween(http ? clock.requestHead : clock.handshakeDone, clock.assigned);
        long connect = StreamClock.millisBetween(clock.assigned, clock.connected);
        long response = StreamClock.millisBetween(clock.connected, clock.responseHead);
        long total = StreamClock.millisBetween(http && clock.requestBegin != StreamClock.NEVER ? clock.requestBegin : clock.accepted, clock.end);
        backend.queue.add(queue);
        server.queue.add(queue);
        backend.connect.add(connect);
        server.connect.add(connect);
        backend.response.add(response);
        server.response.add(response);
        backend.total.add(total);
        server.total.add(total);
    }

    private static void countStatus(Stream stream, ProxyCounters counters) {
        if (stream.status() > 0) {
            counters.countResponse(stream.status());
        }
    }
}
