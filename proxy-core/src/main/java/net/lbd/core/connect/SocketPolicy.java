package net.lbd.core.connect;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannelConfig;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.net.SocketOption;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a proxy asks of its sockets, on the client's side in a frontend and on the servers' in a backend. Immutable. Source: HAProxy
 * manual, "option nolinger", "option clitcpka", "clitcpka-cnt" and kin.
 *
 * @param reset connections end with a reset, whatever is still on its way
 * @param keepAlive the kernel probes idle connections
 * @param idleSeconds before the first probe; 0: as the kernel has it, as with the two that follow
 * @param intervalSeconds between two probes
 * @param count of probes without an answer
 * @param userTimeoutMillis how long sent bytes may stay unacknowledged; 0: the kernel's limit
 * @param fastOpen the first bytes go with the opening of the connection (RFC 7413)
 */
public record SocketPolicy(boolean reset, boolean keepAlive, int idleSeconds, int intervalSeconds, int count, int userTimeoutMillis, boolean fastOpen) {

    /** Nothing special. */
    public static final SocketPolicy USUAL = new SocketPolicy(false, false, 0, 0, 0, 0, false);

    private static final Logger LOG = LoggerFactory.getLogger(SocketPolicy.class);
    /** Numbers of Linux's netinet/in.h and netinet/tcp.h. */
    private static final int IPPROTO_TCP = 6;
    private static final IntegerUnixChannelOption TCP_KEEPIDLE = new IntegerUnixChannelOption("TCP_KEEPIDLE", IPPROTO_TCP, 4);
    private static final IntegerUnixChannelOption TCP_KEEPINTVL = new IntegerUnixChannelOption("TCP_KEEPINTVL", IPPROTO_TCP, 5);
    private static final IntegerUnixChannelOption TCP_KEEPCNT = new IntegerUnixChannelOption("TCP_KEEPCNT", IPPROTO_TCP, 6);

    private static final IntegerUnixChannelOption USER_TIMEOUT = new IntegerUnixChannelOption("TCP_USER_TIMEOUT", IPPROTO_TCP, 18);
    private static final IntegerUnixChannelOption FAST_OPEN_CONNECT = new IntegerUnixChannelOption("TCP_FASTOPEN_CONNECT", IPPROTO_TCP, 30);

    /** Sets what is asked for on a TCP channel; one to a Unix socket has nothing of it. */
    public void apply(Channel channel) {
        if (this == USUAL || !(channel.config() instanceof SocketChannelConfig)) {
            return;
        }
        try {
            if (reset) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
            }
            if (keepAlive) {
                channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
                set(channel, TCP_KEEPIDLE, ExtendedSocketOptions.TCP_KEEPIDLE, idleSeconds);
                set(channel, TCP_KEEPINTVL, ExtendedSocketOptions.TCP_KEEPINTERVAL, intervalSeconds);
                set(channel, TCP_KEEPCNT, ExtendedSocketOptions.TCP_KEEPCOUNT, count);
            }
        } catch (ChannelException e) {
            LOG.trace("the socket is gone already", e);
        }
    }

    /**
     * Sets what a connection to a server must have before it is opened.
     *
     * @throws IOException if the transport or the kernel cannot do it
     */
    void prepare(Channel channel) throws IOException {
        if (userTimeoutMillis > 0) {
            SocketOptions.require(channel, USER_TIMEOUT, userTimeoutMillis, "tcp-ut");
        }
        if (fastOpen) {
            SocketOptions.require(channel, FAST_OPEN_CONNECT, 1, "tfo");
        }
    }

    /** The same for the connections of one server. */
    public SocketPolicy with(int userTimeoutMillis, boolean fastOpen) {
        return userTimeoutMillis == 0 && !fastOpen ? this
                : new SocketPolicy(reset, keepAlive, idleSeconds, intervalSeconds, count, userTimeoutMillis, fastOpen);
    }

    private static void set(Channel channel, IntegerUnixChannelOption option, SocketOption<Integer> ofTheJdk, int value) {
        if (value > 0) {
            ChannelOption<Integer> right = channel instanceof NioSocketChannel ? NioChannelOption.of(ofTheJdk) : option;
            channel.config().setOption(right, value);
        }
    }
}
