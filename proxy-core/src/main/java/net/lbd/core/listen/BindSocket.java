package net.lbd.core.listen;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import net.lbd.core.connect.SocketOptions;
import net.lbd.core.netns.Namespace;

/**
 * What the sockets of a bind are told before they are bound. Immutable. Source: HAProxy manual, "interface", "v6only", "transparent",
 * "mss", "tcp-ut", "tfo", "defer-accept"; socket(7), tcp(7).
 *
 * @param device the network interface that packets must come from
 * @param transparent the address need not be the machine's own
 * @param moving the address may be the partner's at times (section {@code vrrp})
 * @param mss the maximum segment size in bytes; negative: so much less than the connection would have; 0: the kernel's
 * @param userTimeoutMillis how long sent bytes may stay unacknowledged; 0: the kernel's limit
 * @param deferAccept connections are accepted when their first bytes have come
 * @param namespace the network namespace that they are made in; empty: the daemon's
 */
public record BindSocket(Optional<String> device, boolean v6only, boolean transparent, boolean moving, int mss, int userTimeoutMillis, boolean fastOpen, boolean deferAccept,
        Optional<Namespace> namespace) {

    /** As the kernel has it. */
    public static final BindSocket PLAIN = new BindSocket(Optional.empty(), false, false, false, 0, 0, false, false);

    /** Numbers of Linux's headers. */
    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_IPV6 = 41;
    private static final IntegerUnixChannelOption V6ONLY = new IntegerUnixChannelOption("IPV6_V6ONLY", IPPROTO_IPV6, 26);
    private static final IntegerUnixChannelOption IPV6_TRANSPARENT = new IntegerUnixChannelOption("IPV6_TRANSPARENT", IPPROTO_IPV6, 75);
    private static final IntegerUnixChannelOption IPV6_FREEBIND = new IntegerUnixChannelOption("IPV6_FREEBIND", IPPROTO_IPV6, 78);
    private static final IntegerUnixChannelOption MAXSEG = new IntegerUnixChannelOption("TCP_MAXSEG", IPPROTO_TCP, 2);
    private static final IntegerUnixChannelOption USER_TIMEOUT = new IntegerUnixChannelOption("TCP_USER_TIMEOUT", IPPROTO_TCP, 18);
    private static final IntegerUnixChannelOption FAST_OPEN = new IntegerUnixChannelOption("TCP_FASTOPEN", IPPROTO_TCP, 23);

    private static final IntegerUnixChannelOption DEFER_ACCEPT = new IntegerUnixChannelOption("TCP_DEFER_ACCEPT", IPPROTO_TCP, 9);

    public BindSocket {
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(namespace, "namespace");
    }

    /** In the daemon's network namespace. */
    public BindSocket(Optional<String> device, boolean v6only, boolean transparent, boolean moving, int mss, int userTimeoutMillis, boolean fastOpen, boolean deferAccept) {
        this(device, v6only, transparent, moving, mss, userTimeoutMillis, fastOpen, deferAccept, Optional.empty());
    }

    /**
     * Tells a socket that is to be bound.
     *
     * @param backlog how many may wait for their first bytes with fast open
     * @throws IOException if the kernel, or the transport, cannot do it
     */
    void prepare(Channel socket, SocketAddress at, int backlog) throws IOException {
        if (equals(PLAIN)) {
            return;
        }
        if (device.isPresent()) {
            SocketOptions.requireDevice(socket, device.get(), "interface " + device.get());
        }
        if (v6only && isIpv6(at)) {
            SocketOptions.require(socket, V6ONLY, 1, "v6only");
        }
        if (transparent) {
            beForeign(socket, at);
        } else if (moving) {
            beFree(socket, at, "vrrp");
        }
        if (mss > 0) {
            SocketOptions.require(socket, MAXSEG, mss, "mss");
        }
        if (userTimeoutMillis > 0) {
            SocketOptions.require(socket, USER_TIMEOUT, userTimeoutMillis, "tcp-ut");
        }
        if (fastOpen) {
            SocketOptions.require(socket, FAST_OPEN, backlog, "tfo");
        }
        if (deferAccept) {
            // At worst until the handshake's answer is repeated for the first time, after a second.
            SocketOptions.require(socket, DEFER_ACCEPT, 1, "defer-accept");
        }
    }

    /** Tells a connection that has been accepted what cannot be told to the socket that listens. */
    void accepted(Channel connection) {
        if (mss < 0) {
            int usual = connection.config().getOption(MAXSEG);
            connection.config().setOption(MAXSEG, Math.max(1, usual + mss));
        }
    }

    /** Without the right to be transparent, an address that the machine does not have yet can still be bound. */
    private static void beForeign(Channel socket, SocketAddress at) throws IOException {
        boolean v6 = isIpv6(at);
        try {
            if (v6) {
                SocketOptions.require(socket, IPV6_TRANSPARENT, 1, "transparent");
            } else {
                SocketOptions.require(socket, EpollChannelOption.IP_TRANSPARENT, true, "transparent");
            }
        } catch (IOException noRight) {
            beFree(socket, at, "transparent");
        }
    }

    /** May be bound to what the machine does not have yet; wants no right. */
    private static void beFree(Channel socket, SocketAddress at, String keyword) throws IOException {
        if (isIpv6(at)) {
            SocketOptions.require(socket, IPV6_FREEBIND, 1, keyword);
        } else {
            SocketOptions.require(socket, EpollChannelOption.IP_FREEBIND, true, keyword);
        }
    }

    private static boolean isIpv6(SocketAddress at) {
        return at instanceof InetSocketAddress inet && inet.getAddress() instanceof Inet6Address;
    }
}
