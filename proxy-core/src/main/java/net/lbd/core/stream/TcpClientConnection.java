package net.lbd.core.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.connect.Faults;
import net.lbd.core.connect.HalfClose;
import net.lbd.core.connect.ReadGate;
import net.lbd.core.connect.ReadQueue;
import net.lbd.core.listen.ClientConnection;
import net.lbd.core.runtime.TimerWheel;
import net.lbd.core.session.Session;

/**
 * A client's connection in TCP mode: hands its bytes to the one stream it carries. It is not read before
 * the server is there. Event-loop confined.
 */
public final class TcpClientConnection extends ChannelInboundHandlerAdapter implements ClientConnection, ReadQueue.Reader {

    private static final long CLOSE_MILLIS = 30_000;

    private final Session session;
    private final Channel channel;
    private final ReadGate gate;
    private final TcpStream stream;
    private final Runnable onClose;
    private final Linger linger;
    private final TimerWheel.Timer clientTimer = new TimerWheel.Timer() {
        @Override
        protected void expired() {
            if (stream.isOver()) {
                channel.close();
            } else {
                stream.clientTimeout();
            }
        }
    };
    private Optional<ByteBuf> early = Optional.empty();
    /** Read in this turn, for the server; empty if nothing waits. */
    private ByteBuf unused = Unpooled.EMPTY_BUFFER;
    private boolean inputClosed;
    private boolean begun;
    private boolean gone;
    /** Over, and waiting for the client's end. */
    private boolean lingering;

    /**
     * @param onClose called once, when the connection is gone
     */
    public TcpClientConnection(Session session, Runnable onClose) {
        this.session = session;
        this.channel = session.channel();
        this.gate = new ReadGate(channel);
        this.onClose = onClose;
        this.linger = new Linger(session.worker().timers(), clientTimer, session.frontend().policy().clientFinTimeoutMillis());
        this.stream = new TcpStream(session, this);
    }

    @Override
    public void begin(long acceptedNanos, long acceptedWallMillis) {
        begun = true;
        gate.close(ReadGate.NOT_YET);
        early.ifPresent(stream.inspection()::add);
        touch(0);
        stream.begin(acceptedNanos, acceptedWallMillis);
    }

    /** A TCP connection is one exchange: it is never idle. */
    @Override
    public void closeIfIdle() { }

    /** A TCP connection has no idle server connection. */
    @Override
    public void serversChanged() { }

    @Override
    public void closeIfServedBy(Server server) {
        if (stream.server().state() == server.state() && !stream.isOver()) {
            stream.serverWentDown();
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

    boolean isInputClosed() {
        return inputClosed;
    }

    ReadGate gate() {
        return gate;
    }

    /**
     * Gives the client its time anew.
     *
     * @param insteadMillis what replaces {@code timeout client}; 0: nothing does
     */
    void touch(long insteadMillis) {
        session.worker().timers().arm(clientTimer,
                insteadMillis > 0 ? insteadMillis : session.frontend().policy().clientTimeoutMillis());
    }

    void serverConnected() {
        if (early.isPresent()) {
            ByteBuf bytes = early.get();
            early = Optional.empty();
            stream.clientRead(bytes);
        }
        gate.open(ReadGate.NOT_YET);
        if (inputClosed) {
            stream.clientInputClosed();
        }
    }

    /**
     * The client speaks HTTP: another handler takes the connection over, with what has come.
     *
     * @param chosen the backend that the first request goes to; {@link Backend#NONE} if none is chosen yet
     */
    void becomeHttp(Backend chosen) {
        ByteBuf bytes = early.orElse(Unpooled.EMPTY_BUFFER);
        early = Optional.empty();
        gone = true;
        session.worker().timers().remove(clientTimer);
        stream.removeTimers();
        session.worker().leave(this);
        Http1ClientConnection successor = new Http1ClientConnection(session, onClose);
        session.worker().enter(successor);
        gate.open(ReadGate.NOT_YET);
        channel.pipeline().replace(this, null, successor);
        successor.begin(stream, chosen, bytes, inputClosed);
    }

    /** The stream is over and logged: what was written still leaves. */
    void streamEnded() {
        // A client that takes nothing any more must not keep its connection for ever.
        session.worker().timers().arm(clientTimer, CLOSE_MILLIS);
        if (inputClosed || stream.bytesToClient() == 0) {
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> channel.close());
            return;
        }
        // Closing on a client that still sends makes the kernel answer with a reset, which destroys the last bytes on
        // their way to it: what it sends is read and thrown away until it ends its half.
        lingering = true;
        gate.open(ReadGate.NOT_YET | ReadGate.SINK_FULL);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> {
            if (channel.isActive()) {
                linger.begin();
            }
        });
        HalfClose.output(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        useRead();
        if (stream.isOver() || !(message instanceof ByteBuf bytes)) {
            ReferenceCountUtil.release(message);
            linger.clientSent();
        } else if (stream.isInspecting()) {
            keep(bytes.retain());
            stream.inspectMore(bytes);
            bytes.release();
        } else if (stream.connection().isEmpty()) {
            keep(bytes);
        } else if (bytes.isReadable() && bytes.readableBytes() <= ReadQueue.SMALL_BYTES) {
            unused = bytes;
            session.worker().reads().addRequest(this);
        } else {
            stream.clientRead(bytes);
        }
    }

    @Override
    public void useRead() {
        if (unused.isReadable()) {
            ByteBuf bytes = unused;
            unused = Unpooled.EMPTY_BUFFER;
            if (stream.isOver()) {
                bytes.release();
            } else {
                stream.clientRead(bytes);
            }
        }
    }

    /** What came before there is a server: it is looked at, or came with the end of a TLS handshake. Takes the buffer over, and leaves its indexes. */
    private void keep(ByteBuf bytes) {
        if (early.isEmpty()) {
            early = Optional.of(bytes);
            return;
        }
        ByteBuf before = early.get();
        if (before.refCnt() == 1 && before.writableBytes() >= bytes.readableBytes()) {
            before.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
            bytes.release();
            return;
        }
        // Room for as much again: a client that sends byte by byte must not make each of them copy all before it.
        ByteBuf both = session.worker().allocator().directBuffer(2 * (before.readableBytes() + bytes.readableBytes()));
        both.writeBytes(before).writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
        before.release();
        bytes.release();
        early = Optional.of(both);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        stream.clientWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            useRead();
            inputClosed = true;
            if (lingering) {
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(f -> channel.close());
            } else if (begun) {
                stream.clientInputClosed();
            } else {
                // In the middle of the TLS handshake: it will not be finished.
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
        early.ifPresent(ByteBuf::release);
        early = Optional.empty();
        if (begun) {
            stream.clientClosed();
        }
        session.worker().leave(this);
        session.worker().timers().remove(clientTimer);
        stream.removeTimers();
        onClose.run();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        readFailed(cause);
    }

    @Override
    public void readFailed(Throwable cause) {
        Faults.report("client connection " + session.id(), cause);
        // The close that follows ends the stream.
        channel.close();
    }
}
