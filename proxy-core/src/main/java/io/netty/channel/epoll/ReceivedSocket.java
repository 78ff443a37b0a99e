package io.netty.channel.epoll;

/**
 * Channels for sockets that another process has made and that are neither connected nor bound yet. Netty's public constructors take a
 * descriptor for one that is connected already, and would read from it and tell of it before it is; those that are told otherwise are for
 * their own package only, which is why this class stands in it. Another Netty that has them no more does not compile. Stateless.
 */
public final class ReceivedSocket {

    private ReceivedSocket() { }

    /** A TCP socket that is to be connected; the channel owns the descriptor. */
    public static EpollSocketChannel connection(int descriptor) {
        return new EpollSocketChannel(new LinuxSocket(descriptor), false);
    }

    /** A TCP socket that is to be bound and to listen; the channel owns the descriptor. */
    public static EpollServerSocketChannel listener(int descriptor) {
        return new EpollServerSocketChannel(new LinuxSocket(descriptor), false);
    }
}
