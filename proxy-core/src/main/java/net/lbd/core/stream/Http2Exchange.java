package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.util.Optional;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.Ways;
import net.lbd.core.connect.HalfClose;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.connect.Relay;
import net.lbd.core.connect.Opening;
import net.lbd.core.connect.ServerConnection;
import net.lbd.core.h2.SendStream;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.Defect;
import net.lbd.core.http.HopByHop;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.http.MessageFraming;
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
 * <p>The request's body is {@link Http2RequestBody}, the way of the response {@link Http2Response}; here stands how their ends depend
 * on each other: an answer that comes before the request is whole, a body that is not as long as it says, a tunnel of which
 * one half has ended.
 *
 * <p>Memory: of the request at most the window that the client was granted, copied so that a byte does not hold a read buffer;
 * of the response one read of the server's connection, which is not read while anything of it waits.
 */
final class Http2Exchange implements ClientSide, SendStream.Owner {

    private enum State { IDLE, EXCHANGE, TUNNEL, DRAINING }

    private static final byte[] CONNECT = Ascii.bytes("CONNECT");

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

    private final Runnable pump = this::pump;
    private State state = State.IDLE;
    private int id;
    private long resetCode;

    // ---- the request
    private final Http2RequestBody body;
    private Optional<WebSocketKey> webSocket = Optional.empty();

    // ---- the response
    private final SendStream sending;
    private final Http2Response response;

    Http2Exchange(Http2ClientConnection owner, Session session) {
        this.owner = owner;
        this.session = session;
        this.worker = session.worker();
        this.sending = new SendStream(owner.sendWindow(), this);
        this.response = new Http2Response(this, owner.frames(), sending);
        this.stream = new HttpStream(session, this);
        this.body = new Http2RequestBody(owner.frames(), stream);
    }

    HttpStream stream() {
        return stream;
    }

    int id() {
        return id;
    }

    boolean isRequestEnded() {
        return body.isEnded();
    }

    private Frontend.Policy policy() {
        return session.frontend().policy();
    }

    // ---- the request

    /** Makes ready for a request whose fields come next. */
    HttpMessage prepare(int newId) {
        if (session.adoptCurrent()) {
            stream.frontendChanged();
        }
        long now = System.nanoTime();
        stream.prepare(now, System.currentTimeMillis());
        stream.clock().requestBegin = now;
        id = newId;
        state = State.EXCHANGE;
        resetCode = Http2Error.INTERNAL_ERROR.code();
        body.begin(newId);
        webSocket = Optional.empty();
        sending.begin(newId);
        response.begin(newId);
        return stream.request();
    }

    /** The fields have come and are well formed. */
    void begin(boolean ended, boolean forWebSocket) {
        stream.clock().requestHead = stream.worker().nanos();
        session.countRequest();
        session.frontend().counters().countRequest(stream.clock().requestHead);
        HttpMessage request = stream.request();
        stream.requestCaptures().take(request);
        if (ended) {
            body.end(Http2RequestBody.NO_TRAILERS);
        }
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
        boolean chunked = !ended && !declared && !bytes;
        if (chunked) {
            body.expectChunks();
        } else if (!bytes) {
            body.expect(framing);
        }
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
        stream.setRequestBody(body.isEnded() ? HttpStream.RequestBody.COMPLETE : HttpStream.RequestBody.INCOMPLETE);
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
        if (body.isEnded()) {
            owner.resetStream(this, Http2Error.STREAM_CLOSED.code());
        } else if (!body.take(flow)) {
            owner.resetStream(this, Http2Error.FLOW_CONTROL_ERROR.code());
        } else if (state == State.DRAINING) {
            // Nobody waits for the rest of this request; its client learns of that with the end of the response.
            body.ignore(data.readableBytes(), end);
        } else {
            stream.countFromClient(data.readableBytes());
            if (state == State.EXCHANGE && !body.fits(data.readableBytes(), end)) {
                breakOff();
                return;
            }
            body.add(data, end, stream.requestThrottle() == Throttle.NONE && takesBody());
            bodyCame();
            pump();
        }
    }

    private void bodyCame() {
        if (stream.isWaitingForBody() && state == State.EXCHANGE) {
            HttpPhases.bodyCame(stream);
        }
    }

    @Override
    public boolean hasBody(int atLeastBytes) {
        return body.has(atLeastBytes);
    }

    @Override
    public void invite() {
        HttpMessage request = stream.request();
        if (!body.isHeld() && !body.isEnded() && request.find(KnownHeader.EXPECT, 0) >= 0) {
            // The server is not asked any more: the client must not get a second 100.
            request.removeKnown(KnownHeader.EXPECT);
            owner.frames().fields().status(100);
            stream.countToClient(owner.frames().headers(id, false));
        }
    }

    @Override
    public void copyBody(ByteSink out) {
        body.copy(out);
    }

    /** The trailer section has come, and with it the end. */
    void receiveTrailers(byte[] lines) {
        if (state == State.EXCHANGE && !body.fits(0, true)) {
            breakOff();
            return;
        }
        stream.countFromClient(lines.length);
        body.end(lines);
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

    private boolean takesBody() {
        return (state == State.TUNNEL || state == State.EXCHANGE && stream.isForwarding() && body.isFramed())
                && stream.up().filter(up -> !up.isBlocked()).isPresent();
    }

    /** Sends what is held, and the end of the request behind it, as far as the server takes it. */
    private void pump() {
        if (body.isHeld() && takesBody()) {
            body.forwardHeld(pump);
        }
        if (body.isHeld() || !body.isEnded()) {
            if (state == State.EXCHANGE) {
                clientTurn();
            }
            return;
        }
        if (state == State.TUNNEL) {
            clientHalfEnded();
        } else if (state == State.EXCHANGE && !stream.isRequestComplete() && takesBody()) {
            body.forwardEnd();
            stream.setRequestBody(HttpStream.RequestBody.COMPLETE);
            stream.waitForServer();
            Ending.requestDone(stream);
        }
    }

    @Override
    public void prepareRequest(HttpMessage request) {
        body.prepare(request);
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
        boolean due = !stream.isRequestComplete() && !body.isEnded() && !body.isHeld() && gate.isOpen() || response.isBlocked();
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
            if (server.isUsable() && !sending.isWhole()) {
                stream.up().ifPresent(Relay::flush);
                HalfClose.output(server.channel());
            } else {
                Ending.tunnelClosed(stream);
            }
        });
    }

    @Override
    public boolean isTunnelHalfClosed() {
        return sending.isWhole() || body.isEnded() && !body.isHeld();
    }

    @Override
    public void tunnelInputClosed() {
        if (body.isEnded() && !body.isHeld()) {
            Ending.tunnelClosed(stream);
        } else {
            response.end();
        }
    }

    // ---- the response

    @Override
    public ResponseOutput newOutput(HttpStream of) {
        return response;
    }

    @Override
    public void earlyHint(byte[] name, ByteSink value) {
        response.earlyHint(name, value);
    }

    /** What waits to be sent. */
    SendStream sending() {
        return sending;
    }

    @Override
    public void trailersSent(int bytes) {
        stream.countToClient(bytes);
    }

    /** Some of what waited has been sent. */
    @Override
    public void progressed() {
        boolean drained = sending.pendingBytes() == 0;
        if (state == State.DRAINING) {
            if (drained) {
                finish();
            } else {
                clientMustTake();
            }
            return;
        }
        if (drained) {
            stream.responseSide().clientWritable();
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
        body.release();
        if (state == State.TUNNEL) {
            sending.complete();
        }
        if (sending.isWhole() && sending.pendingBytes() > 0) {
            state = State.DRAINING;
            clientMustTake();
            return;
        }
        finish();
    }

    /** Nothing is left to send. */
    private void finish() {
        if (response.hasBegun() && sending.isWhole()) {
            sending.drain();
        }
        if (!sending.isEndSent()) {
            owner.frames().reset(id, Http2Error.CANCEL.code());
            owner.streamOver(this, true);
        } else if (!body.isEnded()) {
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
        body.release();
        sending.clear();
        response.clear();
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
    public Optional<ServerConnection> takeOwn(Server server, Ways.Way way, Opening opening) {
        session.setLastServer(server);
        return owner.own().take(server, way, opening);
    }

    @Override
    public void keepOwn(ServerConnection connection) {
        if (owner.isOver()) {
            connection.close();
        } else {
            owner.own().keep(connection, policy().ownConnections());
        }
    }
}
