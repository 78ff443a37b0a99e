package net.lbd.core.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.BodyReader;
import net.lbd.core.http.HeadParser;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.Http2ResponseReader;
import net.lbd.core.http.KnownHeader;
import net.lbd.core.http.MessageFraming;
import net.lbd.core.runtime.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a server connection speak HTTP/2 while everything behind it goes on speaking HTTP/1: the requests that we write are
 * read by the same parser as those of clients, and what the server answers comes out as an HTTP/1 message, to be judged like
 * any other. One stream at a time, one after another: whose connection it is, what the pool may do with it and what becomes of
 * it when a client leaves is as in HTTP/1 (docs/decisions/0027). Whatever the server does that is no HTTP/2 closes the connection;
 * the exchange sees a server that went away. Event-loop confined. Source: RFC 9113.
 */
public final class Http2ServerCodec extends ChannelDuplexHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Http2ServerCodec.class);

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final AsciiString METHOD = AsciiString.cached(":method");
    private static final AsciiString SCHEME = AsciiString.cached(":scheme");
    private static final AsciiString AUTHORITY = AsciiString.cached(":authority");
    private static final AsciiString PATH = AsciiString.cached(":path");
    private static final AsciiString HTTP = AsciiString.cached("http");
    private static final AsciiString HTTPS = AsciiString.cached("https");
    private static final AsciiString ASTERISK = AsciiString.cached("*");
    private static final byte[] HEAD = Ascii.bytes("HEAD");
    private static final byte[] CONNECT = Ascii.bytes("CONNECT");
    private static final int NOT_PASSED_ON = KnownHeader.CONNECTION | KnownHeader.KEEP_ALIVE | KnownHeader.PROXY_CONNECTION
            | KnownHeader.TRANSFER_ENCODING | KnownHeader.UPGRADE | KnownHeader.HTTP2_SETTINGS | KnownHeader.TE | KnownHeader.HOST;
    private static final int CONNECTION_WINDOW = 1 << 20;
    /** The channel's writability that is ours to set. */
    private static final int WINDOW_BIT = 1;

    private final Worker worker;
    private final boolean tls;
    private final H2Limits limits;
    private final Listener listener = new Listener();
    private final FieldDecoder decoder;
    private final DefaultHttp2FrameReader reader;
    private final FieldEncoder fields;
    private final Http2ResponseReader response;
    private final Conduct conduct;
    private ChannelHandlerContext context;
    private FrameWriter frames;
    private ByteBuf rest = Unpooled.EMPTY_BUFFER;
    private boolean over;
    private boolean goingAway;

    // ---- the request
    private final HttpMessage request = new HttpMessage();
    private final HeadParser requestParser;
    private final BodyReader requestBody;
    private boolean inBody;
    private int stream = -1;
    private boolean requestEnded = true;
    private final ArrayDeque<ByteBuf> pending = new ArrayDeque<>();
    private int pendingBytes;
    private boolean endPending;
    private byte[] trailers = {};
    private long connectionWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    private long streamWindow;
    private long peerInitialWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE;
    private boolean stopped;

    // ---- the response
    private boolean responseEnded = true;
    private boolean headSeen;
    private boolean toHead;
    private boolean chunked;
    private long bodyLeft;
    private int received;
    private int receivedOnStream;

    public Http2ServerCodec(Worker worker, boolean tls) {
        this.worker = worker;
        this.tls = tls;
        Worker.Limits workerLimits = worker.limits();
        this.limits = workerLimits.http2Servers();
        this.decoder = new FieldDecoder(listener, 2 * Math.max(limits.frameSize(), workerLimits.headBytes()));
        this.reader = new DefaultHttp2FrameReader(decoder);
        this.fields = new FieldEncoder(worker.fieldTexts());
        this.response = new Http2ResponseReader(workerLimits.headBytes(), workerLimits.maxHeaders());
        this.conduct = new Conduct(0, System.nanoTime());
        // Heads that rules have made longer are still ours.
        this.requestParser = new HeadParser(true, worker.bytePool(), 1 << 20, 10_000);
        this.requestBody = new BodyReader(1 << 20);
        request.reset();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        frames = new FrameWriter(added, fields, worker.allocator(), worker.flushes());
        try {
            reader.maxFrameSize(limits.frameSize());
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        frames.raw(Unpooled.wrappedBuffer(PREFACE));
        // Nothing is pushed to us; the table keeps its usual size, so that no change of it has to be waited for.
        frames.settings(Http2CodecUtil.SETTINGS_ENABLE_PUSH, 0,
                Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE, limits.initialWindow(),
                Http2CodecUtil.SETTINGS_MAX_FRAME_SIZE, limits.frameSize(),
                Http2CodecUtil.SETTINGS_MAX_HEADER_LIST_SIZE, worker.limits().headBytes());
        frames.windowUpdate(0, CONNECTION_WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
    }

    // ---- the request: HTTP/1 of our own making

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
            ctx.write(message, promise);
            return;
        }
        try {
            while (bytes.isReadable() && !over) {
                if (!inBody) {
                    readHead(bytes);
                } else if (!readBody(bytes)) {
                    break;
                }
            }
        } finally {
            bytes.release();
        }
        if (!promise.isVoid()) {
            promise.trySuccess();
        }
    }

    private void readHead(ByteBuf bytes) {
        HeadParser.Result result = requestParser.feed(request, bytes);
        if (result == HeadParser.Result.INVALID) {
            throw new IllegalStateException("a request of our own is not well formed: " + requestParser.defect());
        }
        if (result == HeadParser.Result.COMPLETE) {
            inBody = true;
            long framing = MessageFraming.ofRequest(request);
            requestBody.begin(framing);
            sendHead(framing == 0);
            worker.bytePool().give(request.takeBytes());
            request.reset();
            requestParser.reset();
            if (requestBody.isDone()) {
                inBody = false;
            }
        }
    }

    private void sendHead(boolean last) {
        if (goingAway || request.methodIs(CONNECT)) {
            // The server takes no more streams here; and a tunnel is not carried.
            fail("no stream can be opened");
            return;
        }
        stream += 2;
        streamWindow = peerInitialWindow;
        requestEnded = last;
        responseEnded = false;
        headSeen = false;
        endPending = false;
        trailers = new byte[0];
        toHead = request.methodIs(HEAD);
        receivedOnStream = 0;
        byte[] bytes = request.bytes();
        fields.add(METHOD, new AsciiString(bytes, request.methodOffset(), request.methodLength(), true));
        fields.add(SCHEME, tls ? HTTPS : HTTP);
        int host = request.find(KnownHeader.HOST, 0);
        if (host >= 0 && request.valueLength(host) > 0) {
            fields.add(AUTHORITY, new AsciiString(bytes, request.valueOffset(host), request.valueLength(host), true));
        }
        fields.add(PATH, request.hasPath()
                ? new AsciiString(bytes, request.pathOffset(), request.pathAndQueryLength(), true) : ASTERISK);
        for (int i = 0; i < request.headerCount(); i++) {
            if ((request.kind(i) & NOT_PASSED_ON) == 0) {
                fields.add(bytes, request.nameOffset(i), request.nameLength(i), bytes, request.valueOffset(i), request.valueLength(i));
            }
        }
        frames.headers(stream, last);
    }

    /** False if nothing more can be used of the bytes. */
    private boolean readBody(ByteBuf bytes) {
        int run = requestBody.next(bytes, bytes.readerIndex());
        if (run > 0 && requestBody.lastRunIsData()) {
            pending.add(bytes.readRetainedSlice(run));
            pendingBytes += run;
        } else if (run > 0) {
            if (requestBody.lastRunIsTrailer()) {
                trailers = new byte[run];
                bytes.getBytes(bytes.readerIndex(), trailers);
            }
            bytes.skipBytes(run);
        }
        if (requestBody.isDone()) {
            inBody = false;
            endPending = true;
        }
        drain();
        return run > 0 && inBody;
    }

    private void drain() {
        while (pendingBytes > 0 && !over) {
            ByteBuf next = pending.element();
            int room = (int) Math.min(Math.min(streamWindow, connectionWindow), Math.min(frames.peerFrameSize(), next.readableBytes()));
            if (room <= 0) {
                break;
            }
            boolean last = endPending && room == pendingBytes && trailers.length <= 2;
            frames.data(stream, next, room, last);
            streamWindow -= room;
            connectionWindow -= room;
            pendingBytes -= room;
            requestEnded |= last;
            if (!next.isReadable()) {
                pending.remove().release();
            }
        }
        if (pendingBytes == 0 && endPending && !requestEnded && !over) {
            requestEnded = true;
            if (trailers.length > 2) {
                TrailerLines.add(trailers, fields);
                frames.headers(stream, true);
            } else {
                frames.end(stream);
            }
        }
        setWritable(pendingBytes == 0);
    }

    /** What waits for the server's window must not grow: the channel says that it takes no more. */
    private void setWritable(boolean writable) {
        ChannelOutboundBuffer buffer = context.channel().unsafe().outboundBuffer();
        if (buffer != null && stopped == writable) {
            stopped = !writable;
            buffer.setUserDefinedWritability(WINDOW_BIT, writable);
        }
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        frames.flush();
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!over) {
            over = true;
            frames.goAway(0, Http2Error.NO_ERROR.code(), "");
            frames.flush();
        }
        ctx.close(promise);
    }

    // ---- the response

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ctx.fireChannelRead(message);
            return;
        }
        ByteBuf in = bytes;
        if (rest != Unpooled.EMPTY_BUFFER) {
            in = worker.allocator().directBuffer(rest.readableBytes() + bytes.readableBytes()).writeBytes(rest).writeBytes(bytes);
            rest.release();
            rest = Unpooled.EMPTY_BUFFER;
            bytes.release();
        }
        try {
            if (!over) {
                reader.readFrame(ctx, in, listener);
            }
        } catch (Http2Exception e) {
            fail(e.getMessage());
        } finally {
            if (in.isReadable() && !over) {
                rest = in;
            } else {
                in.release();
            }
        }
        if (conduct.isSuspect() && conduct.isUnbearable(System.nanoTime())) {
            fail("too much that brings nothing forward");
        }
        if (!over && received >= CONNECTION_WINDOW / 2) {
            frames.windowUpdate(0, received);
            received = 0;
        }
        if (!over && !responseEnded && receivedOnStream >= limits.initialWindow() / 2 && receivedOnStream > 0) {
            frames.windowUpdate(stream, receivedOnStream);
            receivedOnStream = 0;
        }
    }

    /** Nothing of what the server says can be relied on any more, or it said that it does not go on. */
    private void fail(String reason) {
        if (!over) {
            LOG.debug("LBR005 HTTP/2 of server {}: {}", context.channel().remoteAddress(), reason);
            over = true;
            frames.goAway(0, Http2Error.PROTOCOL_ERROR.code(), "");
            frames.flush();
            context.close();
        }
    }

    /** What the server's frames mean here. */
    private final class Listener extends FrameListener implements FieldDecoder.Sink {

        @Override
        public void beginFields(int id) {
            response.begin(headSeen);
        }

        @Override
        public void field(AsciiString name, AsciiString value) {
            response.field(name.array(), name.arrayOffset(), name.length(), value.array(), value.arrayOffset(), value.length());
        }

        @Override
        protected void headers(int id, boolean end) {
            if (over || id != stream || responseEnded) {
                if (!over && (id > stream || id % 2 == 0)) {
                    fail("HEADERS for a stream that nobody opened");
                }
                return;
            }
            if (headSeen) {
                trailers(end);
            } else {
                head(end);
            }
        }

        private void trailers(boolean end) {
            if (!end || response.isBad() || !chunked && bodyLeft > 0) {
                fail("a trailer section that is none");
                return;
            }
            byte[] lines = response.trailers();
            responseEnded = true;
            endResponse(lines);
        }

        private void head(boolean end) {
            int status = response.isBad() ? 0 : response.status();
            if (status == 0 || status == 101 || status < 200 && end) {
                fail("a response head that is none");
                return;
            }
            if (status < 200) {
                emit(response.head(false, false));
                return;
            }
            headSeen = true;
            boolean bodyless = toHead || status == 204 || status == 304;
            bodyLeft = bodyless ? 0 : response.contentLength();
            chunked = !bodyless && bodyLeft < 0 && !end;
            if (end && bodyLeft > 0) {
                fail("a length that is not that of the body");
                return;
            }
            byte[] head = response.head(chunked, end && !bodyless && bodyLeft < 0);
            if (end) {
                responseEnded = true;
            }
            emit(head);
            if (end) {
                finished();
            }
        }

        @Override
        protected void data(int id, ByteBuf data, int padding, boolean end) {
            int length = data.readableBytes();
            received += length + padding;
            if (over || id != stream || responseEnded) {
                if (!over && id > stream) {
                    fail("DATA for a stream that nobody opened");
                }
                return;
            }
            receivedOnStream += length + padding;
            if (!headSeen || !chunked && length > bodyLeft || end && !chunked && length < bodyLeft) {
                fail("DATA that does not belong to the response");
                return;
            }
            if (length == 0 && !end) {
                conduct.spend(Conduct.EMPTY_DATA);
            }
            // Before the last bytes are handed on: whoever gets them may ask something else on this connection at once.
            responseEnded = end;
            if (length > 0 && chunked) {
                byte[] size = (Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII);
                emit(worker.allocator().directBuffer(size.length + length + 2).writeBytes(size).writeBytes(data, length)
                        .writeByte('\r').writeByte('\n'));
            } else if (length > 0) {
                bodyLeft -= length;
                emit(data.readRetainedSlice(length));
            }
            if (end) {
                endResponse(new byte[0]);
            }
        }

        private void endResponse(byte[] lines) {
            if (chunked) {
                chunked = false;
                emit(worker.allocator().directBuffer(lines.length + 5).writeByte('0').writeByte('\r').writeByte('\n')
                        .writeBytes(lines).writeByte('\r').writeByte('\n'));
            }
            finished();
        }

        @Override
        protected void reset(int id, long code) {
            if (over || id != stream) {
                return;
            }
            if (!responseEnded) {
                fail("the stream was reset with code " + code);
            } else {
                // It has answered and does not want the rest of the request.
                dropPending();
            }
        }

        @Override
        protected void settings(Http2Settings settings) {
            if (over) {
                return;
            }
            conduct.spend(Conduct.SETTINGS);
            Integer window = settings.initialWindowSize();
            if (window != null) {
                streamWindow += window - peerInitialWindow;
                peerInitialWindow = window;
            }
            Integer frame = settings.maxFrameSize();
            if (frame != null) {
                frames.setPeerFrameSize(frame);
            }
            Long table = settings.headerTableSize();
            if (table != null) {
                try {
                    fields.tableSize(table);
                } catch (Http2Exception e) {
                    fail(e.getMessage());
                    return;
                }
            }
            frames.settingsAck();
            drain();
        }

        @Override
        protected void settingsAck() { }

        @Override
        protected void ping(long data) {
            if (!over) {
                conduct.spend(Conduct.PING);
                frames.ping(true, data);
            }
        }

        @Override
        protected void pingAck(long data) { }

        @Override
        protected void priority(int id) {
            conduct.spend(Conduct.PRIORITY);
        }

        @Override
        protected void windowUpdate(int id, int bytes) {
            if (over) {
                return;
            }
            conduct.spend(Conduct.WINDOW_UPDATE);
            if (id == 0) {
                connectionWindow += bytes;
            } else if (id == stream) {
                streamWindow += bytes;
            }
            if (connectionWindow > Integer.MAX_VALUE || streamWindow > Integer.MAX_VALUE) {
                fail("a window above 2^31-1");
                return;
            }
            conduct.earn(pendingBytes > 0 ? Conduct.DATA_SENT : 0);
            drain();
        }

        @Override
        protected void goAway(int last) {
            goingAway = true;
            if (responseEnded || last < stream) {
                // Nothing goes on, or what goes on is not served.
                fail("the server says goodbye");
            }
        }

        @Override
        protected void pushPromise() {
            fail("PUSH_PROMISE that nobody wants");
        }

        @Override
        protected void unknownFrame() {
            conduct.spend(Conduct.UNKNOWN_FRAME);
        }
    }

    /** The last bytes of a response have been handed on; another exchange may have begun meanwhile. */
    private void finished() {
        conduct.earn(Conduct.ANSWERED);
        if (goingAway && responseEnded && !over) {
            over = true;
            context.close();
        }
    }

    private void dropPending() {
        pending.forEach(ByteBuf::release);
        pending.clear();
        pendingBytes = 0;
        endPending = false;
        setWritable(true);
    }

    private void emit(ByteBuf bytes) {
        context.fireChannelRead(bytes);
    }

    private void emit(byte[] bytes) {
        emit(worker.allocator().directBuffer(bytes.length).writeBytes(bytes));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        over = true;
        dropPending();
        ByteBuf left = rest;
        rest = Unpooled.EMPTY_BUFFER;
        left.release();
        worker.bytePool().give(request.takeBytes());
        request.reset();
        reader.close();
        frames.release();
    }
}
