package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.Ways;
import net.lbd.core.connect.HalfClose;
import net.lbd.core.connect.Faults;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.connect.ReadQueue;
import net.lbd.core.connect.Relay;
import net.lbd.core.connect.Opening;
import net.lbd.core.connect.ServerConnection;
import net.lbd.core.connect.SilentDrop;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.BodyReader;
import net.lbd.core.http.Defect;
import net.lbd.core.http.HeadParser;
import net.lbd.core.http.HopByHop;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.http.MessageFraming;
import net.lbd.core.http.RequestCheck;
import net.lbd.core.listen.BindRuntime;
import net.lbd.core.listen.ClientConnection;
import net.lbd.core.listen.Frontend;
import net.lbd.core.runtime.TimerWheel;
import net.lbd.core.runtime.Worker;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.session.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/1 connection: reads one request after another, has each carried out by the stream, and
 * closes when both are done. Requests that come before the last is answered wait, unread beyond one
 * buffer. Event-loop confined.
 *
 * <p>Long because it is one state machine: what bytes, ends, timers and the stream do depends on the same
 * five states, and each of them may end the others' wait.
 *
 * <table><caption>States</caption>
 * <tr><td>REQUEST</td><td>between requests, or in a request's head</td></tr>
 * <tr><td>EXCHANGE</td><td>the stream has the request; its body passes through</td></tr>
 * <tr><td>TUNNEL</td><td>behind a 101 or CONNECT: bytes both ways</td></tr>
 * <tr><td>LINGER</td><td>answered and shut; what the client still sends is thrown away</td></tr>
 * <tr><td>CLOSED</td><td>over</td></tr>
 * </table>
 */
public final class Http1ClientConnection extends ChannelInboundHandlerAdapter implements ClientConnection, ClientSide,
        ReadQueue.Reader {

    private static final Logger LOG = LoggerFactory.getLogger(Http1ClientConnection.class);

    private static final byte[] EARLY_HINTS = Ascii.bytes("HTTP/1.1 103 Early Hints\r\n");
    private static final byte[] CRLF = {'\r', '\n'};

    /** Two for each request that is answered at once. */
    private static final int STEPS_OF_ONE_TURN = 128;

    private static final byte[] CONTINUE = Ascii.bytes("HTTP/1.1 100 Continue\r\n\r\n");

    private enum State { REQUEST, EXCHANGE, TUNNEL, LINGER, CLOSED }

    private final Session session;
    private final Worker worker;
    private final Channel channel;
    private Frontend.Policy policy;
    private final HttpStream stream;
    private final HeadParser parser;
    private final BodyReader body;
    private final HeldBody heldBody;
    private final ReadGate gate;
    private final OwnConnections own;
    private final Runnable onClose;
    private final Linger linger;
    private final TimerWheel.Timer clientTimer = new TimerWheel.Timer() {
        @Override
        protected void expired() {
            clientTimeout();
        }
    };

    private State state = State.REQUEST;
    /** Read and not used yet. */
    private Optional<ByteBuf> held = Optional.empty();
    /** Whether what is held was read in this turn and is looked at in its end. */
    private boolean readWaits;
    private boolean processing;
    private boolean gone;
    private boolean inputClosed;
    /** The server has ended its half of a tunnel, and so have we towards the client. */
    private boolean outputClosed;

    /**
     * @param onClose called once, when the connection is gone
     */
    public Http1ClientConnection(Session session, Runnable onClose) {
        this.session = session;
        this.worker = session.worker();
        this.channel = session.channel();
        this.policy = session.frontend().policy();
        this.onClose = onClose;
        this.gate = new ReadGate(channel);
        this.own = new OwnConnections(worker.servers());
        this.linger = new Linger(worker.timers(), clientTimer, policy.clientFinTimeoutMillis());
        Worker.Limits limits = worker.limits();
        this.parser = new HeadParser(true, worker.bytePool(), limits.headBytes(), limits.maxHeaders());
        this.body = new BodyReader(limits.headBytes());
        this.heldBody = new HeldBody(limits.headBytes());
        this.stream = new HttpStream(session, this);
    }

    @Override
    public void begin(long acceptedNanos, long acceptedWallMillis) {
        if (session.http2() == BindRuntime.Http2.ALWAYS
                || session.http2() != BindRuntime.Http2.NEVER && session.tls().alpn().equals("h2")) {
            becomeHttp2(acceptedNanos, acceptedWallMillis);
            return;
        }
        stream.prepare(acceptedNanos, acceptedWallMillis);
        stream.clock().handshakeDone = System.nanoTime();
        worker.timers().arm(clientTimer, policy.httpRequestTimeoutMillis());
    }

    /**
     * Begins with what a TCP stream has found out about the connection, which goes over to HTTP.
     *
     * @param bytes what the client has sent; handed over
     * @param ended whether the client has ended its half
     */
    void begin(TcpStream before, Backend chosen, ByteBuf bytes, boolean ended) {
        held = bytes.isReadable() ? Optional.of(bytes) : Optional.empty();
        inputClosed = ended;
        stream.prepare(before.clock().accepted, before.clock().acceptedWallMillis);
        stream.clock().handshakeDone = before.clock().handshakeDone;
        stream.goOn(before, chosen);
        if (session.http2() == BindRuntime.Http2.ALWAYS
                || session.http2() != BindRuntime.Http2.NEVER && session.tls().alpn().equals("h2")) {
            becomeHttp2(before.clock().accepted, before.clock().acceptedWallMillis);
            return;
        }
        worker.timers().arm(clientTimer, policy.httpRequestTimeoutMillis());
        process();
    }

    /** The client speaks HTTP/2: another handler takes the connection over, with what has come. */
    private void becomeHttp2(long acceptedNanos, long acceptedWallMillis) {
        ByteBuf bytes = held.orElse(Unpooled.EMPTY_BUFFER);
        held = Optional.empty();
        state = State.CLOSED;
        gone = true;
        // Of a connection that was in mode tcp: each stream is inspected anew, as with HAProxy.
        stream.stopTracking();
        stream.releaseMessages();
        stream.setInactive();
        worker.timers().remove(clientTimer);
        stream.removeTimers();
        worker.leave(this);
        Http2ClientConnection successor = new Http2ClientConnection(session, onClose);
        worker.enter(successor);
        gate.open(ReadGate.NOT_YET);
        channel.pipeline().replace(this, null, successor);
        successor.begin(acceptedNanos, acceptedWallMillis);
        if (bytes.isReadable()) {
            successor.channelRead(channel.pipeline().context(successor), bytes);
        } else {
            bytes.release();
        }
        if (inputClosed) {
            successor.userEventTriggered(channel.pipeline().context(successor), ChannelInputShutdownEvent.INSTANCE);
        }
    }

    /** Whether what is held begins as HTTP/2 does. */
    private boolean isPreface(ByteBuf in) {
        int known = Math.min(in.readableBytes(), Http2ClientConnection.PREFACE.length);
        for (int i = 0; i < known; i++) {
            if (in.getByte(in.readerIndex() + i) != Http2ClientConnection.PREFACE[i]) {
                return false;
            }
        }
        return true;
    }

    // ---- bytes from the client

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (state == State.LINGER || state == State.CLOSED) {
            bytes.release();
            linger.clientSent();
            return;
        }
        boolean waits = held.isEmpty() && bytes.readableBytes() <= ReadQueue.SMALL_BYTES;
        held = Optional.of(held.isEmpty() ? bytes : join(held.get(), bytes));
        if (waits) {
            readWaits = true;
            worker.reads().addRequest(this);
        } else {
            readWaits = false;
            process();
        }
    }

    @Override
    public void useRead() {
        if (readWaits) {
            readWaits = false;
            process();
        }
    }

    private ByteBuf join(ByteBuf first, ByteBuf second) {
        ByteBuf both = worker.allocator().directBuffer(first.readableBytes() + second.readableBytes());
        both.writeBytes(first).writeBytes(second);
        first.release();
        second.release();
        return both;
    }

    /** Uses what is held as far as the state allows. */
    private void process() {
        if (processing) {
            return;
        }
        processing = true;
        try {
            boolean progress = true;
            for (int steps = 0; progress && held.isPresent(); steps++) {
                if (steps == STEPS_OF_ONE_TURN) {
                    // A read may hold thousands of small requests: the other clients of this worker have their turn first.
                    gate.close(ReadGate.NOT_YET);
                    worker.loop().execute(this::process);
                    break;
                }
                progress = switch (state) {
                    case REQUEST -> readRequest(held.get());
                    case EXCHANGE -> readBody(held.get());
                    case TUNNEL -> relayTunnel(held.get());
                    case LINGER, CLOSED -> false;
                };
                if (held.isPresent() && (!held.get().isReadable() || state == State.LINGER || state == State.CLOSED)) {
                    held.get().release();
                    held = Optional.empty();
                }
            }
            if (held.isEmpty()) {
                gate.open(ReadGate.NOT_YET);
            }
        } finally {
            processing = false;
        }
        if (state == State.EXCHANGE) {
            clientTurn();
        }
        if (inputClosed && (state == State.EXCHANGE || state == State.REQUEST || state == State.TUNNEL && held.isEmpty())) {
            inputEnded();
        }
    }

    /** Whether there may be more to do with what is held. */
    private boolean readRequest(ByteBuf in) {
        if (!parser.hasBegun()) {
            if (!takesAnswers()) {
                return false;
            }
            if (in.getByte(in.readerIndex()) == 'P' && session.requests() == 0 && session.http2() == BindRuntime.Http2.DETECTED
                    && session.tls().alpn().isEmpty() && isPreface(in)) {
                if (in.readableBytes() >= Http2ClientConnection.PREFACE.length) {
                    becomeHttp2(stream.clock().accepted, stream.clock().acceptedWallMillis);
                }
                return false;
            }
            if (session.adoptCurrent()) {
                policy = session.frontend().policy();
                stream.frontendChanged();
            }
            parser.setLenient(policy.http().unsafe());
            stream.clock().requestBegin = worker.nanos();
            stream.clock().requestBeginWallMillis = System.currentTimeMillis();
            if (session.requests() > 0) {
                // The first request's time runs since the connection was accepted.
                worker.timers().arm(clientTimer, policy.httpRequestTimeoutMillis());
            }
        }
        int before = in.readableBytes();
        HeadParser.Result result = parser.feed(stream.request(), in);
        stream.countFromClient(before - in.readableBytes());
        return switch (result) {
            case NEED_MORE -> false;
            case INVALID -> {
                refuse(parser.defect());
                yield false;
            }
            case COMPLETE -> {
                requestHeadComplete();
                yield true;
            }
        };
    }

    /** A client that sends requests and does not read the answers must not fill our memory with them. */
    private boolean takesAnswers() {
        if (!channel.isWritable()) {
            channel.flush();
        }
        if (channel.isWritable()) {
            return true;
        }
        gate.close(ReadGate.NOT_YET);
        worker.timers().arm(clientTimer, policy.clientTimeoutMillis());
        return false;
    }

    private void requestHeadComplete() {
        stream.clock().requestHead = worker.nanos();
        session.countRequest();
        session.frontend().counters().countRequest(stream.clock().requestHead);
        HttpMessage request = stream.request();
        stream.requestCaptures().take(request);
        stream.cookieCaptures().takeRequest(request);
        Defect defect = policy.http().unsafe() ? RequestCheck.unsafeHost(request) : RequestCheck.host(request);
        long framing = MessageFraming.ofRequest(request);
        if (defect != Defect.NONE || framing == MessageFraming.REFUSED) {
            refuse(defect != Defect.NONE ? defect : MessageFraming.defect(request));
            return;
        }
        int tokens = HopByHop.read(request, connectionHeader(request));
        stream.setConnection(tokens, request.keepsAlive(tokens));
        body.begin(framing);
        stream.setRequestBodyLength(framing);
        stream.setRequestBody(body.isDone() ? HttpStream.RequestBody.COMPLETE : HttpStream.RequestBody.INCOMPLETE);
        state = State.EXCHANGE;
        clientTurn();
        HttpPhases.begin(stream);
    }

    /** {@code option http-use-proxy-header}: what a client tells its proxy stands in a header of its own. */
    private int connectionHeader(HttpMessage request) {
        if (!policy.http().proxyHeader() || !request.hasAuthority()) {
            return KnownHeader.CONNECTION;
        }
        request.setForProxy();
        return KnownHeader.PROXY_CONNECTION;
    }

    @Override
    public boolean hasBody(int atLeastBytes) {
        if (stream.isRequestComplete()) {
            return true;
        }
        ByteBuf in = held.orElse(Unpooled.EMPTY_BUFFER);
        int length = heldBody.length(in, stream.requestBodyLength());
        if (heldBody.isWhole() || atLeastBytes > 0 && length >= atLeastBytes || in.readableBytes() >= worker.limits().headBytes() || inputClosed) {
            return true;
        }
        gate.open(ReadGate.NOT_YET);
        return false;
    }

    @Override
    public void copyBody(ByteSink out) {
        if (held.isPresent() && !stream.isRequestComplete() && !stream.isForwarding()) {
            heldBody.copy(held.get(), stream.requestBodyLength(), out);
        }
    }

    @Override
    public void invite() {
        HttpMessage request = stream.request();
        if (held.filter(ByteBuf::isReadable).isEmpty() && request.isAtLeast11() && request.find(KnownHeader.EXPECT, 0) >= 0) {
            // The server is not asked any more: the client must not get a second 100.
            request.removeKnown(KnownHeader.EXPECT);
            ByteBuf out = worker.allocator().directBuffer(CONTINUE.length).writeBytes(CONTINUE);
            stream.countToClient(CONTINUE.length);
            channel.write(out, channel.voidPromise());
            worker.flushes().add(channel::flush);
        }
    }

    private boolean readBody(ByteBuf in) {
        if (stream.isWaitingForBody() && !stream.isRequestComplete()) {
            HttpPhases.bodyCame(stream);
            if (stream.isWaitingForBody()) {
                return false;
            }
        }
        if (stream.isRequestComplete() || !stream.isForwarding() || stream.up().orElseThrow().isBlocked()) {
            // A pipelined request, or no server yet, or one that is slow: not read on until it can be used.
            gate.close(ReadGate.NOT_YET);
            return false;
        }
        Throttle throttle = stream.requestThrottle();
        int length = throttle == Throttle.NONE ? body.all(in, in.readerIndex()) : throttledLength(in, throttle);
        if (length > 0) {
            stream.countFromClient(length);
            stream.forwardBody(body, in, length);
        }
        if (throttle.isWaiting() && !body.isDone() && !body.isBad()) {
            return false;
        }
        if (body.isBad()) {
            Refusal.ofBody(stream, body, false, in);
            session.frontend().counters().requestErrors.increment();
            LocalAnswer.error(stream, 400, Termination.Cause.DENIED, Termination.Stage.DATA);
            return false;
        }
        if (body.isDone()) {
            stream.setRequestBody(HttpStream.RequestBody.COMPLETE);
            stream.waitForServer();
            Ending.requestDone(stream);
            return true;
        }
        // What is held may be a piece of a trailer, of which the rest must come.
        gate.open(ReadGate.NOT_YET);
        return length > 0 && in.isReadable();
    }

    /** How many bytes of the body limits of bandwidth let pass; for the rest it is waited, and the client not read meanwhile. */
    private int throttledLength(ByteBuf in, Throttle throttle) {
        int all = in.readableBytes();
        int allowed = throttle.isWaiting() ? 0 : throttle.allow(all);
        int end = in.writerIndex();
        in.writerIndex(in.readerIndex() + allowed);
        int length = body.all(in, in.readerIndex());
        in.writerIndex(end);
        if (length == 0 && allowed > 0 && !body.isDone() && !body.isBad()) {
            // A part of a trailer section, which is not looked at before it is whole.
            length = body.all(in, in.readerIndex());
        }
        throttle.spent(length);
        if (allowed < all && !body.isDone() && !body.isBad()) {
            pause(throttle);
        }
        return length;
    }

    private void pause(Throttle throttle) {
        gate.close(ReadGate.THROTTLED);
        if (!throttle.isWaiting()) {
            throttle.waitForMore(() -> {
                gate.open(ReadGate.THROTTLED);
                process();
            });
        }
    }

    private boolean relayTunnel(ByteBuf in) {
        Optional<Relay> up = stream.up();
        if (up.isEmpty()) {
            return false;
        }
        Throttle throttle = stream.requestThrottle();
        int allowed = throttle == Throttle.NONE ? in.readableBytes() : throttle.isWaiting() ? 0 : throttle.allow(in.readableBytes());
        if (allowed < in.readableBytes()) {
            pause(throttle);
        }
        if (allowed == 0) {
            return false;
        }
        throttle.spent(allowed);
        stream.countFromClient(allowed);
        stream.forwardBody(in.readRetainedSlice(allowed));
        tunnelActivity();
        return false;
    }

    /** A request that is not one: 400, and no more from this client. */
    private void refuse(Defect defect) {
        session.frontend().counters().requestErrors.increment();
        Refusal.ofHead(stream, stream.request(), defect, false, defect == parser.defect() ? parser.defectPosition() : -1);
        stream.countNoRequest(true);
        stream.setConnection(0, false);
        stream.setRequestBody(HttpStream.RequestBody.INCOMPLETE);
        state = State.EXCHANGE;
        LocalAnswer.refuse(stream, defect.status(), Termination.Cause.DENIED);
    }

    @Override
    public void report(Defect defect, boolean response) {
        Refusal.ofHead(stream, response ? stream.response() : stream.request(), defect, response, -1);
    }

    // ---- what the stream tells

    @Override
    public ResponseOutput newOutput(HttpStream owner) {
        return new Http1Response(owner);
    }

    @Override
    public void prepareRequest(HttpMessage request) {
        // The body goes as it came.
    }

    @Override
    public boolean takesSwitch(HttpMessage response) {
        return (stream.connectionTokens() & HopByHop.UPGRADE) != 0;
    }

    @Override
    public boolean carriesIdentity() {
        return true;
    }

    @Override
    public void requireVersion1() {
        throw new IllegalStateException("the client speaks HTTP/1");
    }

    @Override
    public ReadGate gate() {
        return gate;
    }

    @Override
    public void bodyMayFlow() {
        if (held.isPresent() && !stream.isRequestComplete()) {
            process();
        }
    }

    @Override
    public void clientMustTake() {
        worker.timers().arm(clientTimer, clientTimeoutMillis());
    }

    @Override
    public void clientTurn() {
        boolean due = !stream.isRequestComplete() && gate.isOpen() || stream.responseSide().isClientSlow();
        worker.timers().arm(clientTimer, due ? clientTimeoutMillis() : 0);
    }

    /** The patience with the client: less once it has ended its half, where {@code timeout client-fin} says so. */
    private long clientTimeoutMillis() {
        return inputClosed && policy.clientFinTimeoutMillis() > 0 ? policy.clientFinTimeoutMillis() : policy.clientTimeoutMillis();
    }

    @Override
    public void earlyHint(byte[] name, ByteSink value) {
        ByteBuf out = worker.allocator().directBuffer(EARLY_HINTS.length + name.length + value.length() + 6);
        out.writeBytes(EARLY_HINTS).writeBytes(name).writeByte(':').writeByte(' ');
        for (int i = 0; i < value.length(); i++) {
            byte b = value.bytes()[i];
            out.writeByte(b == '\r' || b == '\n' || b == 0 ? ' ' : b);
        }
        out.writeBytes(CRLF).writeBytes(CRLF);
        stream.countToClient(out.readableBytes());
        channel.write(out, channel.voidPromise());
        worker.flushes().add(channel::flush);
    }

    @Override
    public void becomeTunnel() {
        state = State.TUNNEL;
        tunnelActivity();
        if (held.isPresent()) {
            process();
        }
        if (inputClosed) {
            inputEnded();
        }
    }

    @Override
    public void tunnelActivity() {
        stream.waitForServer();
        // The backend's: "timeout tunnel" stands there, and replaces the timeouts of both sides.
        long tunnel = stream.tunnelTimeoutMillis();
        boolean halfClosed = inputClosed || outputClosed;
        worker.timers().arm(clientTimer, halfClosed && policy.clientFinTimeoutMillis() > 0 ? policy.clientFinTimeoutMillis()
                : tunnel > 0 ? tunnel : policy.clientTimeoutMillis());
    }

    @Override
    public boolean isTunnelHalfClosed() {
        return inputClosed || outputClosed;
    }

    @Override
    public void tunnelInputClosed() {
        if (inputClosed) {
            Ending.tunnelClosed(stream);
        } else {
            outputClosed = true;
            HalfClose.output(channel);
            tunnelActivity();
        }
    }

    /** The next request, or the end. */
    @Override
    public void exchangeEnded(boolean keepAlive) {
        // Nobody knows what a tunnel's client was about to send.
        boolean unread = !stream.isRequestComplete() || held.filter(ByteBuf::isReadable).isPresent() || state == State.TUNNEL;
        stream.releaseMessages();
        if (!keepAlive || inputClosed && held.isEmpty()) {
            close(unread);
            return;
        }
        state = State.REQUEST;
        parser.reset();
        stream.prepare(stream.clock().end, System.currentTimeMillis());
        worker.timers().arm(clientTimer, policy.keepAliveTimeoutMillis());
        if (held.isPresent() && !processing) {
            // Not at once: the caller is still busy with the exchange that ended.
            worker.loop().execute(this::process);
        }
    }

    private void close(boolean unreadInput) {
        worker.timers().disarm(clientTimer);
        if (state == State.CLOSED) {
            return;
        }
        if (unreadInput && !inputClosed) {
            // Closing over unread input makes the kernel send a reset, which can destroy the answer on its way.
            state = State.LINGER;
            gate.open(ReadGate.NOT_YET | ReadGate.SINK_FULL);
            // The time for what the client still sends begins when it has taken its answer.
            worker.timers().arm(clientTimer, policy.clientTimeoutMillis());
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> answerSent());
            HalfClose.output(channel);
            return;
        }
        state = State.CLOSED;
        // A client that takes nothing must not keep the connection for ever.
        worker.timers().arm(clientTimer, policy.clientTimeoutMillis());
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void answerSent() {
        if (state == State.LINGER) {
            linger.begin();
        }
    }

    @Override
    public void closeAbruptly() {
        stream.releaseMessages();
        worker.timers().disarm(clientTimer);
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        channel.flush();
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            LOG.trace("the socket is gone already", e);
        }
        ChannelHandlerContext tls = channel.pipeline().context(SslHandler.class);
        if (tls == null) {
            channel.close();
        } else {
            // Behind the TLS handler's back: its close_notify would make the response look whole.
            tls.close();
        }
    }

    @Override
    public void closeSilently() {
        stream.releaseMessages();
        worker.timers().disarm(clientTimer);
        if (state != State.CLOSED) {
            state = State.CLOSED;
            SilentDrop.close(channel);
        }
    }

    // ---- server connections of this client alone

    @Override
    public Server boundServer(Backend backend) {
        return own.boundServer(backend);
    }

    @Override
    public Server lastServer(Backend backend) {
        Server last = session.lastServer();
        return last != Server.NONE && backend.servers().contains(last) && last.isUsable() ? last : Server.NONE;
    }

    @Override
    public Optional<ServerConnection> takeOwn(Server server, Ways.Way way, Opening opening) {
        session.setLastServer(server);
        return own.take(server, way, opening);
    }

    @Override
    public void keepOwn(ServerConnection connection) {
        if (state == State.CLOSED || state == State.LINGER || inputClosed) {
            connection.close();
        } else {
            own.keep(connection, policy.ownConnections());
        }
    }

    // ---- what the channel tells

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        stream.responseSide().clientWritable();
        if (!channel.isWritable()) {
            return;
        }
        switch (state) {
            case REQUEST -> {
                if (held.isPresent() && !processing) {
                    worker.loop().execute(this::process);
                }
            }
            case EXCHANGE -> clientTurn();
            case TUNNEL -> tunnelActivity();
            case LINGER, CLOSED -> { }
        }
    }

    @Override
    public void serverWritable() {
        if (held.isPresent()) {
            process();
        } else if (state == State.EXCHANGE) {
            clientTurn();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if ((event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) && !inputClosed) {
            useRead();
            inputClosed = true;
            inputEnded();
        }
    }

    /** The client will send nothing more, and may still want its answer; what is held is used first. */
    private void inputEnded() {
        switch (state) {
            case REQUEST -> {
                if (held.isPresent()) {
                    return;
                }
                if (parser.hasBegun()) {
                    stream.countNoRequest(true);
                    // In order: the answer to the request before may still be on its way.
                    stream.termination().set(Termination.Cause.CLIENT_ABORT, Termination.Stage.REQUEST);
                    stream.setStatus(400);
                    Ending.clientLeft(stream, Termination.Cause.CLIENT_ABORT);
                    stream.releaseMessages();
                    close(false);
                } else {
                    idleEnd();
                }
            }
            case EXCHANGE -> {
                if (!stream.isRequestComplete() && (stream.isWaitingForBody() || !holdsMoreOfTheBody())) {
                    Ending.clientLeft(stream, Termination.Cause.CLIENT_ABORT);
                    closeAbruptly();
                } else if (stream.backend().policy().abortOnClose()) {
                    giveUpForClient();
                }
            }
            case TUNNEL -> stream.connection().filter(server -> !stream.requestThrottle().isWaiting()).ifPresent(server -> {
                if (server.isUsable()) {
                    stream.up().ifPresent(Relay::flush);
                    HalfClose.output(server.channel());
                    tunnelActivity();
                } else {
                    Ending.tunnelClosed(stream);
                }
            });
            case LINGER -> {
                // The answer may still be on its way to a client that takes its time.
                state = State.CLOSED;
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
            }
            case CLOSED -> { }
        }
    }

    /** {@code option abortonclose}: who has ended its half is taken for gone, unless its answer has begun. */
    private void giveUpForClient() {
        if (stream.connection().isEmpty()) {
            Ending.clientLeft(stream, Termination.Cause.CLIENT_ABORT);
            stream.releaseMessages();
            close(false);
        } else if (!stream.responseSide().isHeadSent()) {
            StreamAccounting.clientAborted(stream);
            LocalAnswer.error(stream, 400, Termination.Cause.CLIENT_ABORT, Termination.Stage.HEADERS);
        }
    }

    /** Whether body bytes wait here that no server could take yet. */
    private boolean holdsMoreOfTheBody() {
        return held.isPresent()
                && (!stream.isForwarding() || stream.up().orElseThrow().isBlocked() || stream.requestThrottle().isWaiting());
    }

    /** Nothing is going on: the connection ends without a request. */
    private void idleEnd() {
        boolean begun = stream.isActive();
        endWithoutRequest();
        if (begun) {
            // A slow client may still be taking the last response.
            close(false);
        } else {
            worker.timers().disarm(clientTimer);
            state = State.CLOSED;
            channel.close();
        }
    }

    /** The log line of a connection that never sent a byte. */
    private void endWithoutRequest() {
        if (stream.isActive()) {
            stream.setInactive();
            if (session.requests() == 0 && !isProbe()) {
                stream.termination().set(Termination.Cause.CLIENT_ABORT, Termination.Stage.REQUEST);
                stream.setStatus(400);
                stream.clock().end = System.nanoTime();
                session.frontend().log().write(stream);
                stream.countNoRequest(true);
            }
        }
    }

    /** {@code option http-ignore-probes}: browsers connect in advance, and may never send anything. */
    private boolean isProbe() {
        return policy.http().ignoreProbes() && session.requests() == 0 && stream.bytesFromClient() == 0;
    }

    @Override
    public void closeIfIdle() {
        if (policy.http().idleCloseOnResponse()) {
            // Its next answer says close, or its time runs out: the client need not guess whether a request was lost.
            return;
        }
        if (session.requests() == 0) {
            // Its first request, or its handshake, is on its way; as in HAProxy it is served, and the answer says close.
            return;
        }
        // A request that has come is answered, also if its client has to take the answer before first.
        if (state == State.REQUEST && !parser.hasBegun() && held.isEmpty()) {
            idleEnd();
        }
    }

    @Override
    public void serversChanged() {
        own.serversChanged();
    }

    @Override
    public void closeIfServedBy(Server server) {
        if (stream.isActive() && stream.server().state() == server.state() && stream.connection().isPresent()) {
            stream.termination().set(Termination.Cause.SERVER_DOWN, stream.stage());
            if (stream.responseSide().isHeadSent()) {
                Ending.cut(stream);
            } else {
                LocalAnswer.error(stream, 503, Termination.Cause.SERVER_DOWN, stream.stage());
            }
        }
    }

    @Override
    public Stream stream() {
        return stream;
    }

    @Override
    public void cut() {
        channel.close();
    }

    private void clientTimeout() {
        switch (state) {
            case REQUEST -> {
                if (session.requests() > 0 && !parser.hasBegun() || isProbe()) {
                    idleEnd();
                } else {
                    stream.setConnection(0, false);
                    stream.setRequestBody(HttpStream.RequestBody.INCOMPLETE);
                    state = State.EXCHANGE;
                    stream.countNoRequest(false);
                    LocalAnswer.refuse(stream, 408, Termination.Cause.CLIENT_TIMEOUT);
                }
            }
            case EXCHANGE -> {
                if (stream.responseSide().isHeadSent()) {
                    stream.termination().set(Termination.Cause.CLIENT_TIMEOUT, Termination.Stage.DATA);
                    Ending.cut(stream);
                } else {
                    LocalAnswer.error(stream, 408, Termination.Cause.CLIENT_TIMEOUT, Termination.Stage.DATA);
                }
            }
            case TUNNEL -> {
                stream.termination().set(Termination.Cause.CLIENT_TIMEOUT, Termination.Stage.DATA);
                Ending.cut(stream);
            }
            case LINGER, CLOSED -> {
                state = State.CLOSED;
                channel.close();
            }
        }
    }

    /** A transport that closes over an error may leave out {@code channelInactive}: nothing may stay behind. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (!gone) {
            channelInactive(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone = true;
        useRead();
        inputClosed = true;
        if (state == State.REQUEST && parser.hasBegun()) {
            stream.countNoRequest(true);
            stream.termination().set(Termination.Cause.CLIENT_ABORT, Termination.Stage.REQUEST);
            stream.setStatus(400);
        }
        if (state == State.REQUEST && !parser.hasBegun()) {
            endWithoutRequest();
        }
        state = State.CLOSED;
        Ending.clientLeft(stream, Termination.Cause.CLIENT_ABORT);
        held.ifPresent(ByteBuf::release);
        held = Optional.empty();
        stream.releaseMessages();
        worker.leave(this);
        worker.timers().remove(clientTimer);
        stream.removeTimers();
        own.close();
        onClose.run();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        readFailed(cause);
    }

    @Override
    public void readFailed(Throwable cause) {
        Faults.report("client connection " + session.id(), cause);
        channel.close();
    }
}
