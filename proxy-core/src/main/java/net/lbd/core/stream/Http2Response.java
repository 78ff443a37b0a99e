package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.h2.FieldEncoder;
import net.lbd.core.h2.FrameWriter;
import net.lbd.core.h2.SendStream;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.http.LocalReply;
import net.lbd.core.http.ReplyWriter;
import net.lbd.core.sample.ByteSink;

/**
 * The way of a response to a client's HTTP/2 stream: heads as fields, bodies as DATA, and the server not read while anything of it
 * waits for the client. Used again for one stream after another; event-loop confined.
 */
final class Http2Response implements ResponseOutput {

    private static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    private static final byte[] NO_BODY = {};
    private static final ReadGate NO_SOURCE = new ReadGate(read -> { });
    private static final int CONNECTION_SPECIFIC = KnownHeader.CONNECTION | KnownHeader.KEEP_ALIVE
            | KnownHeader.PROXY_CONNECTION | KnownHeader.TRANSFER_ENCODING | KnownHeader.UPGRADE;

    private final Http2Exchange exchange;
    private final FrameWriter frames;
    private final SendStream sending;
    private int id;
    private ReadGate source = NO_SOURCE;
    private Optional<HttpMessage> unsentHead = Optional.empty();
    private boolean begun;
    private boolean blocked;

    Http2Response(Http2Exchange exchange, FrameWriter frames, SendStream sending) {
        this.exchange = exchange;
        this.frames = frames;
        this.sending = sending;
    }

    private HttpStream stream() {
        return exchange.stream();
    }

    /** Makes ready for a new stream. */
    void begin(int newId) {
        id = newId;
        begun = false;
        blocked = false;
    }

    /** Whether its head was sent. */
    boolean hasBegun() {
        return begun;
    }

    @Override
    public void attach(ReadGate newSource) {
        source = newSource;
    }

    @Override
    public void detach() {
        unblock();
        source = NO_SOURCE;
        unsentHead = Optional.empty();
    }

    private void unblock() {
        if (blocked) {
            blocked = false;
            source.open(ReadGate.SINK_FULL);
        }
    }

    /** The stream is over: nothing is kept, and its source is not touched any more. */
    void clear() {
        source = NO_SOURCE;
        unsentHead = Optional.empty();
        blocked = false;
    }

    // ---- heads

    @Override
    public boolean takesChunks() {
        return false;
    }

    @Override
    public void interim(HttpMessage head) {
        stream().countToClient(writeHead(head, head.status(), false));
    }

    void earlyHint(byte[] name, ByteSink value) {
        byte[] text = new byte[value.length()];
        for (int i = 0; i < text.length; i++) {
            byte b = value.bytes()[i];
            text[i] = b == '\r' || b == '\n' || b == 0 ? (byte) ' ' : b;
        }
        frames.fields().status(103);
        frames.fields().add(name, 0, name.length, text, 0, text.length);
        stream().countToClient(frames.headers(id, false));
    }

    /** Written with the first bytes of the body or the end: bodyless it carries the end itself. */
    @Override
    public int head(HttpMessage head, long framing, boolean staysOpen, int room) {
        unsentHead = Optional.of(head);
        return head.receivedLength();
    }

    private void sendHead(boolean last) {
        if (unsentHead.isPresent()) {
            HttpMessage head = unsentHead.get();
            unsentHead = Optional.empty();
            // The switch of protocols that HTTP/1 answers with 101 is success in HTTP/2: RFC 8441 §5.
            stream().countToClient(writeHead(head, head.status() == 101 ? 200 : head.status(), last));
            begun(last);
        }
    }

    private void begun(boolean last) {
        begun = true;
        if (last) {
            sending.endedByHead();
        }
    }

    private int writeHead(HttpMessage head, int status, boolean last) {
        FieldEncoder fields = frames.fields();
        fields.status(status);
        byte[] bytes = head.bytes();
        int count = head.headerCount();
        for (int i = 0; i < count; i++) {
            if (!head.isRemoved(i) && (head.kind(i) & CONNECTION_SPECIFIC) == 0) {
                fields.add(bytes, head.nameOffset(i), head.nameLength(i), bytes, head.valueOffset(i), head.valueLength(i));
            }
        }
        return frames.headers(id, last);
    }

    // ---- what follows

    @Override
    public void body(ByteBuf in, int length) {
        sendHead(false);
        stream().countToClient(length);
        sending.sendOrAdd(in, length);
        StreamAccounting.report(stream());
    }

    @Override
    public void trailers(ByteBuf in, int length) {
        byte[] lines = new byte[length];
        in.readBytes(lines);
        sending.setTrailers(lines);
    }

    @Override
    public void push() {
        sendHead(false);
        sending.drain();
        if (sending.pendingBytes() > 0 && !blocked) {
            blocked = true;
            source.close(ReadGate.SINK_FULL);
            // The server is not to blame for what the client does not take.
            stream().stopWaiting();
            exchange.clientMustTake();
        }
    }

    @Override
    public void end() {
        sending.complete();
        sendHead(sending.pendingBytes() == 0 && !sending.hasTrailers());
        push();
    }

    @Override
    public void tunnel(ByteBuf bytes) {
        stream().countToClient(bytes.readableBytes());
        sending.add(bytes);
    }

    @Override
    public boolean isBlocked() {
        return blocked;
    }

    @Override
    public void writabilityChanged() {
        if (sending.pendingBytes() == 0) {
            unblock();
        }
    }

    // ---- answers of our own

    @Override
    public void answer(LocalReply reply, boolean keepAlive, boolean withBody) {
        FieldEncoder fields = frames.fields();
        fields.status(reply.status());
        boolean hasContent = ReplyWriter.hasContent(reply);
        if (hasContent) {
            byte[] length = Ascii.bytes(Integer.toString(reply.body().length));
            fields.add(CONTENT_LENGTH, 0, CONTENT_LENGTH.length, length, 0, length.length);
        }
        for (LocalReply.Header header : reply.headers()) {
            fields.add(header.name(), 0, header.name().length, header.value(), 0, header.value().length);
        }
        byte[] body = withBody && hasContent ? reply.body() : NO_BODY;
        stream().countToClient(frames.headers(id, body.length == 0));
        answerBody(body);
    }

    @Override
    public void answer(HttpMessage head, byte[] body, boolean keepAlive) {
        stream().countToClient(writeHead(head, head.status(), body.length == 0));
        answerBody(body);
    }

    private void answerBody(byte[] body) {
        stream().countToClient(body.length);
        begun(body.length == 0);
        if (body.length > 0) {
            sending.add(Unpooled.wrappedBuffer(body));
            sending.complete();
            sending.drain();
        }
    }
}
