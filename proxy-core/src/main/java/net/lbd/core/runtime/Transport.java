package net.lbd.core.runtime;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;

/** The way to the kernel's sockets. Immutable. */
public enum Transport {

    /** Native epoll: a listener for each worker, Unix sockets, every socket option. */
    EPOLL,
    /** The JDK's selectors, where the native library does not load: one worker listens for all. */
    NIO;

    /** The best transport of this machine. */
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** Event loops whose threads carry the given name and a number. */
    public EventLoopGroup newLoops(int count, String name) {
        DefaultThreadFactory threads = new DefaultThreadFactory(name, false);
        return new MultiThreadIoEventLoopGroup(
                count, threads, this == EPOLL ? EpollLoop.newFactory() : NioIoHandler.newFactory());
    }

    /** A channel for an outgoing TCP connection, not yet registered. */
    public Channel newStreamChannel() {
        return this == EPOLL ? new EpollSocketChannel() : new NioSocketChannel();
    }

    /** A channel for an outgoing connection to a Unix socket, not yet registered. */
    public Channel newDomainChannel() {
        if (this != EPOLL) {
            throw new UnsupportedOperationException("Unix sockets to servers need the epoll transport");
        }
        return new EpollDomainSocketChannel();
    }

    Class<? extends ServerChannel> listenerType() {
        return this == EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    Class<? extends ServerChannel> domainListenerType() {
        if (this != EPOLL) {
            throw new UnsupportedOperationException("Unix sockets in bind lines need the epoll transport");
        }
        return EpollServerDomainSocketChannel.class;
    }

    /** Whether several sockets can listen on one address, one for each worker. */
    public boolean sharesPorts() {
        return this == EPOLL;
    }
}
