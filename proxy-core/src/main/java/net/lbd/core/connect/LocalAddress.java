package net.lbd.core.connect;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import net.lbd.core.netns.Namespace;

/**
 * Where a connection to a server comes from: what its socket is bound to before it is made. Connections that come from different
 * places are not exchanged for each other. Immutable. Source: HAProxy manual, "source"; ip(7), socket(7).
 *
 * @param address empty: the kernel chooses
 * @param firstPort of a range that connections take in turn; 0: any port
 * @param lastPort of that range, included
 * @param foreign the address need not be this machine's: packets are answered to it all the same, which wants CAP_NET_ADMIN or CAP_NET_RAW
 * @param device the interface to go out by
 * @param namespace the network namespace that its socket is made in; empty: the daemon's
 */
public record LocalAddress(Optional<InetAddress> address, int firstPort, int lastPort, boolean foreign, Optional<String> device,
        Optional<Namespace> namespace) {

    /** The kernel chooses. */
    public static final LocalAddress ANY = new LocalAddress(Optional.empty(), 0, 0, false, Optional.empty());

    /** Whose turn it is of a range; one for all ranges, as it matters only that it moves on. */
    private static final AtomicInteger TURN = new AtomicInteger();

    public LocalAddress {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(namespace, "namespace");
    }

    /** In the daemon's network namespace. */
    public LocalAddress(Optional<InetAddress> address, int firstPort, int lastPort, boolean foreign, Optional<String> device) {
        this(address, firstPort, lastPort, foreign, device, Optional.empty());
    }

    /** The same in a network namespace; empty: the daemon's. */
    public LocalAddress in(Optional<Namespace> other) {
        return namespace.equals(other) ? this : new LocalAddress(address, firstPort, lastPort, foreign, device, other);
    }

    /** The same with another address that need not be this machine's. */
    public LocalAddress as(InetAddress other, int port) {
        return new LocalAddress(Optional.of(other), port, port, true, device, namespace);
    }

    /**
     * What to bind the next socket to; empty: nothing. <em>Difference:</em> the ports of a range are taken in turn, whether they are free or
     * not: one that is not fails, and the next attempt takes the next.
     */
    public Optional<InetSocketAddress> next() {
        int port = lastPort <= firstPort ? firstPort : firstPort + Math.floorMod(TURN.getAndIncrement(), lastPort - firstPort + 1);
        return address.map(ip -> new InetSocketAddress(ip, port)).or(() -> port > 0 ? Optional.of(new InetSocketAddress(port)) : Optional.empty());
    }

    /** Whether only Linux's own sockets can do it. */
    public boolean needsEpoll() {
        return foreign || device.isPresent();
    }

    /**
     * Sets what must be set before the socket is bound.
     *
     * @throws IOException if the kernel does not permit it
     */
    public void prepare(Channel channel) throws IOException {
        if (this == ANY) {
            return;
        }
        if (device.isPresent()) {
            SocketOptions.requireDevice(channel, device.get(), "source … interface " + device.get());
        }
        if (foreign) {
            SocketOptions.require(channel, EpollChannelOption.IP_TRANSPARENT, true, "source … usesrc");
        }
        if (address.isPresent() || firstPort > 0) {
            channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
            if (firstPort == 0 && channel instanceof EpollSocketChannel) {
                // The port is chosen when it is known where to: thousands of connections to each server instead of to all.
                channel.config().setOption(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
            }
        }
    }
}
