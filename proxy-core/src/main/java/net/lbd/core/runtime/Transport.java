package net.lbd.core.runtime;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.uring.IoUringDomainSocketChannel;
import io.netty.channel.uring.IoUringServerDomainSocketChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.Locale;
import net.lbd.core.netns.Namespace;

/** The way to the kernel's sockets. Immutable. */
public enum Transport {

    /** Native io_uring, Linux 5.19 and later; only on request, as it was measured to be slower for bulk (decision 0006). */
    IO_URING,
    /** Native epoll: a listener for each worker, Unix sockets, every socket option. */
    EPOLL,
    /** The JDK's selectors, where no native library loads: one worker listens for all. */
    NIO;

    /** Chooses a transport by name, instead of the best: {@code io_uring}, {@code epoll} or {@code nio}. */
    private static final String PROPERTY = "lbd.transport";

    /** The best transport of this machine, or the one that {@code -Dlbd.transport} names. */
    public static Transport best() {
        String named = System.getProperty(PROPERTY, "");
        if (!named.isEmpty()) {
            Transport asked = valueOf(named.toUpperCase(Locale.ROOT));
            if (asked == IO_URING && !UringLoop.isUsable()) {
                throw new IllegalStateException("-D" + PROPERTY + "=io_uring: this kernel has no io_uring with buffer rings"
                        + " (Linux 5.19), or does not let this process use it; leave the property out");
            }
            return asked;
        }
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** What carries logs and health checks beside workers of this transport. */
    public Transport companion() {
        return this == IO_URING ? EPOLL : this;
    }

    /** Event loops whose threads carry the given name and a number. */
    public EventLoopGroup newLoops(int count, String name) {
        return new MultiThreadIoEventLoopGroup(count, new DefaultThreadFactory(name, false), ioHandlers());
    }

    private IoHandlerFactory ioHandlers() {
        return switch (this) {
            case IO_URING -> UringLoop.newFactory();
            case EPOLL -> EpollLoop.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /** A channel for an outgoing TCP connection, not yet registered. */
    public Channel newStreamChannel() {
        return switch (this) {
            case IO_URING -> UringLoop.withRing(new IoUringSocketChannel());
            case EPOLL -> new EpollSocketChannel();
            case NIO -> new NioSocketChannel();
        };
    }

    /** A channel for datagrams, not yet registered. */
    public Channel newDatagramChannel() {
        return switch (this) {
            case IO_URING -> throw new UnsupportedOperationException("datagrams go by the companion");
            case EPOLL -> new EpollDatagramChannel();
            case NIO -> new NioDatagramChannel();
        };
    }

    /** A channel for an outgoing connection to a Unix socket, not yet registered. */
    public Channel newDomainChannel() {
        return switch (this) {
            case IO_URING -> UringLoop.withRing(new IoUringDomainSocketChannel());
            case EPOLL -> new EpollDomainSocketChannel();
            case NIO -> throw new UnsupportedOperationException("Unix sockets to servers need a native transport");
        };
    }

    /** What the connections of a listener need before they are registered. */
    public void prepare(ServerBootstrap listener) {
        if (this == IO_URING) {
            UringLoop.prepare(listener);
        }
    }

    Class<? extends ServerChannel> listenerType() {
        return switch (this) {
            case IO_URING -> IoUringServerSocketChannel.class;
            case EPOLL -> EpollServerSocketChannel.class;
            case NIO -> NioServerSocketChannel.class;
        };
    }

    /** For one address: the wildcard of IPv4 takes IPv4 only, which a socket of both families would not. */
    ServerChannel newListener(SocketAddress address) {
        if (address instanceof DomainSocketAddress) {
            return newDomainListener();
        }
        boolean onlyIpv4 = isOnlyIpv4(address);
        return switch (this) {
            // Has no other sockets: 0.0.0.0 takes IPv6 too.
            case IO_URING -> new IoUringServerSocketChannel();
            case EPOLL -> onlyIpv4 ? new EpollServerSocketChannel(SocketProtocolFamily.INET) : new EpollServerSocketChannel();
            case NIO -> onlyIpv4 ? new NioServerSocketChannel(SelectorProvider.provider(), SocketProtocolFamily.INET) : new NioServerSocketChannel();
        };
    }

    private static boolean isOnlyIpv4(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet4Address && inet.getAddress().isAnyLocalAddress();
    }

    /**
     * As {@link #newListener}, in a network namespace; blocks until its process has made the socket.
     *
     * @throws IOException if it cannot be made
     */
    static ServerChannel newListener(Namespace namespace, SocketAddress address) throws IOException {
        return namespace.newListener(isOnlyIpv4(address));
    }

    private ServerChannel newDomainListener() {
        return switch (this) {
            case IO_URING -> new IoUringServerDomainSocketChannel();
            case EPOLL -> new EpollServerDomainSocketChannel();
            case NIO -> throw new UnsupportedOperationException("Unix sockets in bind lines need a native transport");
        };
    }

    /** Whether several sockets can listen on one address, one for each worker. */
    public boolean sharesPorts() {
        return this != NIO;
    }
}
