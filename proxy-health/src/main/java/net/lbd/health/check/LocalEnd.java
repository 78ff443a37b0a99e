package net.lbd.health.check;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the connections of a check come from. Immutable.
 *
 * @param address to bind before connecting; empty: the kernel chooses
 * @param sockets makes the channels; empty: whoever runs the checks
 */
public record LocalEnd(Optional<SocketAddress> address, Options options, Optional<Sockets> sockets) {

    /** The kernel chooses. */
    public static final LocalEnd ANY = new LocalEnd(Optional.empty(), channel -> { }, Optional.empty());

    /** Sets options of a socket before it is bound; what it throws fails the check. */
    @FunctionalInterface
    public interface Options {
        void set(Channel channel) throws IOException;
    }

    /** Sockets that may have to be waited for. */
    @FunctionalInterface
    public interface Sockets {
        /** A channel, not yet registered; the future is told on the loop, and cancelled by who waits no more. */
        Future<Channel> next(EventLoop loop);
    }

    public LocalEnd {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(sockets, "sockets");
    }
}
