package net.lbd.cli.command;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.lbd.core.listen.InheritedAddress;
import net.lbd.core.listen.InheritedSocket;

/**
 * A control socket that the process was started with ({@code stats socket fd@N}). The JDK takes no descriptors, so what comes there is relayed
 * to a Unix socket of our own, byte for byte and with its half closes. Thread-safe: one event loop of its own does it all.
 */
final class InheritedControl implements AutoCloseable {

    private final EventLoopGroup loop;

    private InheritedControl(EventLoopGroup loop) {
        this.loop = loop;
    }

    /**
     * Begins to relay.
     *
     * @param to the socket of our own, which only this user may use
     * @throws IOException if the descriptor is no listening socket
     */
    static InheritedControl open(int number, Path to) throws IOException {
        ServerChannel listening = InheritedSocket.open(new InheritedAddress(number));
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("lbd-control-fd", true), EpollIoHandler.newFactory());
        ChannelFuture registered = new ServerBootstrap().group(loop)
                .channelFactory(() -> listening)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel client) {
                        connect(client, to);
                    }
                }).register().awaitUninterruptibly();
        if (!registered.isSuccess()) {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IOException("descriptor " + number + " cannot be served: " + registered.cause().getMessage(), registered.cause());
        }
        return new InheritedControl(loop);
    }

    private static void connect(Channel client, Path to) {
        Half half = new Half();
        client.pipeline().addLast(half);
        new Bootstrap().group(client.eventLoop()).channel(EpollDomainSocketChannel.class)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(new Half(client))
                .connect(new DomainSocketAddress(to.toString())).addListener((ChannelFuture connected) -> {
                    if (connected.isSuccess()) {
                        half.begin(connected.channel());
                        client.config().setAutoRead(true);
                        connected.channel().config().setAutoRead(true);
                    } else {
                        client.close();
                    }
                });
    }

    /** One direction. */
    private static final class Half extends ChannelInboundHandlerAdapter {

        private Optional<Channel> other;
        /** The sender has said all; it may before there is anybody to tell. */
        private boolean ended;

        Half(Channel other) {
            this.other = Optional.of(other);
        }

        /** Nothing is read before {@link #begin}. */
        Half() {
            this.other = Optional.empty();
        }

        void begin(Channel connected) {
            other = Optional.of(connected);
            if (ended) {
                ((DuplexChannel) connected).shutdownOutput();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            other.filter(Channel::isActive).ifPresentOrElse(channel -> channel.writeAndFlush(message), () -> ReferenceCountUtil.release(message));
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            // Who does not take the answer is not given more to hold.
            other.ifPresent(channel -> channel.config().setAutoRead(context.channel().isWritable()));
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                ended = true;
                other.ifPresent(channel -> ((DuplexChannel) channel).shutdownOutput());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            // Behind what is still to be written.
            other.ifPresent(channel -> channel.writeAndFlush(context.alloc().buffer(0, 0)).addListener(done -> channel.close()));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // A client that is gone; the other side is told by the close.
            context.close();
        }
    }

    @Override
    public void close() {
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
