package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HeadWriter;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.http.MessageFraming;

/** The head of a response as the client gets it: version, connection headers, length. Pure functions. */
final class ResponseHead {

    private static final byte[] CONNECTION = Ascii.bytes("Connection");
    private static final byte[] CLOSE = Ascii.bytes("close");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");
    private static final byte[] UPGRADE = Ascii.bytes("Upgrade");

    private ResponseHead() { }

    /** Puts into the head what is true of our connection to the client. */
    static void prepare(
            HttpStream stream, HttpMessage response, long framing, boolean staysOpen) {
        if (!stream.request().isAtLeast11()) {
            // Chunks are decoded for this client; in answer to HEAD it must not even hear of them.
            response.removeKnown(KnownHeader.TRANSFER_ENCODING | KnownHeader.TRAILER);
        }
        response.speakVersion11();
        if (framing == MessageFraming.TUNNEL) {
            if (response.status() == 101) {
                response.add(CONNECTION, UPGRADE);
            }
        } else {
            putConnection(stream, response, staysOpen);
        }
    }

    /** An open connection need not be announced to a client of HTTP/1.1. */
    static void putConnection(HttpStream stream, HttpMessage response, boolean staysOpen) {
        if (!staysOpen) {
            response.add(CONNECTION, CLOSE);
        } else if (!stream.request().isAtLeast11()) {
            response.add(CONNECTION, KEEP_ALIVE);
        }
    }

    /** @param room bytes that can be added without another allocation */
    static ByteBuf render(HttpStream stream, HttpMessage response, int room) {
        ByteBuf out = stream.worker().allocator().directBuffer(HeadWriter.sizeBound(response) + room);
        HeadWriter.write(response, out);
        return out;
    }
}
