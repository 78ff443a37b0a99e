package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.lbd.config.model.StickDataType;
import net.lbd.core.backend.Server;
import net.lbd.core.connect.Faults;
import net.lbd.core.connect.HalfClose;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.connect.SilentDrop;
import net.lbd.core.h2.Conduct;
import net.lbd.core.h2.FieldDecoder;
import net.lbd.core.h2.FieldEncoder;
import net.lbd.core.h2.FrameInput;
import net.lbd.core.h2.FrameWriter;
import net.lbd.core.h2.H2Limits;
import net.lbd.core.h2.SendWindow;
import net.lbd.core.listen.ClientConnection;
import net.lbd.core.listen.Frontend;
import net.lbd.core.runtime.TimerWheel;
import net.lbd.core.runtime.Worker;
import net.lbd.core.session.ClientProtocol;
import net.lbd.core.session.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/2 connection: how it begins and ends, and what its channel tells. {@link Http2ClientFrames} says what its frames mean,
 * each stream is an {@link Http2Exchange}, {@link SendWindow} shares window and socket among them, and what a client can make
 * us do is bounded ({@link Conduct}, {@link H2Limits}). Event-loop confined.
 *
 * <table><caption>Ends of a connection</caption>
 * <tr><td>draining</td><td>GOAWAY for no stream in particular and a PING; behind its answer GOAWAY for the last stream, and the
 * end when no stream is left (RFC 9113 §6.8)</td></tr>
 * <tr><td>idle for {@code timeout http-keep-alive}</td><td>GOAWAY, close</td></tr>
 * <tr><td>connection error</td><td>GOAWAY with its code; the exchanges end as if the client had left; what the client still sends is
 * thrown away, for five seconds at most</td></tr>
 * </table>
 *
 * Source: RFC 9113 §3.4, §6.8, §10.5.
 */
public final class Http2ClientConnection extends ChannelInboundHandlerAdapter implements ClientConnection {

    private static final Logger LOG = LoggerFactory.getLogger(Http2ClientConnection.class);

    /** What a client sends first. */
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int FRAME_TYPE_AT = 3;
    private static final int SETTINGS_ENABLE_CONNECT_PROTOCOL = 8;
    private static final long DRAIN_PING = 0x6c62642d64726e31L;
    /** For the answer to that PING: streams that come later are not served, and the client is told so. */
    private static final long DRAIN_MILLIS = 10_000;
    /** For what was written, where the configuration knows no limit. */
    private static final long CLOSE_MILLIS = 30_000;
    /** For a client that has breached the protocol, and may go on doing so. */
    private static final long CLOSE_BAD_MILLIS = 5_000;

    private enum Drain { NONE, ANNOUNCED, FINAL }

    private final Session session;
    private final Worker worker;
    private final Channel channel;
    private final Runnable onClose;
    private final H2Limits limits;
    private final ReadGate gate;
    private final OwnConnections own;
    private final FrameWriter frames;
    private final Conduct conduct;
    private final SendWindow sendWindow;
    private final Http2Streams streams;
    private final Http2ClientFrames listener;
    private final FrameInput input;
    private final Linger linger;
    private final TimerWheel.Timer timer = new TimerWheel.Timer() {
        @Override
        protected void expired() {
            timeout();
        }
    };

    private int prefaceSeen;
    private boolean settingsSeen;
    private Drain drain = Drain.NONE;
    private boolean over;
    private boolean lingering;
    private boolean gone;
    private boolean inputClosed;

    /** @param onClose called once, when the connection is gone */
    public Http2ClientConnection(Session session, Runnable onClose) {
        this.session = session;
        this.worker = session.worker();
        this.channel = session.channel();
        this.onClose = onClose;
        this.limits = worker.limits().http2Clients();
        this.gate = new ReadGate(channel);
        this.own = new OwnConnections(worker.servers());
        this.frames = new FrameWriter(channel, new FieldEncoder(worker.fieldTexts()), worker.allocator(), worker.flushes());
        this.conduct = new Conduct(limits.glitches(), System.nanoTime());
        this.sendWindow = new SendWindow(channel, frames, conduct);
        this.streams = new Http2Streams(limits.concurrentStreams());
        this.listener = new Http2ClientFrames(this, session, streams, sendWindow, conduct);
        // Up to twice what fields may be together the client is told so (431); a longer block is not even decoded.
        FieldDecoder decoder = new FieldDecoder(listener, 2 * Math.max(limits.frameSize(), worker.limits().headBytes()));
        this.input = new FrameInput(listener, decoder, limits.frameSize(), worker.allocator());
        this.linger = new Linger(worker.timers(), timer, policy().clientFinTimeoutMillis());
        session.setProtocol(new Protocol());
    }

    private final class Protocol implements ClientProtocol {
        @Override
        public int major() {
            return 2;
        }

        @Override
        public int streams() {
            return streams.size();
        }

        @Override
        public int streamLimit() {
            return streams.limit();
        }

        @Override
        public int glitches() {
            return conduct.glitches();
        }
    }

    @Override
    public void begin(long acceptedNanos, long acceptedWallMillis) {
        if (limits.headerTable() > Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE) {
            // A smaller one counts once the client has heard of it.
            input.setHeaderTableBytes(limits.headerTable());
        }
        frames.settings(Http2CodecUtil.SETTINGS_HEADER_TABLE_SIZE, limits.headerTable(),
                Http2CodecUtil.SETTINGS_MAX_CONCURRENT_STREAMS, limits.concurrentStreams(),
                Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE, limits.initialWindow(),
                Http2CodecUtil.SETTINGS_MAX_FRAME_SIZE, limits.frameSize(),
                Http2CodecUtil.SETTINGS_MAX_HEADER_LIST_SIZE, worker.limits().headBytes(),
                SETTINGS_ENABLE_CONNECT_PROTOCOL, limits.webSockets() ? 1 : 0);
        listener.begin();
        worker.timers().arm(timer, policy().httpRequestTimeoutMillis());
    }

    private Frontend.Policy policy() {
        return session.frontend().policy();
    }

    FrameWriter frames() {
        return frames;
    }

    SendWindow sendWindow() {
        return sendWindow;
    }

    OwnConnections own() {
        return own;
    }

    /** What a stream's client is granted at once. */
    int streamWindow() {
        return limits.initialWindow();
    }

    boolean isOver() {
        return over || gone;
    }

    // ---- bytes from the client

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (over) {
            bytes.release();
            linger.clientSent();
            return;
        }
        ByteBuf in = input.join(bytes);
        try {
            readAll(context, in);
        } finally {
            input.keep(in, !over);
        }
        judgeConduct();
        if (inputClosed && !over) {
            inputEnded();
        }
    }

    private void readAll(ChannelHandlerContext context, ByteBuf in) {
        if (!readPreface(in)) {
            return;
        }
        if (!settingsSeen && in.readableBytes() > FRAME_TYPE_AT) {
            settingsSeen = true;
            if (in.getByte(in.readerIndex() + FRAME_TYPE_AT) != Http2FrameTypes.SETTINGS) {
                connectionError(Http2Error.PROTOCOL_ERROR, "the first frame is not SETTINGS");
                return;
            }
        }
        while (settingsSeen && in.isReadable() && !over) {
            try {
                input.read(context, in);
                // The reader goes through all whole frames by itself: what is left is a piece of one.
                return;
            } catch (Http2Exception e) {
                failed(e);
            }
        }
    }

    private boolean readPreface(ByteBuf in) {
        while (prefaceSeen < PREFACE.length && in.isReadable()) {
            if (in.readByte() != PREFACE[prefaceSeen++]) {
                connectionError(Http2Error.PROTOCOL_ERROR, "no HTTP/2 preface");
                return false;
            }
        }
        return prefaceSeen == PREFACE.length;
    }

    /** The frame reader found something wrong. */
    private void failed(Http2Exception e) {
        if (over) {
            return;
        }
        if (e.getCause() instanceof RuntimeException bug && !(bug instanceof IllegalArgumentException)) {
            Faults.bug("reading the fields of an HTTP/2 request", bug);
        }
        if (Http2Exception.isStreamError(e)) {
            int stream = Http2Exception.streamId(e);
            Http2Exchange exchange = streams.find(stream);
            if (exchange != null) {
                breach();
                resetStream(exchange, e.error().code());
            } else if (streams.isUnused(stream)) {
                connectionError(e.error(), e.getMessage());
            } else {
                breach();
                frames.reset(stream, e.error().code());
            }
        } else {
            connectionError(e.error(), e.getMessage());
        }
    }

    /** Frames that start work or cause answers are looked at one by one, all others once for each read. */
    void judgeConduct() {
        if (conduct.isSuspect() && !over && conduct.isUnbearable(System.nanoTime())) {
            connectionError(Http2Error.ENHANCE_YOUR_CALM, "too much that brings nothing forward");
        }
    }

    // ---- streams

    /** For the next stream. */
    Http2Exchange unusedExchange() {
        Http2Exchange spare = streams.pollSpare();
        return spare == null ? new Http2Exchange(this, session.fork()) : spare;
    }

    /** The fields of a new stream have come. */
    void open(int stream, Http2Exchange exchange) {
        streams.open(stream, exchange);
        if (streams.size() == 1) {
            worker.timers().disarm(timer);
        }
        if (limits.totalStreams() > 0 && streams.total() >= limits.totalStreams()) {
            drain();
        }
    }

    /** Something is wrong with a stream. */
    void resetStream(Http2Exchange exchange, long code) {
        exchange.breach(Termination.Cause.CLIENT_ABORT);
        frames.reset(exchange.id(), code);
        streamOver(exchange, true);
    }

    /** The protocol was breached, which ends a stream only. */
    void breach() {
        conduct.breach();
        countGlitch();
    }

    /** The protocol was used as it should not be. */
    void glitch() {
        conduct.glitch();
        countGlitch();
    }

    private void countGlitch() {
        session.tracking().count(StickDataType.GLITCH_CNT, StickDataType.GLITCH_RATE, 1);
    }

    /**
     * A stream has ended on both sides, or was reset.
     *
     * @param byUs whether frames of the client may still be on their way
     */
    void streamOver(Http2Exchange exchange, boolean byUs) {
        if (!streams.close(exchange, byUs)) {
            return;
        }
        if (!byUs) {
            conduct.earn(Conduct.ANSWERED);
        }
        if (session.isEnding() && drain == Drain.NONE) {
            drain();
        }
        if (streams.isEmpty() && !over) {
            idle();
        }
    }

    private void idle() {
        streams.trim();
        if (drain == Drain.FINAL) {
            closeIfDrained();
        } else {
            session.adoptCurrent();
            worker.timers().arm(timer, policy().keepAliveTimeoutMillis());
        }
    }

    // ---- ends of the connection

    /** No new streams; what goes on is finished. */
    private void drain() {
        if (drain != Drain.NONE || over) {
            return;
        }
        drain = Drain.ANNOUNCED;
        frames.goAway(Integer.MAX_VALUE, Http2Error.NO_ERROR.code(), "");
        frames.ping(false, DRAIN_PING);
        worker.loop().schedule(this::finishDrain, DRAIN_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS);
    }

    /** Streams that the client opened before it heard of the end have come. */
    private void finishDrain() {
        if (drain == Drain.ANNOUNCED && !over && !gone) {
            drain = Drain.FINAL;
            streams.serveNoMore();
            frames.goAway(streams.last(), Http2Error.NO_ERROR.code(), "");
            closeIfDrained();
        }
    }

    private void closeIfDrained() {
        if (drain == Drain.FINAL && streams.isEmpty() && !over) {
            end();
        }
    }

    /** The client has answered the PING of a drain: it has heard of it. */
    boolean drainAnswered(long data) {
        if (drain != Drain.ANNOUNCED || data != DRAIN_PING) {
            return false;
        }
        finishDrain();
        return true;
    }

    /** It opens no more streams; those that are open go on. */
    void clientSaysGoodbye() {
        streams.serveNoMore();
        drain = Drain.FINAL;
        closeIfDrained();
    }

    /** The client knows our settings. */
    void settingsTaken() {
        if (limits.headerTable() < Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE) {
            input.setHeaderTableBytes(limits.headerTable());
        }
    }

    void connectionError(Http2Error code, String reason) {
        if (over) {
            return;
        }
        LOG.debug("LBR003 HTTP/2 from {}: {}: {}", new String(session.source().text(), StandardCharsets.US_ASCII), code, reason);
        session.frontend().counters().requestErrors.increment();
        over = true;
        for (Http2Exchange exchange : streams.all()) {
            exchange.breach(Termination.Cause.CLIENT_ABORT);
            streamOver(exchange, true);
        }
        countGlitch();
        frames.goAway(streams.last(), code.code(), reason);
        close(CLOSE_BAD_MILLIS);
    }

    /** In order: nothing goes on, and GOAWAY has been said or is of no use. */
    private void end() {
        long patience = policy().clientTimeoutMillis();
        close(patience > 0 ? patience : CLOSE_MILLIS);
    }

    /** Behind what was written. What the client still sends is read and thrown away: a reset could destroy the GOAWAY. */
    private void close(long patienceMillis) {
        over = true;
        worker.timers().disarm(timer);
        input.clear();
        gate.open(ReadGate.SINK_FULL);
        frames.flush();
        if (inputClosed) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> channel.close());
            return;
        }
        lingering = true;
        worker.timers().arm(timer, patienceMillis);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> {
            if (channel.isActive()) {
                linger.begin(patienceMillis);
            }
        });
        HalfClose.output(channel);
    }

    /** Forgets the client without a word. */
    void dropSilently() {
        over = true;
        for (Http2Exchange exchange : streams.all()) {
            exchange.breach(Termination.Cause.CLIENT_ABORT);
            streamOver(exchange, true);
        }
        worker.timers().disarm(timer);
        input.clear();
        SilentDrop.close(channel);
    }

    private void timeout() {
        if (over) {
            channel.close();
        } else if (streams.isEmpty()) {
            frames.goAway(streams.last(), Http2Error.NO_ERROR.code(), "");
            end();
        }
    }

    private void inputEnded() {
        // Unlike in HTTP/1 nobody ends one half only: a client that can grant no window any more takes no answer.
        for (Http2Exchange exchange : streams.all()) {
            exchange.abandon();
            streamOver(exchange, true);
        }
        if (!over) {
            end();
        }
    }

    // ---- what the channel tells

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (over) {
            return;
        }
        if (channel.isWritable()) {
            gate.open(ReadGate.SINK_FULL);
            sendWindow.share();
        } else {
            // A client that asks and does not take the answers must not fill our memory with them.
            gate.close(ReadGate.SINK_FULL);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if ((event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) && !inputClosed) {
            inputClosed = true;
            if (lingering) {
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> channel.close());
            } else if (!over) {
                inputEnded();
            }
        }
    }

    @Override
    public void closeIfIdle() {
        if (over) {
            return;
        }
        if (streams.isEmpty()) {
            frames.goAway(streams.last(), Http2Error.NO_ERROR.code(), "");
            end();
        } else {
            drain();
        }
    }

    @Override
    public void serversChanged() {
        own.serversChanged();
    }

    @Override
    public void closeIfServedBy(Server server) {
        streams.all().forEach(exchange -> exchange.serverWentDown(server));
    }

    @Override
    public List<Stream> streams() {
        return streams.isEmpty() ? List.of(stream()) : streams.all().stream().map(exchange -> (Stream) exchange.stream()).toList();
    }

    /** One of them; rules that look at the connection see what is common to all. */
    @Override
    public Stream stream() {
        if (!streams.isEmpty()) {
            return streams.any().stream();
        }
        if (streams.peekSpare() == null) {
            streams.addSpare(new Http2Exchange(this, session.fork()));
        }
        return streams.peekSpare().stream();
    }

    @Override
    public void cut() {
        channel.close();
    }

    void reportIdentity(HttpStream stream) {
        LOG.debug("LBR004 a login that belongs to a connection cannot be carried by HTTP/2: {} is told to come with HTTP/1.1 for backend {}",
                new String(session.source().text(), StandardCharsets.US_ASCII), stream.backend().name());
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
        over = true;
        for (Http2Exchange exchange : streams.all()) {
            exchange.abandon();
            streamOver(exchange, true);
        }
        streams.discardSpare();
        input.close();
        frames.release();
        own.close();
        worker.leave(this);
        worker.timers().remove(timer);
        onClose.run();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Faults.report("client connection " + session.id(), cause);
        channel.close();
    }
}
