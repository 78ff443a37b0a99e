package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import net.lbd.core.backend.Server;
import net.lbd.core.http.BodyReader;
import net.lbd.core.http.Defect;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.stats.BadMessage;
import net.lbd.core.stats.ProxyCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what was refused for {@code show errors}, and says why in the daemon's own log: the log line of the stream cannot. For the
 * error path only. Source: HAProxy manual, management guide, "show errors".
 */
final class Refusal {

    private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);
    /** Numbers the events of the process, as HAProxy does. */
    private static final AtomicLong EVENTS = new AtomicLong();

    private Refusal() { }

    /**
     * A head that was refused.
     *
     * @param position of the byte that was refused; -1: that of the header which the defect is about
     */
    static void ofHead(HttpStream stream, HttpMessage head, Defect defect, boolean response, int position) {
        int length = head.bytesRead();
        int at = position >= 0 ? position : head.positionOf(defect);
        String size = defect == Defect.HEAD_TOO_LARGE || defect == Defect.TOO_MANY_HEADERS
                ? "; " + length + " bytes and " + head.headerCount() + " headers were read, at most "
                        + stream.worker().limits().headBytes() + " and " + stream.worker().limits().maxHeaders() + " are taken"
                : "";
        keep(stream, response, defect.sentence() + size, BadMessage.masked(head.bytes(), 0, length), length, Math.min(at, Math.max(0, length - 1)));
    }

    /** A body that went wrong, from the byte at {@code in}'s reader index on, where its reader stood. */
    static void ofBody(HttpStream stream, BodyReader body, boolean response, ByteBuf in) {
        int length = Math.min(in.readableBytes(), BadMessage.MAX_BYTES);
        byte[] bytes = new byte[length];
        in.getBytes(in.readerIndex(), bytes);
        keep(stream, response, body.defect().sentence(), BadMessage.masked(bytes, 0, length), length, body.defectOffset());
    }

    private static void keep(HttpStream stream, boolean response, String reason, byte[] bytes, int length, int position) {
        ProxyCounters counters = response ? stream.backend().counters() : stream.frontend().counters();
        String client = text(stream.session().source().text()) + ":" + stream.session().source().port();
        String backend = stream.backend() == stream.frontend().withoutBackend() ? "" : stream.backend().name();
        String server = stream.server() == Server.NONE ? "" : stream.server().name();
        counters.badMessages.keep(new BadMessage(Instant.now(), response, stream.frontend().name(), backend, server, client,
                EVENTS.getAndIncrement(), reason, bytes, length, position));
        long untold = counters.badMessages.mayTell(System.nanoTime());
        if (untold >= 0) {
            LOG.warn("LBR001 {} from {} was refused: {} (byte {} of {}; 'show errors' shows it){}",
                    response ? "a response of " + backend + "/" + server : "frontend " + stream.frontend().name() + ": a request",
                    response ? "server " + server : client, reason, position, length,
                    untold == 0 ? "" : "; " + untold + " more before it");
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
