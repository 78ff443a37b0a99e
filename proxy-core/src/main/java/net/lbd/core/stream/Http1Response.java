package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import java.util.Optional;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.connect.Relay;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.LocalReply;
import net.lbd.core.http.ReplyWriter;

/**
 * A response on its way to a client of HTTP/1: the bytes of the server pass as they are; a small body leaves in one piece
 * with its head. Event-loop confined.
 */
final class Http1Response implements ResponseOutput {

    static final int JOIN_LIMIT_BYTES = 4096;

    private final HttpStream stream;
    private Optional<Relay> relay = Optional.empty();
    /** A head that waits for the first bytes of its body, to leave in one piece with them. */
    private Optional<ByteBuf> unsentHead = Optional.empty();

    Http1Response(HttpStream stream) {
        this.stream = stream;
    }

    @Override
    public void attach(ReadGate source) {
        relay = Optional.of(new Relay(source, stream.session().channel(), stream.worker().flushes()));
    }

    @Override
    public void detach() {
        relay.ifPresent(Relay::detach);
        relay = Optional.empty();
        unsentHead.ifPresent(ByteBuf::release);
        unsentHead = Optional.empty();
    }

    @Override
    public boolean takesChunks() {
        return stream.request().isAtLeast11();
    }

    @Override
    public void interim(HttpMessage head) {
        head.speakVersion11();
        write(ResponseHead.render(stream, head, 0));
    }

    @Override
    public int head(HttpMessage head, long framing, boolean staysOpen, int room) {
        ResponseHead.prepare(stream, head, framing, staysOpen);
        ByteBuf rendered = ResponseHead.render(stream, head, room);
        unsentHead = Optional.of(rendered);
        return rendered.readableBytes();
    }

    /** A small body leaves with its head in one system call; a large one is not copied. */
    @Override
    public void body(ByteBuf in, int length) {
        if (unsentHead.isPresent() && length <= JOIN_LIMIT_BYTES) {
            unsentHead.get().writeBytes(in, length);
            push();
        } else {
            push();
            write(in.readRetainedSlice(length));
            StreamAccounting.report(stream);
        }
    }

    /** A client that does not take chunks knows no trailers either. */
    @Override
    public void trailers(ByteBuf in, int length) {
        in.skipBytes(length);
    }

    @Override
    public void push() {
        if (unsentHead.isPresent()) {
            ByteBuf head = unsentHead.get();
            unsentHead = Optional.empty();
            write(head);
        }
    }

    @Override
    public void end() {
        push();
    }

    @Override
    public void tunnel(ByteBuf bytes) {
        write(bytes);
    }

    private void write(ByteBuf bytes) {
        stream.countToClient(bytes.readableBytes());
        relay.orElseThrow().write(bytes);
        if (relay.orElseThrow().isBlocked()) {
            // The server is not to blame for what the client does not take.
            stream.stopWaiting();
            stream.client().clientMustTake();
        }
    }

    @Override
    public boolean isBlocked() {
        return relay.isPresent() && relay.get().isBlocked();
    }

    @Override
    public void writabilityChanged() {
        relay.ifPresent(Relay::sinkWritabilityChanged);
    }

    @Override
    public void answer(LocalReply reply, boolean keepAlive, boolean withBody) {
        answer(ReplyWriter.write(stream.worker().allocator(), reply, stream.request().isAtLeast11(), keepAlive, withBody));
    }

    @Override
    public void answer(HttpMessage head, byte[] body, boolean keepAlive) {
        ResponseHead.putConnection(stream, head, keepAlive);
        answer(ResponseHead.render(stream, head, body.length).writeBytes(body));
    }

    /** Without a relay: an answer of our own needs no server connection. */
    private void answer(ByteBuf bytes) {
        stream.countToClient(bytes.readableBytes());
        stream.session().channel().write(bytes, stream.session().channel().voidPromise());
        stream.worker().flushes().add(stream.session().channel()::flush);
    }
}
