package net.lbd.core.connect;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets a connection without telling the peer. With the right to repair sockets (CAP_NET_ADMIN) the
 * kernel drops it without a packet; without that right the reset leaves with a time to live of 1, so that
 * the first router eats it; without epoll the peer gets the reset. Stateless. Source: HAProxy manual,
 * "silent-drop".
 */
public final class SilentDrop {

    private static final Logger LOG = LoggerFactory.getLogger(SilentDrop.class);

    // Numbers of Linux's netinet/in.h, netinet/tcp.h and linux/in6.h.
    private static final IntegerUnixChannelOption TCP_REPAIR = new IntegerUnixChannelOption("TCP_REPAIR", 6, 19);
    private static final IntegerUnixChannelOption IP_TTL = new IntegerUnixChannelOption("IP_TTL", 0, 2);
    private static final IntegerUnixChannelOption IPV6_UNICAST_HOPS = new IntegerUnixChannelOption("IPV6_UNICAST_HOPS", 41, 16);

    private SilentDrop() { }

    /** Closes the channel behind the back of its handlers: a TLS handler would say goodbye. */
    public static void close(Channel channel) {
        if (!(channel instanceof EpollSocketChannel) || !set(channel, TCP_REPAIR)) {
            if (channel instanceof EpollSocketChannel) {
                set(channel, IP_TTL);
                set(channel, IPV6_UNICAST_HOPS);
            }
            reset(channel);
        }
        channel.unsafe().close(channel.voidPromise());
    }

    private static boolean set(Channel channel, IntegerUnixChannelOption option) {
        try {
            return channel.config().setOption(option, 1);
        } catch (ChannelException e) {
            LOG.trace("{} is not permitted", option, e);
            return false;
        }
    }

    private static void reset(Channel channel) {
        try {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        } catch (ChannelException e) {
            LOG.trace("the socket is gone already", e);
        }
    }
}
