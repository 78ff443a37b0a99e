package net.lbd.health.check;

import io.netty.channel.Channel;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the connections of a check come from. Immutable.
 *
 * @param address to bind before connecting; empty: the kernel chooses
 */
public record LocalEnd(Optional<SocketAddress> address, Options options) {

    /** The kernel chooses. */
    public static final LocalEnd ANY = new LocalEnd(Optional.empty(), channel -> { });

    /** Sets options of a socket before it is bound; what it throws fails the check. */
    @FunctionalInterface
    public interface Options {
        void set(Channel channel) throws IOException;
    }

    public LocalEnd {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(options, "options");
    }
}
