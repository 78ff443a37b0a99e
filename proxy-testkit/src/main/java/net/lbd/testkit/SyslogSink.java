package net.lbd.testkit;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Receives datagrams on UDP or on a Unix datagram socket: the other end of {@code log} lines and of
 * sd_notify. Keeps each datagram as a text (ISO-8859-1) in the order of arrival. Any thread.
 */
public final class SyslogSink implements AutoCloseable {

    private static final int DATAGRAM_BYTES = 65_536;

    private final EventLoopGroup group;
    private final Channel channel;
    private final List<String> messages = new CopyOnWriteArrayList<>();

    private SyslogSink(EventLoopGroup group, Class<? extends Channel> type, SocketAddress address) {
        this.group = group;
        this.channel = new Bootstrap()
                .group(group)
                .channel(type)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(DATAGRAM_BYTES))
                .handler(new Receiver())
                .bind(address)
                .syncUninterruptibly()
                .channel();
    }

    /** Listens on a free UDP port of the loopback address. */
    public static SyslogSink udp() {
        return new SyslogSink(new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory()), NioDatagramChannel.class,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Listens on a Unix datagram socket, which must not exist yet. Linux with Netty's native epoll. */
    public static SyslogSink unix(Path path) {
        Epoll.ensureAvailability();
        return new SyslogSink(new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory()),
                EpollDomainDatagramChannel.class, new DomainSocketAddress(path.toFile()));
    }

    /** The UDP port. */
    public int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Every datagram so far. */
    public List<String> messages() {
        return List.copyOf(messages);
    }

    /** Forgets what came so far. */
    public void clear() {
        messages.clear();
    }

    /** Waits for a datagram for which the predicate holds and returns the first. */
    public String await(String what, Predicate<String> wanted) {
        return await(what, Await.DEADLINE, wanted);
    }

    /** Waits at most {@code deadline} for a datagram for which the predicate holds and returns the first. */
    public String await(String what, Duration deadline, Predicate<String> wanted) {
        Await.until("a datagram with " + what, deadline, () -> messages.stream().anyMatch(wanted),
                () -> "received: " + messages);
        return messages.stream().filter(wanted).findFirst().orElseThrow();
    }

    /** Waits for a datagram that contains the text and returns the first. */
    public String awaitContaining(String text) {
        return await("'" + text + "'", m -> m.contains(text));
    }

    /** Stops listening; the file of a Unix socket goes away. */
    @Override
    public void close() {
        SocketAddress address = channel.localAddress();
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        if (address instanceof DomainSocketAddress unix) {
            try {
                Files.deleteIfExists(Path.of(unix.path()));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove " + unix.path(), e);
            }
        }
    }

    @Sharable
    private final class Receiver extends SimpleChannelInboundHandler<ByteBufHolder> {

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBufHolder packet) {
            ByteBuf content = packet.content();
            messages.add(content.toString(StandardCharsets.ISO_8859_1));
        }
    }
}
