package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.collection.IntObjectHashMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import net.lbd.core.backend.Server;
import net.lbd.core.connect.Faults;
import net.lbd.core.connect.HalfClose;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.connect.SilentDrop;
import net.lbd.core.h2.Conduct;
import net.lbd.core.h2.EndedStreams;
import net.lbd.core.h2.FieldDecoder;
import net.lbd.core.h2.FieldEncoder;
import net.lbd.core.h2.FrameListener;
import net.lbd.core.h2.FrameWriter;
import net.lbd.core.h2.H2Limits;
import net.lbd.core.http.Defect;
import net.lbd.core.http.Http2RequestReader;
import net.lbd.core.http.Http2TrailerReader;
import net.lbd.core.listen.ClientConnection;
import net.lbd.core.listen.Frontend;
import net.lbd.core.runtime.TimerWheel;
import net.lbd.core.runtime.Worker;
import net.lbd.core.session.ClientProtocol;
import net.lbd.core.session.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/2 connection: reads its frames, gives each stream to an {@link Http2Exchange}, shares the connection's window
 * and socket among them in turn, and bounds what a client can make us do ({@link Conduct}, {@link H2Limits}). Event-loop
 * confined.
 *
 * <p>Long because it is one state machine: every frame is judged by what the connection and its stream are in, and each error
 * has one of three consequences: nothing, the stream's end, the connection's end.
 *
 * <table><caption>Ends of a connection</caption>
 * <tr><td>draining</td><td>GOAWAY for no stream in particular and a PING; behind its answer GOAWAY for the last stream, and the
 * end when no stream is left (RFC 9113 §6.8)</td></tr>
 * <tr><td>idle for {@code timeout http-keep-alive}</td><td>GOAWAY, close</td></tr>
 * <tr><td>connection error</td><td>GOAWAY with its code; the exchanges end as if the client had left</td></tr>
 * </table>
 *
 * Source: RFC 9113 §3.4, §5, §6, §10.5.
 */
public final class Http2ClientConnection extends ChannelInboundHandlerAdapter implements ClientConnection {

    private static final Logger LOG = LoggerFactory.getLogger(Http2ClientConnection.class);

    /** What a client sends first. */
    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** What the client may have on its way on all streams together before we have read it. */
    private static final int CONNECTION_WINDOW = 1 << 20;
    private static final int FRAME_TYPE_AT = 3;
    private static final int SETTINGS_ENABLE_CONNECT_PROTOCOL = 8;
    /** Streams kept for use again while nothing goes on. */
    private static final int KEPT_WHEN_IDLE = 4;
    private static final long DRAIN_PING = 0x6c62642d64726e31L;
    private static final long DRAIN_MILLIS = 1000;
    /** For what was written, where the configuration knows no limit. */
    private static final long CLOSE_MILLIS = 30_000;

    private enum Drain { NONE, ANNOUNCED, FINAL }

    private final Session session;
    private final Worker worker;
    private final Channel channel;
    private final Runnable onClose;
    private final H2Limits limits;
    private final ReadGate gate;
    private final OwnConnections own;
    private final FrameWriter frames;
    private final FieldEncoder fields;
    private final FieldDecoder decoder;
    private final DefaultHttp2FrameReader reader;
    private final Listener listener = new Listener();
    private final Http2RequestReader requestReader;
    private final Http2TrailerReader trailerReader;
    private final Conduct conduct;
    private final Linger linger;
    private final IntObjectHashMap<Http2Exchange> streams = new IntObjectHashMap<>(8);
    private final ArrayDeque<Http2Exchange> spare = new ArrayDeque<>();
    /** Streams with something to send that wait for the connection's window or for the socket. */
    private final ArrayDeque<Http2Exchange> waiting = new ArrayDeque<>();
    private final EndedStreams ended = new EndedStreams();
    private final TimerWheel.Timer timer = new TimerWheel.Timer() {
        @Override
        protected void expired() {
            timeout();
        }
    };

    private ByteBuf rest = Unpooled.EMPTY_BUFFER;
    private int prefaceSeen;
    private boolean settingsSeen;
    private int lastStream;
    private int totalStreams;
    private long sendWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    private long peerInitialWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    private int receiveWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    private Drain drain = Drain.NONE;
    /** Streams above this number are not served. */
    private int lastServed = Integer.MAX_VALUE;
    private boolean over;
    private boolean lingering;
    private boolean gone;
    private boolean inputClosed;
    private boolean sharing;

    // ---- the header block that is being decoded
    private Block block = Block.DISCARD;
    private Http2Exchange opening;

    private enum Block { REQUEST, TRAILERS, DISCARD }

    /** @param onClose called once, when the connection is gone */
    public Http2ClientConnection(Session session, Runnable onClose) {
        this.session = session;
        this.worker = session.worker();
        this.channel = session.channel();
        this.onClose = onClose;
        Worker.Limits workerLimits = worker.limits();
        this.limits = workerLimits.http2Clients();
        this.gate = new ReadGate(channel);
        this.own = new OwnConnections(worker.servers());
        this.frames = new FrameWriter(channel, worker.allocator(), worker.flushes());
        this.fields = new FieldEncoder(worker.fieldTexts());
        // Up to twice what fields may be together the client is told so (431); a longer block is not even decoded.
        this.decoder = new FieldDecoder(listener, 2 * Math.max(limits.frameSize(), workerLimits.headBytes()));
        this.reader = new DefaultHttp2FrameReader(decoder);
        this.requestReader = new Http2RequestReader(worker.bytePool(), workerLimits.headBytes(), workerLimits.maxHeaders());
        this.trailerReader = new Http2TrailerReader(workerLimits.headBytes());
        this.conduct = new Conduct(limits.glitches(), System.nanoTime());
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
            return limits.concurrentStreams();
        }

        @Override
        public int glitches() {
            return conduct.glitches();
        }
    }

    @Override
    public void begin(long acceptedNanos, long acceptedWallMillis) {
        try {
            reader.maxFrameSize(limits.frameSize());
            if (limits.headerTable() > Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE) {
                // A smaller one counts once the client has heard of it.
                decoder.maxHeaderTableSize(limits.headerTable());
            }
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        frames.settings(Http2CodecUtil.SETTINGS_HEADER_TABLE_SIZE, limits.headerTable(),
                Http2CodecUtil.SETTINGS_MAX_CONCURRENT_STREAMS, limits.concurrentStreams(),
                Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE, limits.initialWindow(),
                Http2CodecUtil.SETTINGS_MAX_FRAME_SIZE, limits.frameSize(),
                Http2CodecUtil.SETTINGS_MAX_HEADER_LIST_SIZE, worker.limits().headBytes(),
                SETTINGS_ENABLE_CONNECT_PROTOCOL, limits.webSockets() ? 1 : 0);
        frames.windowUpdate(0, CONNECTION_WINDOW - receiveWindow);
        receiveWindow = CONNECTION_WINDOW;
        worker.timers().arm(timer, policy().httpRequestTimeoutMillis());
    }

    private Frontend.Policy policy() {
        return session.frontend().policy();
    }

    FrameWriter frames() {
        return frames;
    }

    FieldEncoder fields() {
        return fields;
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
        ByteBuf in = join(bytes);
        try {
            readAll(context, in);
        } finally {
            if (in.isReadable() && !over) {
                rest = in;
            } else {
                in.release();
            }
        }
        judgeConduct();
        if (inputClosed && !over) {
            inputEnded();
        }
    }

    private ByteBuf join(ByteBuf bytes) {
        if (rest == Unpooled.EMPTY_BUFFER) {
            return bytes;
        }
        ByteBuf first = rest;
        rest = Unpooled.EMPTY_BUFFER;
        ByteBuf both = worker.allocator().directBuffer(first.readableBytes() + bytes.readableBytes());
        both.writeBytes(first).writeBytes(bytes);
        first.release();
        bytes.release();
        return both;
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
                reader.readFrame(context, in, listener);
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
            Http2Exchange exchange = streams.get(stream);
            if (exchange != null) {
                conduct.breach();
                resetStream(exchange, e.error().code());
            } else if (stream > lastStream) {
                connectionError(e.error(), e.getMessage());
            } else {
                conduct.breach();
                frames.reset(stream, e.error().code());
            }
        } else {
            connectionError(e.error(), e.getMessage());
        }
    }

    /** Frames that start work or cause answers are looked at one by one, all others once for each read. */
    private void judgeConduct() {
        if (conduct.isSuspect() && !over && conduct.isUnbearable(System.nanoTime())) {
            connectionError(Http2Error.ENHANCE_YOUR_CALM, "too much that brings nothing forward");
        }
    }

    // ---- frames

    /** What the client's frames mean here. */
    private final class Listener extends FrameListener implements FieldDecoder.Sink {

        @Override
        public void beginFields(int stream) {
            block = Block.DISCARD;
            if (over) {
                return;
            }
            Http2Exchange exchange = streams.get(stream);
            if (exchange != null && !exchange.isRequestEnded()) {
                block = Block.TRAILERS;
                trailerReader.begin();
            } else if (exchange == null && stream > lastStream && stream % 2 == 1 && stream <= lastServed
                    && streams.size() < limits.concurrentStreams()) {
                block = Block.REQUEST;
                opening = spare.isEmpty() ? new Http2Exchange(Http2ClientConnection.this, session.fork()) : spare.pollLast();
                requestReader.begin(opening.prepare(stream, limits.initialWindow(), peerInitialWindow));
            }
        }

        @Override
        public void field(AsciiString name, AsciiString value) {
            if (block == Block.REQUEST) {
                requestReader.field(name.array(), name.arrayOffset(), name.length(), value.array(), value.arrayOffset(), value.length());
            } else if (block == Block.TRAILERS) {
                trailerReader.field(name.array(), name.arrayOffset(), name.length(), value.array(), value.arrayOffset(), value.length());
            }
        }

        @Override
        protected void headers(int stream, boolean end) {
            if (over) {
                return;
            }
            switch (block) {
                case REQUEST -> request(stream, end);
                case TRAILERS -> requestTrailers(streams.get(stream), end);
                case DISCARD -> unusableHeaders(stream);
            }
        }

        @Override
        protected void data(int stream, ByteBuf data, int padding, boolean end) {
            if (over) {
                return;
            }
            int flow = data.readableBytes() + padding;
            receiveWindow -= flow;
            if (receiveWindow < 0) {
                connectionError(Http2Error.FLOW_CONTROL_ERROR, "more DATA than the connection's window");
                return;
            }
            if (receiveWindow < CONNECTION_WINDOW / 2) {
                // What is held is bounded by the windows of the streams.
                frames.windowUpdate(0, CONNECTION_WINDOW - receiveWindow);
                receiveWindow = CONNECTION_WINDOW;
            }
            if (!data.isReadable() && !end) {
                conduct.spend(Conduct.EMPTY_DATA);
            }
            Http2Exchange exchange = streams.get(stream);
            if (exchange != null) {
                exchange.receive(data, flow, end);
            } else {
                unknownStream(stream, "DATA");
            }
        }

        @Override
        protected void reset(int stream, long code) {
            if (over) {
                return;
            }
            Http2Exchange exchange = streams.get(stream);
            if (exchange != null) {
                if (exchange.isUnanswered()) {
                    conduct.spend(Conduct.RESET);
                }
                exchange.abandon();
                streamOver(exchange, true);
                judgeConduct();
            } else if (stream > lastStream) {
                connectionError(Http2Error.PROTOCOL_ERROR, "RST_STREAM for an idle stream");
            } else {
                conduct.spend(1);
            }
        }

        @Override
        protected void settings(Http2Settings settings) {
            if (!over) {
                conduct.spend(Conduct.SETTINGS);
                apply(settings);
                judgeConduct();
            }
        }

        @Override
        protected void settingsAck() {
            if (limits.headerTable() < Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE) {
                try {
                    decoder.maxHeaderTableSize(limits.headerTable());
                } catch (Http2Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        protected void ping(long data) {
            if (!over) {
                conduct.spend(Conduct.PING);
                frames.ping(true, data);
                judgeConduct();
            }
        }

        @Override
        protected void pingAck(long data) {
            if (!over && drain == Drain.ANNOUNCED && data == DRAIN_PING) {
                finishDrain();
            } else {
                conduct.spend(Conduct.PING);
            }
        }

        @Override
        protected void priority(int stream) {
            conduct.spend(Conduct.PRIORITY);
        }

        @Override
        protected void windowUpdate(int stream, int bytes) {
            if (over) {
                return;
            }
            conduct.spend(Conduct.WINDOW_UPDATE);
            if (stream == 0) {
                sendWindow += bytes;
                if (sendWindow > Integer.MAX_VALUE) {
                    connectionError(Http2Error.FLOW_CONTROL_ERROR, "the connection's window is above 2^31-1");
                    return;
                }
                share();
                return;
            }
            Http2Exchange exchange = streams.get(stream);
            if (exchange == null) {
                if (stream > lastStream) {
                    connectionError(Http2Error.PROTOCOL_ERROR, "WINDOW_UPDATE for an idle stream");
                }
            } else if (!exchange.grant(bytes)) {
                conduct.breach();
                resetStream(exchange, Http2Error.FLOW_CONTROL_ERROR.code());
            } else {
                resume(exchange);
            }
        }

        @Override
        protected void goAway(int lastPushed) {
            // It opens no more streams; those that are open go on.
            if (!over) {
                lastServed = Math.min(lastServed, lastStream);
                drain = Drain.FINAL;
                closeIfDrained();
            }
        }

        @Override
        protected void pushPromise() {
            if (!over) {
                connectionError(Http2Error.PROTOCOL_ERROR, "PUSH_PROMISE from a client");
            }
        }

        @Override
        protected void unknownFrame() {
            conduct.spend(Conduct.UNKNOWN_FRAME);
        }
    }

    private void request(int stream, boolean end) {
        Http2Exchange exchange = opening;
        lastStream = stream;
        totalStreams++;
        streams.put(stream, exchange);
        if (streams.size() == 1) {
            worker.timers().disarm(timer);
        }
        if (limits.totalStreams() > 0 && totalStreams >= limits.totalStreams()) {
            drain();
        }
        if (requestReader.end(end)) {
            exchange.begin(end, requestReader.asksForWebSocket());
        } else if (requestReader.defect() == Defect.HEAD_TOO_LARGE || requestReader.defect() == Defect.TOO_MANY_HEADERS) {
            exchange.answerDefect(requestReader.defect());
        } else {
            exchange.refuse(requestReader.defect());
        }
    }

    private void requestTrailers(Http2Exchange exchange, boolean end) {
        if (!end || trailerReader.isBad()) {
            conduct.breach();
            resetStream(exchange, Http2Error.PROTOCOL_ERROR.code());
        } else {
            exchange.receiveTrailers(trailerReader.lines());
        }
    }

    /** A header block that begins no stream and ends none: its fields have been decoded, and are forgotten. */
    private void unusableHeaders(int stream) {
        Http2Exchange exchange = streams.get(stream);
        if (exchange != null) {
            conduct.breach();
            resetStream(exchange, Http2Error.STREAM_CLOSED.code());
        } else if (stream % 2 == 0) {
            connectionError(Http2Error.PROTOCOL_ERROR, "a client's stream has an odd number");
        } else if (stream <= lastStream) {
            unknownStream(stream, "HEADERS");
        } else if (stream > lastServed) {
            // Behind our GOAWAY: the client knows that it is not served, and asks elsewhere.
            conduct.spend(1);
        } else {
            lastStream = stream;
            conduct.spend(Conduct.REFUSED_STREAM);
            frames.reset(stream, Http2Error.REFUSED_STREAM.code());
            ended.add(stream, true);
            judgeConduct();
        }
    }

    /** A frame for a stream that is not there. */
    private void unknownStream(int stream, String frame) {
        if (stream > lastStream && stream <= lastServed || stream % 2 == 0) {
            connectionError(Http2Error.PROTOCOL_ERROR, frame + " for an idle stream");
            return;
        }
        EndedStreams.End end = ended.of(stream);
        if (end == EndedStreams.End.RESET_BY_US) {
            // It was on its way when we reset the stream.
            conduct.spend(1);
            return;
        }
        if (end == EndedStreams.End.IN_ORDER) {
            connectionError(Http2Error.STREAM_CLOSED, frame + " for a stream that has ended");
            return;
        }
        if (stream > lastServed) {
            conduct.spend(1);
        } else if (frame.equals("HEADERS")) {
            connectionError(Http2Error.PROTOCOL_ERROR, "a stream with a number below the last");
        } else {
            // Too long ago to be known: one of many that were reset, or a client that forgets.
            conduct.breach();
            frames.reset(stream, Http2Error.STREAM_CLOSED.code());
        }
    }

    private void apply(Http2Settings settings) {
        Integer window = settings.initialWindowSize();
        if (window != null) {
            long change = window - peerInitialWindow;
            peerInitialWindow = window;
            for (Http2Exchange exchange : all()) {
                if (!exchange.grant(change)) {
                    connectionError(Http2Error.FLOW_CONTROL_ERROR, "a stream's window is above 2^31-1");
                    return;
                }
            }
        }
        Integer frame = settings.maxFrameSize();
        if (frame != null) {
            // Longer frames bring nothing: what is written is as long as a read of a server.
            frames.setPeerFrameSize(Math.min(frame, 1 << 16));
        }
        Long table = settings.headerTableSize();
        if (table != null) {
            try {
                fields.tableSize(table);
            } catch (Http2Exception e) {
                connectionError(e.error(), e.getMessage());
                return;
            }
        }
        frames.settingsAck();
        if (window != null) {
            for (Http2Exchange exchange : all()) {
                resume(exchange);
            }
        }
    }

    private List<Http2Exchange> all() {
        return new ArrayList<>(streams.values());
    }

    // ---- what leaves

    /** Bytes of DATA that may be sent now on a stream with this window. */
    int sendable(long streamWindow) {
        long window = Math.min(streamWindow, sendWindow);
        return channel.isWritable() ? (int) Math.min(window, frames.peerFrameSize()) : 0;
    }

    /** Sends DATA; the caller has asked {@link #sendable}. */
    void sendData(Http2Exchange exchange, ByteBuf in, int length, boolean end) {
        frames.data(exchange.id(), in, length, end);
        sendWindow -= length;
        exchange.sent(length, end);
        conduct.earn(Conduct.DATA_SENT);
    }

    /** Sends what a stream has pending, as far as windows and socket allow. */
    void drain(Http2Exchange exchange) {
        while (exchange.pendingBytes() > 0) {
            if (!sendFrame(exchange)) {
                return;
            }
        }
    }

    /** One frame; false if there is no room, and the stream waits if it is not for its own window. */
    private boolean sendFrame(Http2Exchange exchange) {
        int room = sendable(exchange.sendWindow());
        if (room <= 0 && exchange.sendWindow() > 0 && sendWindow > 0) {
            // Mostly the socket takes it all.
            frames.flush();
            room = sendable(exchange.sendWindow());
        }
        if (room <= 0) {
            if (exchange.sendWindow() > 0 && !exchange.isWaiting()) {
                exchange.setWaiting(true);
                waiting.add(exchange);
            }
            return false;
        }
        ByteBuf next = exchange.nextPending();
        int length = Math.min(room, next.readableBytes());
        boolean last = length == exchange.pendingBytes() && exchange.endsWithData();
        sendData(exchange, next, length, last);
        exchange.takePending(length);
        return true;
    }

    /** A stream's own window has opened. */
    private void resume(Http2Exchange exchange) {
        if (exchange.pendingBytes() > 0 && exchange.sendWindow() > 0 && !exchange.isWaiting()) {
            int before = exchange.pendingBytes();
            drain(exchange);
            if (exchange.pendingBytes() < before) {
                exchange.progressed();
            }
        }
    }

    /** The connection's window or the socket has room: each stream that waits sends a frame, in turn. */
    private void share() {
        if (sharing) {
            return;
        }
        sharing = true;
        try {
            while (!waiting.isEmpty() && sendWindow > 0 && channel.isWritable()) {
                Http2Exchange exchange = waiting.poll();
                exchange.setWaiting(false);
                if (exchange.pendingBytes() == 0) {
                    continue;
                }
                boolean sent = sendFrame(exchange);
                if (sent && exchange.pendingBytes() > 0 && exchange.sendWindow() > 0) {
                    exchange.setWaiting(true);
                    waiting.add(exchange);
                }
                if (sent) {
                    exchange.progressed();
                }
            }
        } finally {
            sharing = false;
        }
    }

    // ---- ends of streams

    /** Something is wrong with a stream. */
    void resetStream(Http2Exchange exchange, long code) {
        exchange.breach(Termination.Cause.CLIENT_ABORT);
        frames.reset(exchange.id(), code);
        streamOver(exchange, true);
    }

    void breach() {
        conduct.breach();
    }

    /**
     * A stream has ended on both sides, or was reset.
     *
     * @param byUs whether frames of the client may still be on their way
     */
    void streamOver(Http2Exchange exchange, boolean byUs) {
        if (streams.remove(exchange.id()) == null) {
            return;
        }
        if (!byUs) {
            conduct.earn(Conduct.ANSWERED);
        }
        if (exchange.isWaiting()) {
            waiting.remove(exchange);
        }
        ended.add(exchange.id(), byUs);
        exchange.clear();
        if (spare.size() < limits.concurrentStreams()) {
            spare.add(exchange);
        } else {
            exchange.discard();
        }
        if (session.isEnding() && drain == Drain.NONE) {
            drain();
        }
        if (streams.isEmpty() && !over) {
            idle();
        }
    }

    private void idle() {
        while (spare.size() > KEPT_WHEN_IDLE) {
            spare.pollFirst().discard();
        }
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
            lastServed = lastStream;
            frames.goAway(lastStream, Http2Error.NO_ERROR.code(), "");
            closeIfDrained();
        }
    }

    private void closeIfDrained() {
        if (drain == Drain.FINAL && streams.isEmpty() && !over) {
            end();
        }
    }

    private void connectionError(Http2Error code, String reason) {
        if (over) {
            return;
        }
        LOG.debug("LBR003 HTTP/2 from {}: {}: {}", new String(session.source().text(), StandardCharsets.US_ASCII), code, reason);
        session.frontend().counters().requestErrors.increment();
        over = true;
        for (Http2Exchange exchange : all()) {
            exchange.breach(Termination.Cause.CLIENT_ABORT);
            streamOver(exchange, true);
        }
        frames.goAway(lastStream, code.code(), reason);
        close();
    }

    /** In order: nothing goes on, and GOAWAY has been said or is of no use. */
    private void end() {
        over = true;
        close();
    }

    /** Behind what was written. What the client still sends is read and thrown away: a reset could destroy the GOAWAY. */
    private void close() {
        over = true;
        worker.timers().disarm(timer);
        releaseRest();
        gate.open(ReadGate.SINK_FULL);
        frames.flush();
        if (inputClosed) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> channel.close());
            return;
        }
        lingering = true;
        long patience = policy().clientTimeoutMillis();
        worker.timers().arm(timer, patience > 0 ? patience : CLOSE_MILLIS);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> {
            if (channel.isActive()) {
                linger.begin();
            }
        });
        HalfClose.output(channel);
    }

    private void releaseRest() {
        ByteBuf left = rest;
        rest = Unpooled.EMPTY_BUFFER;
        left.release();
    }

    /** Forgets the client without a word. */
    void dropSilently() {
        over = true;
        for (Http2Exchange exchange : all()) {
            exchange.breach(Termination.Cause.CLIENT_ABORT);
            streamOver(exchange, true);
        }
        worker.timers().disarm(timer);
        releaseRest();
        SilentDrop.close(channel);
    }

    private void timeout() {
        if (over) {
            channel.close();
        } else if (streams.isEmpty()) {
            frames.goAway(lastStream, Http2Error.NO_ERROR.code(), "");
            end();
        }
    }

    private void inputEnded() {
        // Unlike in HTTP/1 nobody ends one half only: a client that can grant no window any more takes no answer.
        for (Http2Exchange exchange : all()) {
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
            share();
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
            frames.goAway(lastStream, Http2Error.NO_ERROR.code(), "");
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
        all().forEach(exchange -> exchange.serverWentDown(server));
    }

    @Override
    public List<Stream> streams() {
        return streams.isEmpty() ? List.of(stream()) : all().stream().map(exchange -> (Stream) exchange.stream()).toList();
    }

    /** One of them; rules that look at the connection see what is common to all. */
    @Override
    public Stream stream() {
        if (!streams.isEmpty()) {
            return streams.values().iterator().next().stream();
        }
        if (spare.isEmpty()) {
            spare.add(new Http2Exchange(this, session.fork()));
        }
        return spare.peekLast().stream();
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
        for (Http2Exchange exchange : all()) {
            exchange.abandon();
            streamOver(exchange, true);
        }
        spare.forEach(Http2Exchange::discard);
        spare.clear();
        releaseRest();
        reader.close();
        fields.close();
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
