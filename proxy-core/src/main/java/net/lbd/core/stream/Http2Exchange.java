package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import java.util.ArrayDeque;
import java.util.Optional;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.connect.HalfClose;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.connect.Relay;
import net.lbd.core.connect.ServerConnection;
import net.lbd.core.h2.FieldEncoder;
import net.lbd.core.h2.TrailerLines;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.Defect;
import net.lbd.core.http.HopByHop;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.http.LocalReply;
import net.lbd.core.http.MessageFraming;
import net.lbd.core.http.ReplyWriter;
import net.lbd.core.http.RequestCheck;
import net.lbd.core.listen.Frontend;
import net.lbd.core.runtime.TimerWheel;
import net.lbd.core.runtime.Worker;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.session.Session;

/**
 * One HTTP/2 stream of a client, and the exchange on it; used again for another when it has ended. Event-loop confined.
 *
 * <table><caption>States</caption>
 * <tr><td>IDLE</td><td>waits to be used</td></tr>
 * <tr><td>EXCHANGE</td><td>the request is being carried out</td></tr>
 * <tr><td>TUNNEL</td><td>behind a switch of protocols or CONNECT: DATA both ways is bytes</td></tr>
 * <tr><td>DRAINING</td><td>over and logged; the client has not taken all of the response yet</td></tr>
 * </table>
 *
 * <p>Long because it is both sides of one stream, whose ends depend on each other: an answer that comes before the request is whole, a body
 * that is not as long as it says, a tunnel of which one half has ended.
 *
 * <p>Memory: of the request at most the window that the client was granted, copied so that a byte does not hold a read buffer;
 * of the response one read of the server's connection, which is not read while anything of it waits.
 */
final class Http2Exchange implements ClientSide, ResponseOutput {

    private enum State { IDLE, EXCHANGE, TUNNEL, DRAINING }

    private static final int NO_LENGTH = -1;
    private static final byte[] CONNECT = Ascii.bytes("CONNECT");
    private static final byte[] CHUNKED = Ascii.bytes("chunked");
    private static final byte[] TRANSFER_ENCODING = Ascii.bytes("transfer-encoding");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] LAST_CHUNK = {'0', '\r', '\n'};
    private static final byte[] NO_TRAILERS = {};
    private static final ReadGate NO_SOURCE = new ReadGate(read -> { });
    private static final int CONNECTION_SPECIFIC = KnownHeader.CONNECTION | KnownHeader.KEEP_ALIVE
            | KnownHeader.PROXY_CONNECTION | KnownHeader.TRANSFER_ENCODING | KnownHeader.UPGRADE;
    private static final int CHUNK_FRAMING_BYTES = 12;
    /** What is copied into the connection's buffer at once. */
    private static final int SMALL_BYTES = 4096;

    private final Http2ClientConnection owner;
    private final Session session;
    private final Worker worker;
    private final HttpStream stream;
    private final ReadGate gate = new ReadGate(read -> { });
    private final TimerWheel.Timer clientTimer = new TimerWheel.Timer() {
        @Override
        protected void expired() {
            clientTimeout();
        }
    };

    private State state = State.IDLE;
    private int id;
    private long resetCode;

    // ---- the request
    /** What came and no server has taken yet. */
    private ByteBuf held = Unpooled.EMPTY_BUFFER;
    private int receiveWindow;
    /** Used, and not granted anew yet. */
    private int consumed;
    private boolean requestEnded;
    /** Of Content-Length, what has not come; {@link #NO_LENGTH}: the body goes in chunks. */
    private long bodyLeft;
    private boolean chunked;
    private byte[] requestTrailers = NO_TRAILERS;
    private Optional<WebSocketKey> webSocket = Optional.empty();

    // ---- the response
    private ReadGate source = NO_SOURCE;
    private Optional<HttpMessage> unsentHead = Optional.empty();
    private final ArrayDeque<ByteBuf> pending = new ArrayDeque<>(4);
    private int pendingBytes;
    private long sendWindow;
    private boolean blocked;
    /** The response is whole; once nothing is pending the stream is ended. */
    private boolean whole;
    private byte[] responseTrailers = NO_TRAILERS;
    private boolean endSent;
    private boolean headersSent;
    /** Whether it is in the connection's queue of those that wait for a window or the socket. */
    private boolean waiting;

    Http2Exchange(Http2ClientConnection owner, Session session) {
        this.owner = owner;
        this.session = session;
        this.worker = session.worker();
        this.stream = new HttpStream(session, this);
    }

    HttpStream stream() {
        return stream;
    }

    int id() {
        return id;
    }

    boolean isRequestEnded() {
        return requestEnded;
    }

    private Frontend.Policy policy() {
        return session.frontend().policy();
    }

    // ---- the request

    /** Makes ready for a request whose fields come next. */
    HttpMessage prepare(int newId, int window, long peerWindow) {
        if (session.adoptCurrent()) {
            stream.frontendChanged();
        }
        long now = System.nanoTime();
        stream.prepare(now, System.currentTimeMillis());
        stream.clock().requestBegin = now;
        id = newId;
        state = State.EXCHANGE;
        resetCode = Http2Error.INTERNAL_ERROR.code();
        receiveWindow = window;
        consumed = 0;
        requestEnded = false;
        bodyLeft = 0;
        chunked = false;
        requestTrailers = NO_TRAILERS;
        webSocket = Optional.empty();
        sendWindow = peerWindow;
        blocked = false;
        whole = false;
        responseTrailers = NO_TRAILERS;
        endSent = false;
        headersSent = false;
        return stream.request();
    }

    /** The fields have come and are well formed. */
    void begin(boolean ended, boolean forWebSocket) {
        stream.clock().requestHead = System.nanoTime();
        session.countRequest();
        session.frontend().counters().countRequest();
        HttpMessage request = stream.request();
        stream.requestCaptures().take(request);
        requestEnded = ended;
        Defect defect = RequestCheck.host(request);
        long framing = MessageFraming.ofRequest(request);
        if (defect == Defect.NONE && framing == MessageFraming.REFUSED) {
            defect = MessageFraming.defect(request);
        }
        boolean declared = request.find(KnownHeader.CONTENT_LENGTH, 0) >= 0;
        if (defect == Defect.NONE && (ended && framing > 0 || forWebSocket && (ended || declared))) {
            refuse(Defect.BODY_LENGTH);
            return;
        }
        if (defect != Defect.NONE) {
            answerDefect(defect);
            return;
        }
        request.removeKnown(KnownHeader.TE);
        int tokens = 0;
        if (forWebSocket) {
            webSocket = Optional.of(new WebSocketKey());
            webSocket.get().ask(request);
            tokens = HopByHop.UPGRADE;
        }
        stream.setConnection(tokens, true);
        boolean bytes = forWebSocket || request.methodIs(CONNECT);
        chunked = !ended && !declared && !bytes;
        bodyLeft = chunked || bytes ? NO_LENGTH : framing;
        stream.setRequestBodyLength(chunked ? MessageFraming.CHUNKED : framing);
        stream.setRequestBody(chunked || framing > 0 ? HttpStream.RequestBody.INCOMPLETE : HttpStream.RequestBody.COMPLETE);
        clientTurn();
        HttpPhases.begin(stream);
    }

    /** Not a request of HTTP/2: the stream is reset, and logged as what it is. */
    void refuse(Defect defect) {
        countRefusal(defect);
        stream.setRequestBody(HttpStream.RequestBody.INCOMPLETE);
        stream.setStatus(400);
        stream.termination().set(Termination.Cause.DENIED, Termination.Stage.REQUEST);
        resetCode = Http2Error.PROTOCOL_ERROR.code();
        owner.breach();
        Ending.cut(stream);
    }

    /** A request that no server shall see, and whose client is told why. */
    void answerDefect(Defect defect) {
        countRefusal(defect);
        stream.setConnection(0, true);
        stream.setRequestBody(requestEnded ? HttpStream.RequestBody.COMPLETE : HttpStream.RequestBody.INCOMPLETE);
        LocalAnswer.refuse(stream, defect.status(), Termination.Cause.DENIED);
    }

    private void countRefusal(Defect defect) {
        session.frontend().counters().requestErrors.increment();
        stream.countNoRequest(true);
        report(defect, false);
    }

    /**
     * Takes DATA.
     *
     * @param flow bytes that count against the window: padding included
     */
    void receive(ByteBuf data, int flow, boolean end) {
        int length = data.readableBytes();
        if (requestEnded) {
            owner.resetStream(this, Http2Error.STREAM_CLOSED.code());
            return;
        }
        receiveWindow -= flow;
        if (receiveWindow < 0) {
            owner.resetStream(this, Http2Error.FLOW_CONTROL_ERROR.code());
            return;
        }
        consumed += flow - length;
        if (state == State.DRAINING) {
            // Nobody waits for the rest of this request; its client learns of that with the end of the response.
            requestEnded = end;
            return;
        }
        stream.countFromClient(length);
        if (state == State.EXCHANGE && bodyLeft != NO_LENGTH) {
            bodyLeft -= length;
            if (bodyLeft < 0 || end && bodyLeft > 0) {
                breakOff();
                return;
            }
        }
        requestEnded = end;
        if (length > 0 && !held.isReadable() && takesBody()) {
            forward(data, length);
        } else if (length > 0) {
            hold(data, length);
        }
        bodyCame();
        pump();
    }

    private void bodyCame() {
        if (stream.isWaitingForBody() && state == State.EXCHANGE) {
            HttpPhases.bodyCame(stream);
        }
    }

    @Override
    public boolean hasBody(int atLeastBytes) {
        int length = held.readableBytes();
        return requestEnded || atLeastBytes > 0 && length >= atLeastBytes || length >= worker.limits().headBytes() || receiveWindow <= 0;
    }

    @Override
    public void invite() {
        HttpMessage request = stream.request();
        if (!held.isReadable() && !requestEnded && request.find(KnownHeader.EXPECT, 0) >= 0) {
            // The server is not asked any more: the client must not get a second 100.
            request.removeKnown(KnownHeader.EXPECT);
            owner.fields().status(100);
            stream.countToClient(owner.frames().headers(id, owner.fields(), false));
        }
    }

    @Override
    public void copyBody(ByteSink out) {
        for (int i = held.readerIndex(); i < held.writerIndex(); i++) {
            out.put(held.getByte(i));
        }
    }

    /** The trailer section has come, and with it the end. */
    void receiveTrailers(byte[] lines) {
        if (state == State.EXCHANGE && bodyLeft > 0) {
            breakOff();
            return;
        }
        stream.countFromClient(lines.length);
        requestTrailers = lines;
        requestEnded = true;
        bodyCame();
        pump();
    }

    /** The body is not what was announced: neither side may take it for whole. */
    private void breakOff() {
        countRefusal(Defect.BODY_LENGTH);
        stream.termination().set(Termination.Cause.DENIED, Termination.Stage.DATA);
        if (!stream.responseSide().isHeadSent()) {
            stream.setStatus(400);
        }
        resetCode = Http2Error.PROTOCOL_ERROR.code();
        owner.breach();
        Ending.cut(stream);
    }

    private void hold(ByteBuf data, int length) {
        if (held == Unpooled.EMPTY_BUFFER) {
            held = worker.allocator().directBuffer(Math.max(length, 512));
        }
        held.writeBytes(data, length);
    }

    private boolean takesBody() {
        return (state == State.TUNNEL || state == State.EXCHANGE && stream.isForwarding() && (chunked || bodyLeft != NO_LENGTH))
                && stream.up().filter(up -> !up.isBlocked()).isPresent();
    }

    /** Sends what is held, and the end of the request behind it, as far as the server takes it. */
    private void pump() {
        if (held.isReadable() && takesBody()) {
            forward(held, held.readableBytes());
            releaseHeld();
        }
        if (held.isReadable() || !requestEnded) {
            if (state == State.EXCHANGE) {
                clientTurn();
            }
            return;
        }
        if (state == State.TUNNEL) {
            clientHalfEnded();
        } else if (state == State.EXCHANGE && !stream.isRequestComplete() && takesBody()) {
            if (chunked) {
                ByteBuf last = worker.allocator().directBuffer(LAST_CHUNK.length + requestTrailers.length + CRLF.length);
                stream.forwardBody(last.writeBytes(LAST_CHUNK).writeBytes(requestTrailers).writeBytes(CRLF));
            }
            stream.setRequestBody(HttpStream.RequestBody.COMPLETE);
            stream.waitForServer();
            Ending.requestDone(stream);
        }
    }

    private void releaseHeld() {
        held.release();
        held = Unpooled.EMPTY_BUFFER;
    }

    private void forward(ByteBuf in, int length) {
        if (state == State.TUNNEL) {
            tunnelActivity();
        }
        if (chunked && state == State.EXCHANGE) {
            ByteBuf chunk = worker.allocator().directBuffer(length + CHUNK_FRAMING_BYTES);
            putHex(chunk, length);
            stream.forwardBody(chunk.writeBytes(CRLF).writeBytes(in, length).writeBytes(CRLF));
        } else {
            stream.forwardBody(in.readRetainedSlice(length));
        }
        consumed += length;
        if (!requestEnded && consumed >= owner.streamWindow() / 2) {
            owner.frames().windowUpdate(id, consumed);
            receiveWindow += consumed;
            consumed = 0;
        }
    }

    private static void putHex(ByteBuf out, int value) {
        for (int shift = 28 - Integer.numberOfLeadingZeros(value) / 4 * 4; shift >= 0; shift -= 4) {
            out.writeByte("0123456789abcdef".charAt(value >>> shift & 15));
        }
    }

    @Override
    public void prepareRequest(HttpMessage request) {
        if (chunked) {
            request.add(TRANSFER_ENCODING, CHUNKED);
        }
    }

    @Override
    public ReadGate gate() {
        return gate;
    }

    @Override
    public void bodyMayFlow() {
        pump();
    }

    @Override
    public void serverWritable() {
        if (state != State.IDLE) {
            pump();
        }
    }

    // ---- time

    @Override
    public void clientTurn() {
        boolean due = !stream.isRequestComplete() && !requestEnded && !held.isReadable() && gate.isOpen() || blocked;
        worker.timers().arm(clientTimer, due ? policy().clientTimeoutMillis() : 0);
    }

    @Override
    public void clientMustTake() {
        worker.timers().arm(clientTimer, policy().clientTimeoutMillis());
    }

    private void clientTimeout() {
        switch (state) {
            case EXCHANGE -> {
                if (stream.responseSide().isHeadSent()) {
                    stream.termination().set(Termination.Cause.CLIENT_TIMEOUT, Termination.Stage.DATA);
                    resetCode = Http2Error.CANCEL.code();
                    Ending.cut(stream);
                } else {
                    LocalAnswer.error(stream, 408, Termination.Cause.CLIENT_TIMEOUT, Termination.Stage.DATA);
                }
            }
            case TUNNEL -> {
                stream.termination().set(Termination.Cause.CLIENT_TIMEOUT, Termination.Stage.DATA);
                resetCode = Http2Error.CANCEL.code();
                Ending.cut(stream);
            }
            case DRAINING -> owner.resetStream(this, Http2Error.CANCEL.code());
            case IDLE -> { }
        }
    }

    // ---- tunnels

    @Override
    public boolean takesSwitch(HttpMessage response) {
        return webSocket.filter(key -> key.isAnsweredBy(response)).isPresent();
    }

    @Override
    public void becomeTunnel() {
        state = State.TUNNEL;
        tunnelActivity();
        pump();
    }

    @Override
    public void tunnelActivity() {
        stream.waitForServer();
        long tunnel = stream.tunnelTimeoutMillis();
        worker.timers().arm(clientTimer, tunnel > 0 ? tunnel : policy().clientTimeoutMillis());
    }

    private void clientHalfEnded() {
        stream.connection().ifPresent(server -> {
            if (server.isUsable() && !whole) {
                stream.up().ifPresent(Relay::flush);
                HalfClose.output(server.channel());
            } else {
                Ending.tunnelClosed(stream);
            }
        });
    }

    @Override
    public boolean isTunnelHalfClosed() {
        return whole || requestEnded && !held.isReadable();
    }

    @Override
    public void tunnelInputClosed() {
        if (requestEnded && !held.isReadable()) {
            Ending.tunnelClosed(stream);
        } else {
            end();
        }
    }

    // ---- the response

    @Override
    public ResponseOutput newOutput(HttpStream of) {
        return this;
    }

    @Override
    public void attach(ReadGate newSource) {
        source = newSource;
    }

    @Override
    public void detach() {
        if (blocked) {
            blocked = false;
            source.open(ReadGate.SINK_FULL);
        }
        source = NO_SOURCE;
        unsentHead = Optional.empty();
    }

    @Override
    public boolean takesChunks() {
        return false;
    }

    @Override
    public void interim(HttpMessage head) {
        stream.countToClient(writeHead(head, head.status(), false));
    }

    @Override
    public void earlyHint(byte[] name, ByteSink value) {
        byte[] text = new byte[value.length()];
        for (int i = 0; i < text.length; i++) {
            byte b = value.bytes()[i];
            text[i] = b == '\r' || b == '\n' || b == 0 ? (byte) ' ' : b;
        }
        FieldEncoder fields = owner.fields();
        fields.status(103);
        fields.add(name, 0, name.length, text, 0, text.length);
        stream.countToClient(owner.frames().headers(id, fields, false));
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
            stream.countToClient(writeHead(head, head.status() == 101 ? 200 : head.status(), last));
            headersSent = true;
            endSent = last;
        }
    }

    private int writeHead(HttpMessage head, int status, boolean last) {
        FieldEncoder fields = owner.fields();
        fields.status(status);
        byte[] bytes = head.bytes();
        int count = head.headerCount();
        for (int i = 0; i < count; i++) {
            if (!head.isRemoved(i) && (head.kind(i) & CONNECTION_SPECIFIC) == 0) {
                fields.add(bytes, head.nameOffset(i), head.nameLength(i), bytes, head.valueOffset(i), head.valueLength(i));
            }
        }
        return owner.frames().headers(id, fields, last);
    }

    @Override
    public void body(ByteBuf in, int length) {
        sendHead(false);
        stream.countToClient(length);
        if (pendingBytes == 0 && length <= SMALL_BYTES && length <= owner.sendable(sendWindow)) {
            owner.sendData(this, in, length, false);
        } else {
            queue(in.readRetainedSlice(length));
        }
        StreamAccounting.report(stream);
    }

    private void queue(ByteBuf bytes) {
        pending.add(bytes);
        pendingBytes += bytes.readableBytes();
    }

    @Override
    public void trailers(ByteBuf in, int length) {
        responseTrailers = new byte[length];
        in.readBytes(responseTrailers);
    }

    @Override
    public void push() {
        sendHead(false);
        owner.drain(this);
        if (pendingBytes > 0 && !blocked) {
            blocked = true;
            source.close(ReadGate.SINK_FULL);
            // The server is not to blame for what the client does not take.
            stream.stopWaiting();
            clientMustTake();
        }
    }

    @Override
    public void end() {
        whole = true;
        sendHead(pendingBytes == 0 && responseTrailers.length == 0);
        push();
        endIfDrained();
    }

    /** Behind the last byte: the trailers, or the end alone. */
    void endIfDrained() {
        if (!whole || endSent || pendingBytes > 0) {
            return;
        }
        endSent = true;
        if (responseTrailers.length > 2) {
            TrailerLines.add(responseTrailers, owner.fields());
            stream.countToClient(owner.frames().headers(id, owner.fields(), true));
        } else {
            owner.frames().end(id);
        }
    }

    @Override
    public void tunnel(ByteBuf bytes) {
        stream.countToClient(bytes.readableBytes());
        queue(bytes);
    }

    @Override
    public boolean isBlocked() {
        return blocked;
    }

    @Override
    public void writabilityChanged() {
        if (blocked && pendingBytes == 0) {
            blocked = false;
            source.open(ReadGate.SINK_FULL);
        }
    }

    @Override
    public void answer(LocalReply reply, boolean keepAlive, boolean withBody) {
        FieldEncoder fields = owner.fields();
        fields.status(reply.status());
        boolean hasContent = ReplyWriter.hasContent(reply);
        if (hasContent) {
            byte[] length = Ascii.bytes(Integer.toString(reply.body().length));
            fields.add(CONTENT_LENGTH, 0, CONTENT_LENGTH.length, length, 0, length.length);
        }
        for (LocalReply.Header header : reply.headers()) {
            fields.add(header.name(), 0, header.name().length, header.value(), 0, header.value().length);
        }
        boolean body = withBody && hasContent && reply.body().length > 0;
        stream.countToClient(owner.frames().headers(id, fields, !body));
        headersSent = true;
        answerBody(body ? reply.body() : NO_TRAILERS);
    }

    @Override
    public void answer(HttpMessage head, byte[] body, boolean keepAlive) {
        stream.countToClient(writeHead(head, head.status(), body.length == 0));
        headersSent = true;
        answerBody(body);
    }

    private void answerBody(byte[] body) {
        stream.countToClient(body.length);
        whole = true;
        endSent = body.length == 0;
        if (body.length > 0) {
            queue(Unpooled.wrappedBuffer(body));
            owner.drain(this);
            endIfDrained();
        }
    }

    // ---- what the connection sends

    long sendWindow() {
        return sendWindow;
    }

    /** The client has granted more, or less: a window may be negative (RFC 9113 §6.9.2). */
    boolean grant(long bytes) {
        sendWindow += bytes;
        return sendWindow <= Integer.MAX_VALUE;
    }

    int pendingBytes() {
        return pendingBytes;
    }

    ByteBuf nextPending() {
        return pending.element();
    }

    /** Whether the end of the stream goes with its last byte. */
    boolean endsWithData() {
        return whole && responseTrailers.length <= 2;
    }

    void sent(int bytes, boolean ended) {
        sendWindow -= bytes;
        endSent |= ended;
    }

    void takePending(int bytes) {
        pendingBytes -= bytes;
        if (!pending.element().isReadable()) {
            pending.remove().release();
        }
    }

    boolean isWaiting() {
        return waiting;
    }

    void setWaiting(boolean value) {
        waiting = value;
    }

    /** Some of what waited has been sent. */
    void progressed() {
        if (state == State.DRAINING) {
            if (pendingBytes == 0) {
                endIfDrained();
                finish();
            } else {
                clientMustTake();
            }
            return;
        }
        if (pendingBytes == 0) {
            stream.responseSide().clientWritable();
            endIfDrained();
        }
        if (state == State.TUNNEL) {
            tunnelActivity();
        } else if (state == State.EXCHANGE) {
            clientTurn();
        }
    }

    // ---- ends

    @Override
    public void exchangeEnded(boolean keepAlive) {
        stream.releaseMessages();
        releaseHeld();
        if (state == State.TUNNEL) {
            whole = true;
        }
        if (whole && pendingBytes > 0) {
            state = State.DRAINING;
            clientMustTake();
            return;
        }
        finish();
    }

    /** Nothing is left to send. */
    private void finish() {
        if (!endSent && headersSent && whole) {
            endIfDrained();
        }
        if (!endSent) {
            owner.frames().reset(id, Http2Error.CANCEL.code());
            owner.streamOver(this, true);
        } else if (!requestEnded) {
            // The rest of the request is of no use: RFC 9113 §8.1.
            owner.frames().reset(id, Http2Error.NO_ERROR.code());
            owner.streamOver(this, true);
        } else {
            owner.streamOver(this, false);
        }
    }

    @Override
    public void closeAbruptly() {
        stream.releaseMessages();
        owner.frames().reset(id, resetCode);
        owner.streamOver(this, true);
    }

    @Override
    public void closeSilently() {
        stream.releaseMessages();
        owner.dropSilently();
    }

    @Override
    public boolean carriesIdentity() {
        return false;
    }

    @Override
    public void requireVersion1() {
        resetCode = Http2Error.HTTP_1_1_REQUIRED.code();
        owner.reportIdentity(stream);
        stream.termination().set(Termination.Cause.DENIED, stream.stage());
        Ending.cut(stream);
    }

    /** The client has taken the stream back, or is gone. */
    void abandon() {
        Ending.clientLeft(stream, Termination.Cause.CLIENT_ABORT);
        stream.releaseMessages();
    }

    /** Ends without a word to the client, who is told by the caller. */
    void breach(Termination.Cause cause) {
        Ending.clientLeft(stream, cause);
        stream.releaseMessages();
    }

    /** The server of the exchange went down. */
    void serverWentDown(Server server) {
        if (stream.isActive() && stream.server().state() == server.state() && stream.connection().isPresent()) {
            stream.termination().set(Termination.Cause.SERVER_DOWN, stream.stage());
            if (stream.responseSide().isHeadSent()) {
                Ending.cut(stream);
            } else {
                LocalAnswer.error(stream, 503, Termination.Cause.SERVER_DOWN, stream.stage());
            }
        }
    }

    boolean isUnanswered() {
        return state != State.DRAINING && !stream.responseSide().isHeadSent();
    }

    /** Makes ready for another use. */
    void clear() {
        state = State.IDLE;
        worker.timers().disarm(clientTimer);
        releaseHeld();
        pending.forEach(ByteBuf::release);
        pending.clear();
        pendingBytes = 0;
        source = NO_SOURCE;
        unsentHead = Optional.empty();
        waiting = false;
        blocked = false;
    }

    /** It is not used any more. */
    void discard() {
        worker.timers().remove(clientTimer);
        stream.removeTimers();
    }

    @Override
    public void report(Defect defect, boolean response) {
        Refusal.ofHead(stream, response ? stream.response() : stream.request(), defect, response, -1);
    }

    // ---- server connections of this client alone

    @Override
    public Server boundServer(Backend backend) {
        return owner.own().boundServer(backend);
    }

    @Override
    public Server lastServer(Backend backend) {
        Server last = session.lastServer();
        return last != Server.NONE && backend.servers().contains(last) && last.isUsable() ? last : Server.NONE;
    }

    @Override
    public Optional<ServerConnection> takeOwn(Server server, String sni, byte[] proxyHeader) {
        session.setLastServer(server);
        return owner.own().take(server, sni, proxyHeader);
    }

    @Override
    public void keepOwn(ServerConnection connection) {
        if (owner.isOver()) {
            connection.close();
        } else {
            owner.own().keep(connection);
        }
    }
}
