package net.lbd.core.h2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import net.lbd.core.listen.SocketDefaults;

/**
 * A place on an HTTP/2 connection to a server, as the channel of a server connection: HTTP/1 is written to it and read from it
 * ({@link LaneRequest}, {@link LaneResponse}), so that everything behind it is as with a socket of its own. It carries one stream
 * at a time, one after another. What waits for the server's windows makes it unwritable; what is not read stays within the
 * window of its stream, which is granted anew as it is read. Closing it resets a stream that goes on. Event-loop confined.
 */
final class Lane extends AbstractChannel implements DuplexChannel, SendStream.Owner {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false);

    private final ServerLink link;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final SendStream sending;
    private final LaneRequest request;
    private final LaneResponse response;
    private final ArrayDeque<ByteBuf> unread = new ArrayDeque<>();
    /** Bytes of the stream's window that are used by what is not read yet. */
    private int unreadFlow;
    private int used;
    private int windowLeft;
    private boolean open = true;
    /** The stream that goes on; 0: none. */
    private int stream;
    private boolean inputEnded;
    private boolean inputEndTold;
    private boolean outputShut;
    private boolean closing;
    private boolean deliveryDue;

    Lane(ServerLink link) {
        super(link.channel());
        this.link = link;
        this.sending = new SendStream(link.sendWindow(), this);
        this.response = new LaneResponse(this);
        this.request = new LaneRequest(this, link, sending, response);
        SocketDefaults.apply(this, link.resources().allocator());
    }

    SendStream sending() {
        return sending;
    }

    LaneResponse response() {
        return response;
    }

    ServerLink link() {
        return link;
    }

    // ---- its stream

    /** Begins a stream; one that its server did not want to hear to its end is reset before. False: none can begin. */
    boolean begin() {
        abort(Http2Error.CANCEL);
        if (!link.takesStreamsOf(this)) {
            closeNow();
            return false;
        }
        stream = link.open(this);
        sending.begin(stream);
        windowLeft = link.streamWindow();
        used = 0;
        return true;
    }

    int stream() {
        return stream;
    }

    /** The end was sent, or the response has ended: if it is both, the stream is over. */
    void endIfDone() {
        if (stream != 0 && sending.isEndSent() && response.isEnded()) {
            int ended = stream;
            stream = 0;
            link.streamOver(ended, true);
        }
    }

    private void abort(Http2Error code) {
        if (stream != 0) {
            int cut = stream;
            stream = 0;
            sending.clear();
            link.frames().reset(cut, code.code());
            link.streamOver(cut, false);
        }
    }

    /** The server does not make the stream a tunnel. */
    void refusedTunnel() {
        request.noTunnel();
    }

    /** A request that cannot be sent: whoever has the lane sees a server that went away. */
    void refuse() {
        abort(Http2Error.CANCEL);
        closeNow();
    }

    /** The server did what ends its stream: whoever has the lane sees a server that went away. */
    void breach(String reason) {
        link.breach(reason);
        abort(Http2Error.PROTOCOL_ERROR);
        closeNow();
    }

    /** RST_STREAM. */
    void resetByServer(long code) {
        int ended = stream;
        stream = 0;
        sending.clear();
        link.streamOver(ended, false);
        if (response.isEnded()) {
            // It has answered and does not want the rest of the request.
            flushNow();
        } else {
            closeBehindUnread();
        }
    }

    /** GOAWAY: streams above the last were not served. */
    void serverSaysGoodbye(int last) {
        if (stream == 0 || stream > last) {
            closeBehindUnread();
        }
    }

    void linkClosed() {
        stream = 0;
        closeBehindUnread();
    }

    private void closeBehindUnread() {
        closing = true;
        if (unread.isEmpty()) {
            closeNow();
        }
    }

    private void closeNow() {
        unsafe().close(unsafe().voidPromise());
    }

    // ---- reading

    /** Whether DATA is within the stream's window. @param flow padding included */
    boolean take(int flow) {
        windowLeft -= flow;
        return windowLeft >= 0;
    }

    /** DATA was turned into what was emitted: once that is read, the window is granted anew. */
    void taken(int flow) {
        if (unread.isEmpty()) {
            used(flow);
        } else {
            unreadFlow += flow;
        }
    }

    private void used(int flow) {
        used += flow;
        if (stream != 0 && !response.isEnded() && used >= link.streamWindow() / 2 && used > 0) {
            link.frames().windowUpdate(stream, used);
            windowLeft += used;
            used = 0;
        }
    }

    /** Hands bytes of HTTP/1 on; takes the buffer over. */
    void emit(ByteBuf bytes) {
        if (!open) {
            bytes.release();
        } else if (unread.isEmpty() && config.isAutoRead()) {
            pipeline().fireChannelRead(bytes);
        } else {
            unread.add(bytes);
        }
    }

    /** The server has ended its half of a tunnel. */
    void endInput() {
        inputEnded = true;
        deliver();
    }

    @Override
    protected void doBeginRead() {
        if (!deliveryDue && (!unread.isEmpty() || inputEnded && !inputEndTold)) {
            deliveryDue = true;
            // Who begins to read again is not read to in the middle of it.
            eventLoop().execute(() -> {
                deliveryDue = false;
                deliver();
            });
        }
    }

    private void deliver() {
        while (open && config.isAutoRead() && !unread.isEmpty()) {
            pipeline().fireChannelRead(unread.poll());
        }
        if (!open || !unread.isEmpty()) {
            return;
        }
        int flow = unreadFlow;
        unreadFlow = 0;
        used(flow);
        if (inputEnded && !inputEndTold) {
            inputEndTold = true;
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        }
        if (closing) {
            closeNow();
        }
    }

    // ---- writing

    @Override
    protected Object filterOutboundMessage(Object message) {
        if (message instanceof ByteBuf) {
            return message;
        }
        ReferenceCountUtil.release(message);
        throw new UnsupportedOperationException("only bytes are written here");
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer out) {
        // What waits for a window or the socket comes first: it is what the rest stays here for.
        while (sending.pendingBytes() == 0 && out.current() instanceof ByteBuf bytes) {
            request.write(bytes);
            if (bytes.isReadable()) {
                return;
            }
            out.remove();
        }
    }

    private void flushNow() {
        ((LaneUnsafe) unsafe()).flushNow();
    }

    @Override
    public void progressed() {
        endIfDone();
        if (sending.pendingBytes() == 0 && open) {
            flushNow();
        }
    }

    @Override
    public void trailersSent(int bytes) { }

    // ---- the channel

    private final class LaneUnsafe extends AbstractUnsafe {
        @Override
        public void connect(SocketAddress remote, SocketAddress local, ChannelPromise promise) {
            promise.setFailure(new UnsupportedOperationException("it is connected"));
        }

        void flushNow() {
            flush0();
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new LaneUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return parent().localAddress();
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return parent().remoteAddress();
    }

    @Override
    protected void doBind(SocketAddress address) {
        throw new UnsupportedOperationException("it is connected");
    }

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        if (!open) {
            return;
        }
        open = false;
        if (request.isTunnel() && stream != 0 && sending.pendingBytes() == 0 && !sending.isEndSent()) {
            // What was sent is whole, though nobody waits for an answer.
            link.frames().end(stream);
        }
        abort(Http2Error.CANCEL);
        sending.clear();
        request.release();
        for (ByteBuf bytes = unread.poll(); bytes != null; bytes = unread.poll()) {
            bytes.release();
        }
        link.laneClosed(this);
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    // ---- halves: those of a tunnel's stream

    @Override
    public boolean isInputShutdown() {
        return inputEnded;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        return promise.setFailure(new UnsupportedOperationException("a stream is read to its end or reset"));
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (!outputShut && stream != 0) {
            outputShut = true;
            sending.complete();
            sending.drain();
            endIfDone();
        }
        return promise.setSuccess();
    }

    @Override
    public boolean isShutdown() {
        return inputEnded && outputShut;
    }

    @Override
    public ChannelFuture shutdown() {
        return close();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return close(promise);
    }
}
