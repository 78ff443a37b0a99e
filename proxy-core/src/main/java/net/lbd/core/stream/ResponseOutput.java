package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.LocalReply;

/**
 * The way of a response to the client, in the client's version of HTTP: what {@link ResponseSide} has read and judged, and
 * what {@link LocalAnswer} made, is written here. One for each stream. Event-loop confined.
 */
interface ResponseOutput {

    /** The response comes from this source, which is not read while the client does not take what came. */
    void attach(ReadGate source);

    /** Lets the source go. What was written leaves; what was held back for its sake does not. */
    void detach();

    /** Whether the chunks of a body pass as they are; if not, {@link #body} gets the data alone. */
    boolean takesChunks();

    /** A 1xx head that the client understands. */
    void interim(HttpMessage head);

    /**
     * The final head. It may be held back for the first bytes of the body.
     *
     * @param framing of the body, as {@code MessageFraming} has it
     * @param staysOpen whether a connection for one exchange at a time stays open behind it
     * @param room for a small body, which joins the head
     * @return bytes of the head
     */
    int head(HttpMessage head, long framing, boolean staysOpen, int room);

    /** Takes bytes of the body out of a buffer, which stays the caller's. */
    void body(ByteBuf in, int length);

    /** The trailer section behind a body whose chunks were taken apart, out of a buffer as {@link #body}. */
    void trailers(ByteBuf in, int length);

    /** Nothing more comes in this turn: what was held back leaves. */
    void push();

    /** The response is whole. */
    void end();

    /** Bytes of a tunnel; the buffer is handed over. */
    void tunnel(ByteBuf bytes);

    /** Whether the client does not take the response as fast as it comes. */
    boolean isBlocked();

    /** The client may take bytes again. */
    void writabilityChanged();

    /** A whole answer of our own. */
    void answer(LocalReply reply, boolean keepAlive, boolean withBody);

    /** A whole answer of our own as rules have left it. */
    void answer(HttpMessage head, byte[] body, boolean keepAlive);
}
