package net.lbd.core.stream;

import net.lbd.core.backend.Server;
import net.lbd.core.stats.ProxyCounters;

/** Adds an ended stream to the counters of its frontend, backend and server. */
final class StreamAccounting {

    private StreamAccounting() { }

    static void count(Stream stream) {
        add(stream, stream.frontend().counters());
        if (stream.backend() != stream.frontend().withoutBackend()) {
            add(stream, stream.backend().counters());
        }
        if (stream.server() != Server.NONE) {
            add(stream, stream.server().state().counters());
        }
    }

    private static void add(Stream stream, ProxyCounters counters) {
        counters.bytesIn.add(stream.bytesFromClient());
        counters.bytesOut.add(stream.bytesToClient());
        if (stream.status() > 0) {
            counters.countResponse(stream.status());
        }
    }
}
