package net.lbd.core.h2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.collection.IntObjectHashMap;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.core.connect.Faults;
import net.lbd.core.http.Http2ResponseReader;
import net.lbd.core.runtime.Worker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP/2 connection to a server: carries the streams of several {@link Lane}s at a time. What a server does wrong on a stream
 * ends that lane, and whoever has it sees a server that went away; what it does wrong with the connection, and more of the
 * former than {@code tune.h2.be.glitches-threshold}, ends all of them. Event-loop confined. Source: RFC 9113 §3.4, §5, §6.
 */
public final class ServerLink extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(ServerLink.class);

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final char SETTINGS_ENABLE_CONNECT_PROTOCOL = 8;

    /** Told once whether the server speaks HTTP/2, on the loop. */
    public interface Opened {
        /** Its SETTINGS have come. */
        void opened();

        /** The connection was closed before. */
        void failed(Throwable cause);
    }

    private final LinkResources resources;
    private final Channel channel;
    private final boolean tls;
    private final Opened opened;
    private final H2Limits limits;
    private final FrameWriter frames;
    private final Conduct conduct;
    private final SendWindow sendWindow;
    private final ReceiveWindow receiveWindow;
    private final FrameInput input;
    private final Http2ResponseReader response;
    private final IntObjectHashMap<Lane> streams = new IntObjectHashMap<>(8);
    private final List<Lane> lanes = new ArrayList<>(4);
    private int lastStream = -1;
    private int peerStreams = Integer.MAX_VALUE;
    private boolean takesWebSockets;
    private boolean settingsSeen;
    private boolean goingAway;
    private boolean over;
    private Optional<Channel> bound = Optional.empty();

    /**
     * @param channel to the last handler of which this is added
     * @param tls whether the scheme is https
     */
    public ServerLink(LinkResources resources, Channel channel, boolean tls, Opened opened) {
        this.resources = Objects.requireNonNull(resources, "resources");
        this.channel = Objects.requireNonNull(channel, "channel");
        this.tls = tls;
        this.opened = Objects.requireNonNull(opened, "opened");
        Worker.Limits workerLimits = resources.limits();
        this.limits = workerLimits.http2Servers();
        this.frames = new FrameWriter(channel, new FieldEncoder(resources.fieldTexts()), resources.allocator(), resources.flushes());
        this.conduct = new Conduct(limits.glitches(), System.nanoTime());
        this.sendWindow = new SendWindow(channel, frames, conduct);
        this.receiveWindow = new ReceiveWindow(frames);
        Listener listener = new Listener();
        FieldDecoder decoder = new FieldDecoder(listener, 2 * Math.max(limits.frameSize(), workerLimits.headBytes()));
        this.input = new FrameInput(listener, decoder, limits.frameSize(), resources.allocator());
        this.response = new Http2ResponseReader(workerLimits.headBytes(), workerLimits.maxHeaders());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        frames.raw(Unpooled.wrappedBuffer(PREFACE));
        // Nothing is pushed to us; the table keeps its usual size, so that no change of it has to be waited for.
        frames.settings(Http2CodecUtil.SETTINGS_ENABLE_PUSH, 0,
                Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE, limits.initialWindow(),
                Http2CodecUtil.SETTINGS_MAX_FRAME_SIZE, limits.frameSize(),
                Http2CodecUtil.SETTINGS_MAX_HEADER_LIST_SIZE, resources.limits().headBytes());
        receiveWindow.open();
    }

    LinkResources resources() {
        return resources;
    }

    Channel channel() {
        return channel;
    }

    boolean isTls() {
        return tls;
    }

    FrameWriter frames() {
        return frames;
    }

    SendWindow sendWindow() {
        return sendWindow;
    }

    int streamWindow() {
        return limits.initialWindow();
    }

    /** Whether the server carries WebSocket over HTTP/2 (RFC 8441 §3). */
    boolean takesWebSockets() {
        return takesWebSockets;
    }

    /** Breaches of the protocol that did not end the connection: {@code bc_glitches}. */
    public int glitches() {
        return conduct.glitches();
    }

    /** Whether new streams may begin: the server has not said goodbye. */
    public boolean takesStreams() {
        return settingsSeen && !over && !goingAway && lastStream < Integer.MAX_VALUE - 2;
    }

    /** As {@link #takesStreams}, for one lane: another may have been bound. */
    public boolean takesStreamsOf(Channel lane) {
        return takesStreams() && (bound.isEmpty() || bound.get() == lane);
    }

    /** From here on no other lane begins a stream. */
    public void bind(Channel lane) {
        bound = Optional.of(lane);
    }

    /** Whether there is room for another lane: as many as the server and {@code tune.h2.be.max-concurrent-streams} allow. */
    public boolean hasRoom() {
        return takesStreams() && bound.isEmpty() && lanes.size() < maxStreams();
    }

    /** How many lanes there may be. */
    public int maxStreams() {
        return Math.min(peerStreams, limits.concurrentStreams());
    }

    /** Another lane, registered with the loop. */
    public Channel newLane() {
        Lane lane = new Lane(this);
        lanes.add(lane);
        resources.loop().register(lane);
        return lane;
    }

    // ---- streams

    /** The number of a lane's next stream. */
    int open(Lane lane) {
        lastStream += 2;
        streams.put(lastStream, lane);
        return lastStream;
    }

    /** A stream has ended on both sides, or was reset. */
    void streamOver(int stream, boolean inOrder) {
        streams.remove(stream);
        if (inOrder) {
            conduct.earn(Conduct.ANSWERED);
        }
        closeIfLeft();
    }

    /** A lane was closed. */
    void laneClosed(Lane lane) {
        lanes.remove(lane);
        if (lanes.isEmpty()) {
            goodbye();
        } else {
            closeIfLeft();
        }
    }

    /** The server did something on a stream that ends it. */
    void breach(String reason) {
        LOG.debug("LBR005 HTTP/2 of server {}: {}", channel.remoteAddress(), reason);
        conduct.breach();
    }

    // ---- ends

    private void closeIfLeft() {
        if (goingAway && streams.isEmpty()) {
            goodbye();
        }
    }

    /** In order: nothing goes on. */
    private void goodbye() {
        end(Http2Error.NO_ERROR);
    }

    /** Nothing of what the server says can be relied on any more. */
    private void fail(Http2Error code, String reason) {
        if (!over) {
            LOG.debug("LBR005 HTTP/2 of server {}: {}", channel.remoteAddress(), reason);
            end(code);
        }
    }

    private void end(Http2Error code) {
        if (!over) {
            over = true;
            frames.goAway(0, code.code(), "");
            frames.flush();
            channel.close();
        }
    }

    // ---- bytes from the server

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            return;
        }
        ByteBuf in = input.join(bytes);
        try {
            while (in.isReadable() && !over) {
                try {
                    input.read(context, in);
                    break;
                } catch (Http2Exception e) {
                    failed(e);
                }
            }
        } finally {
            input.keep(in, !over);
        }
        if (conduct.isSuspect() && conduct.isUnbearable(System.nanoTime())) {
            fail(Http2Error.ENHANCE_YOUR_CALM, "too much that brings nothing forward");
        }
    }

    private void failed(Http2Exception e) {
        Lane lane = Http2Exception.isStreamError(e) ? streams.get(Http2Exception.streamId(e)) : null;
        if (e.getCause() instanceof RuntimeException bug && !(bug instanceof IllegalArgumentException)) {
            Faults.bug("reading the fields of an HTTP/2 response", bug);
        }
        if (lane != null) {
            lane.breach(e.getMessage());
        } else {
            fail(e.error(), e.getMessage());
        }
    }

    /** What the server's frames mean here. */
    private final class Listener extends FrameListener implements FieldDecoder.Sink {

        @Override
        public void beginFields(int stream) {
            Lane lane = streams.get(stream);
            response.begin(lane != null && lane.response().isHeadSeen());
        }

        @Override
        public void field(AsciiString name, AsciiString value) {
            response.field(name.array(), name.arrayOffset(), name.length(), value.array(), value.arrayOffset(), value.length());
        }

        @Override
        protected void headers(int stream, boolean end) {
            Lane lane = find(stream, "HEADERS");
            if (lane != null) {
                lane.response().fields(response, end);
            }
        }

        @Override
        protected void data(int stream, ByteBuf data, int padding, boolean end) {
            if (over) {
                return;
            }
            int flow = data.readableBytes() + padding;
            if (!receiveWindow.take(flow)) {
                fail(Http2Error.FLOW_CONTROL_ERROR, "more DATA than the connection's window");
                return;
            }
            if (!data.isReadable() && !end) {
                conduct.spend(Conduct.EMPTY_DATA);
            }
            Lane lane = find(stream, "DATA");
            if (lane != null) {
                lane.response().data(data, flow, end);
            }
        }

        /** Who has the stream; null for one that has ended, of which something may still be on its way, and for none. */
        private Lane find(int stream, String frame) {
            Lane lane = over ? null : streams.get(stream);
            if (lane == null && !over) {
                if (stream > lastStream || stream % 2 == 0) {
                    fail(Http2Error.PROTOCOL_ERROR, frame + " for a stream that nobody opened");
                } else {
                    conduct.spend(1);
                }
            }
            return lane;
        }

        @Override
        protected void reset(int stream, long code) {
            Lane lane = find(stream, "RST_STREAM");
            if (lane != null) {
                lane.resetByServer(code);
            }
        }

        @Override
        protected void settings(Http2Settings settings) {
            if (over) {
                return;
            }
            conduct.spend(Conduct.SETTINGS);
            Integer frame = settings.maxFrameSize();
            if (frame != null) {
                frames.setPeerFrameSize(frame);
            }
            Long most = settings.maxConcurrentStreams();
            if (most != null) {
                peerStreams = (int) Math.min(most, Integer.MAX_VALUE);
            }
            Long connect = settings.get(SETTINGS_ENABLE_CONNECT_PROTOCOL);
            if (connect != null) {
                takesWebSockets = connect == 1;
            }
            Long table = settings.headerTableSize();
            if (table != null) {
                try {
                    frames.fields().tableSize(table);
                } catch (Http2Exception e) {
                    fail(e.error(), e.getMessage());
                    return;
                }
            }
            frames.settingsAck();
            Integer window = settings.initialWindowSize();
            if (window != null) {
                windows(sendWindow.setInitialOfStreams(window));
            }
            if (!settingsSeen && !over) {
                settingsSeen = true;
                opened.opened();
            }
        }

        private void windows(long change) {
            for (Lane lane : new ArrayList<>(streams.values())) {
                if (!lane.sending().grant(change)) {
                    fail(Http2Error.FLOW_CONTROL_ERROR, "a stream's window is above 2^31-1");
                    return;
                }
            }
            for (Lane lane : new ArrayList<>(streams.values())) {
                lane.sending().resume();
            }
        }

        @Override
        protected void settingsAck() {
            conduct.spend(Conduct.PING);
        }

        @Override
        protected void ping(long data) {
            if (!over) {
                conduct.spend(Conduct.PING);
                frames.ping(true, data);
            }
        }

        @Override
        protected void pingAck(long data) {
            conduct.spend(Conduct.PING);
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
                if (sendWindow.grant(bytes)) {
                    sendWindow.share();
                } else {
                    fail(Http2Error.FLOW_CONTROL_ERROR, "the connection's window is above 2^31-1");
                }
                return;
            }
            Lane lane = find(stream, "WINDOW_UPDATE");
            if (lane == null) {
                return;
            }
            if (lane.sending().grant(bytes)) {
                lane.sending().resume();
            } else {
                lane.breach("a stream's window is above 2^31-1");
            }
        }

        @Override
        protected void goAway(int last) {
            if (over) {
                return;
            }
            goingAway = true;
            for (Lane lane : new ArrayList<>(lanes)) {
                lane.serverSaysGoodbye(last);
            }
            closeIfLeft();
        }

        @Override
        protected void pushPromise() {
            fail(Http2Error.PROTOCOL_ERROR, "PUSH_PROMISE that nobody wants");
        }

        @Override
        protected void unknownFrame() {
            conduct.spend(Conduct.UNKNOWN_FRAME);
        }
    }

    // ---- what the channel tells

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable() && !over) {
            sendWindow.share();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            // Nobody grants us windows any more.
            over = true;
            channel.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Faults.report("an HTTP/2 connection to a server", cause);
        over = true;
        channel.close();
    }

    /** A transport that closes over an error may leave out {@code channelInactive}: nothing may stay behind. */
    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        over = true;
        for (Lane lane : new ArrayList<>(lanes)) {
            lane.linkClosed();
        }
        input.close();
        frames.release();
        if (!settingsSeen) {
            settingsSeen = true;
            opened.failed(new ClosedChannelException());
        }
    }
}
