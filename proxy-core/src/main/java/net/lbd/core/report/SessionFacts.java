package net.lbd.core.report;

import java.nio.charset.StandardCharsets;
import net.lbd.core.backend.Server;
import net.lbd.core.listen.Generation;
import net.lbd.core.session.Peer;
import net.lbd.core.session.Session;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.StreamClock;

/**
 * One stream of a client's connection at a moment. Immutable.
 *
 * @param id of the connection; streams of one HTTP/2 connection have the same
 * @param protocol {@code tcpv4}, {@code tcpv6} or {@code unix_stream}
 * @param backend {@code <NONE>} before one is chosen
 * @param server {@code <none>} before one is chosen
 * @param ageMillis since the connection was accepted or its last stream ended
 * @param openMillis since the first byte of the request under way; -1 if there is none, as in TCP and between requests
 * @param requests begun on the connection
 * @param generation the configuration that it follows; a connection that rests takes the newest at its next request
 */
public record SessionFacts(long id, String protocol, String source, String destination, String frontend, String bind, String backend,
        String server, long ageMillis, long openMillis, long requests, boolean queued, boolean tls, int http, long bytesIn, long bytesOut,
        Generation generation) {

    /** Whether it is a connection in mode http between two requests. */
    public boolean isAtRest() {
        return http > 0 && openMillis < 0;
    }

    /** On the loop of the stream. */
    public static SessionFacts of(Stream stream) {
        Session session = stream.session();
        boolean chosen = stream.backend() != stream.frontend().withoutBackend();
        long now = System.nanoTime();
        return new SessionFacts(session.id(), protocol(session.realSource()), text(session.source()), text(session.destination()),
                stream.frontend().name(), session.bindName(), chosen ? stream.backend().name() : "<NONE>",
                stream.server() == Server.NONE ? "<none>" : stream.server().name(),
                Math.max(0, millisSince(stream.clock().accepted, now)), stream.isHttp() ? millisSince(stream.clock().requestBegin, now) : -1,
                session.requests(),
                stream.isInQueue(), session.isTls(), stream.isHttp() ? session.protocol().major() : 0,
                stream.bytesFromClient(), stream.bytesToClient(), stream.frontend().generation());
    }

    /** -1 if the moment did not come. */
    private static long millisSince(long moment, long now) {
        return moment == StreamClock.NEVER ? -1 : Math.max(0, (now - moment) / 1_000_000);
    }

    private static String protocol(Peer peer) {
        return !peer.isIp() ? "unix_stream" : peer.address().length == 4 ? "tcpv4" : "tcpv6";
    }

    private static String text(Peer peer) {
        return new String(peer.text(), StandardCharsets.US_ASCII) + (peer.isIp() ? ":" + peer.port() : "");
    }
}
