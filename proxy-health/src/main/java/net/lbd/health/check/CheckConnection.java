package net.lbd.health.check;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of a check; the handler at the end of its pipeline. Event-loop confined.
 *
 * <pre>
 * stage        ends with
 * CONNECTING   connected: HANDSHAKING or OPEN; refused: L4CON
 * HANDSHAKING  done: AGREEING or OPEN; failed: L6RSP
 * AGREEING     the server speaks what is spoken under the bytes: OPEN; it does not: L7RSP
 * OPEN         broken: told to the owner; left: LEAVING
 * LEAVING      -, the owner hears nothing more; closes politely or at once
 * </pre>
 */
final class CheckConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(CheckConnection.class);

    enum Stage { CONNECTING, HANDSHAKING, AGREEING, OPEN, LEAVING }

    /** Who uses the connection. */
    interface Owner {
        /** The connection is there, and its TLS. */
        void opened();

        /** Bytes have come, or their end. */
        void arrived();

        /** It could not be opened. */
        void failed(CheckStatus status, String info, String detail);

        /** It broke when it was open. */
        void broken(Throwable cause);

        /** Clear text, for who wants to look on. */
        void traced(boolean sent, byte[] bytes);

        boolean isTraced();
    }

    private final EventLoop loop;
    private final Owner owner;
    private final boolean tls;
    private final int proxyHeader;
    /** Nothing but the connection was wanted, and nothing has been said on it. */
    private boolean bare;
    private final LocalEnd local;
    private final Optional<CheckProtocol> protocol;
    private Stage stage = Stage.CONNECTING;
    private Channel channel;
    /** The channel, where it has to be waited for. */
    private Future<Channel> coming;
    /** Where the bytes of the steps go: {@link #channel}, unless something else is spoken on that. */
    private Channel bytes;
    /** Empty until the server sends something: most checks by far are plain connects. */
    private ByteBuf received = Unpooled.EMPTY_BUFFER;
    private boolean ended;
    private int drainedBytes;
    private Future<?> closer;

    private CheckConnection(EventLoop loop, Owner owner, ConnectStep.Target target) {
        this.loop = loop;
        this.owner = owner;
        this.tls = target.tls().isPresent();
        this.proxyHeader = target.proxyHeader();
        this.bare = !tls && proxyHeader == 0 && target.protocol().isEmpty() && !target.linger();
        this.local = target.local();
        this.protocol = target.protocol();
    }

    /** Begins a connection. It may fail, and tell its owner so, before this method returns: then it is of no use. */
    static CheckConnection open(
            CheckRunner runner, EventLoop loop, SocketAddress address, ConnectStep.Target target, Owner owner) {
        CheckConnection connection = new CheckConnection(loop, owner, target);
        connection.begin(runner, address, target.tls());
        return connection;
    }

    private void begin(CheckRunner runner, SocketAddress address, Optional<TlsClient> client) {
        if (address instanceof InetSocketAddress inet && inet.isUnresolved()) {
            fail(CheckStatus.SOCKERR, "server name '" + inet.getHostString() + "' is not resolved", "");
            return;
        }
        if (local.sockets().isPresent()) {
            coming = local.sockets().get().next(loop);
            coming.addListener(came -> {
                if (!coming.isSuccess()) {
                    fail(CheckStatus.SOCKERR, "no socket can be made", String.valueOf(coming.cause().getMessage()));
                } else if (stage == Stage.LEAVING) {
                    coming.getNow().unsafe().closeForcibly();
                } else {
                    connect(coming.getNow(), address, client);
                }
            });
            return;
        }
        Channel made;
        try {
            made = runner.channels.newChannel();
        } catch (RuntimeException noSocket) {
            fail(CheckStatus.SOCKERR, SocketErrors.text(noSocket), "");
            return;
        }
        connect(made, address, client);
    }

    private void connect(Channel made, SocketAddress address, Optional<TlsClient> client) {
        channel = made;
        bytes = made;
        try {
            // The owner's timer bounds the connect. Other options stay: each one is a system call for each check.
            channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
            local.options().set(channel);
            if (proxyHeader > 0) {
                channel.pipeline().addLast(new ProxyHeader(proxyHeader));
            }
            if (client.isPresent()) {
                channel.pipeline().addLast(tlsHandler(client.get(), address));
            }
            channel.pipeline().addLast(this);
        } catch (RuntimeException | IOException notSet) {
            // Every check would repeat it: the result carries the cause to whoever reports results.
            LOG.debug("a health check of {} cannot set up its connection", address, notSet);
            channel.unsafe().closeForcibly();
            channel = null;
            fail(CheckStatus.SOCKERR, notSet instanceof ChannelException || notSet instanceof IOException ? "the socket cannot be set up" : "TLS cannot be set up",
                    String.valueOf(notSet.getMessage()));
            return;
        }
        loop.register(channel).addListener(registered -> {
            if (!registered.isSuccess()) {
                fail(CheckStatus.SOCKERR, SocketErrors.text(registered.cause()), "");
            } else if (stage != Stage.LEAVING) {
                channel.connect(address, local.address().orElse(null)).addListener(connected -> {
                    if (!connected.isSuccess()) {
                        fail(CheckStatus.L4CON, SocketErrors.text(connected.cause()), "");
                    }
                });
            }
        });
    }

    private SslHandler tlsHandler(TlsClient client, SocketAddress address) {
        SslHandler handler = address instanceof InetSocketAddress inet
                ? client.newHandler(channel.alloc(), inet.getHostString(), inet.getPort())
                : client.newHandler(channel.alloc(), "", 0);
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (stage != Stage.CONNECTING) {
            return;
        }
        if (tls) {
            stage = Stage.HANDSHAKING;
        } else {
            opened();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if ((stage == Stage.CONNECTING || stage == Stage.HANDSHAKING)
                && event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                opened();
            } else {
                handshakeFailed(handshake.cause());
            }
        } else if (stage == Stage.OPEN && event instanceof SslCloseCompletionEvent) {
            // close_notify: the server will send nothing more, though its socket may stay open.
            ended = true;
            owner.arrived();
        }
    }

    private void opened() {
        if (protocol.isEmpty()) {
            stage = Stage.OPEN;
            owner.opened();
            return;
        }
        stage = Stage.AGREEING;
        protocol.get().begin(channel, tls, new CheckProtocol.Told() {
            @Override
            public void ready(Channel agreed) {
                if (stage != Stage.AGREEING) {
                    agreed.close();
                    return;
                }
                bytes = agreed;
                agreed.pipeline().addLast(new Passage());
                stage = Stage.OPEN;
                owner.opened();
            }

            @Override
            public void failed(Throwable cause) {
                fail(CheckStatus.L7RSP, "the server does not speak HTTP/2", rootMessage(cause));
            }
        });
    }

    /** From the channel of the bytes. */
    private final class Passage extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            CheckConnection.this.channelRead(ctx, message);
            CheckConnection.this.channelReadComplete(ctx);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            CheckConnection.this.channelInactive(ctx);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            CheckConnection.this.exceptionCaught(ctx, cause);
        }
    }

    private void handshakeFailed(Throwable cause) {
        fail(CheckStatus.L6RSP, "SSL handshake failure", HandshakeAdvice.explain(rootMessage(cause)));
    }

    /** The engines wrap what they have to say: OpenSSL's outermost message is "General OpenSslEngine problem". */
    static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            ByteBuf came = (ByteBuf) message;
            bare = false;
            if (stage == Stage.LEAVING) {
                drainedBytes += came.readableBytes();
                if (drainedBytes > CheckRunner.DRAIN_LIMIT_BYTES) {
                    ctx.close();
                }
                return;
            }
            if (owner.isTraced()) {
                owner.traced(false, ByteBufUtil.getBytes(came));
            }
            if (received == Unpooled.EMPTY_BUFFER) {
                received = ctx.alloc().buffer(Math.max(512, came.readableBytes()));
            }
            received.writeBytes(came);
        } finally {
            ReferenceCountUtil.release(message);
        }
        if (received.readableBytes() >= CheckRunner.INPUT_LIMIT_BYTES) {
            owner.arrived();
            if (stage == Stage.OPEN && received.readableBytes() >= CheckRunner.INPUT_LIMIT_BYTES) {
                ctx.channel().config().setAutoRead(false);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (stage == Stage.OPEN) {
            owner.arrived();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (stage == Stage.LEAVING) {
            stopCloser();
        } else if (stage == Stage.HANDSHAKING) {
            fail(CheckStatus.L6RSP, "SSL handshake failure", "the server closed the connection");
        } else if (stage == Stage.OPEN) {
            ended = true;
            owner.arrived();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (stage == Stage.LEAVING) {
            // The verdict is out: how the server takes leave no longer matters, and the channel closes in any case.
            LOG.debug("after a health check, {}: {}", ctx.channel().remoteAddress(), cause.toString());
            ctx.close();
        } else if (stage == Stage.HANDSHAKING) {
            handshakeFailed(cause);
        } else {
            owner.broken(cause);
        }
    }

    private void fail(CheckStatus status, String info, String detail) {
        if (stage != Stage.LEAVING) {
            owner.failed(status, info, detail);
        }
    }

    boolean isOpen() {
        return stage == Stage.OPEN;
    }

    Stage stage() {
        return stage;
    }

    ByteBuf received() {
        return received;
    }

    boolean ended() {
        return ended;
    }

    /** A reset: what came before it is all there is. */
    void endInput() {
        ended = true;
    }

    Channel channel() {
        return channel;
    }

    /** The owner has taken what it wanted of {@link #received}; goes on reading if it had paused. */
    void taken() {
        received.discardSomeReadBytes();
        if (!bytes.config().isAutoRead() && received.readableBytes() < CheckRunner.INPUT_LIMIT_BYTES) {
            bytes.config().setAutoRead(true);
        }
    }

    void send(ByteBuf written) {
        bare = false;
        if (owner.isTraced()) {
            owner.traced(true, ByteBufUtil.getBytes(written));
        }
        if (ended) {
            // The server has left; what the next step expects will not come, and that is what is to be told.
            written.release();
            return;
        }
        bytes.writeAndFlush(written).addListener(sent -> {
            if (!sent.isSuccess() && stage == Stage.OPEN) {
                owner.broken(sent.cause());
            }
        });
    }

    /** Ends it; with {@code politely}, what the server still sends is read for a while, so that it gets no reset. */
    void leave(boolean politely) {
        if (stage == Stage.LEAVING) {
            return;
        }
        boolean open = stage == Stage.OPEN;
        stage = Stage.LEAVING;
        received.release();
        received = Unpooled.EMPTY_BUFFER;
        if (channel == null) {
            if (coming != null) {
                coming.cancel(false);
            }
            return;
        }
        if (open && bare && !ended) {
            reset();
        } else if (politely && open && bytes == channel && channel.isActive() && channel instanceof DuplexChannel duplex) {
            closePolitely(duplex);
        } else {
            // That of the bytes first: it takes leave in the words of what is spoken.
            bytes.close();
            channel.close();
        }
    }

    /** As HAProxy leaves a connection on which nothing was said: no state is left behind on either side. */
    private void reset() {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException gone) {
            LOG.debug("a connection of a health check has ended by itself", gone);
        }
        channel.close();
    }

    private void closePolitely(DuplexChannel duplex) {
        duplex.config().setAutoRead(true);
        SslHandler handler = duplex.pipeline().get(SslHandler.class);
        if (handler == null) {
            duplex.shutdownOutput();
        } else {
            handler.closeOutbound().addListener(sent -> duplex.shutdownOutput());
        }
        closer = loop.schedule(() -> duplex.close(), CheckRunner.CLOSE_WAIT.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends it at once. */
    void cut() {
        leave(false);
        stopCloser();
        if (channel != null) {
            channel.close();
        }
    }

    private void stopCloser() {
        if (closer != null) {
            closer.cancel(false);
            closer = null;
        }
    }

    /** Its peer, for the log. */
    @Override
    public String toString() {
        return channel == null ? "?" : String.valueOf(channel.remoteAddress());
    }
}
