package net.lbd.core.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** The TLS of one bind: its certificates by name, versions and ciphers. Thread-safe. */
@FunctionalInterface
public interface BindTls {

    /** The handler that takes a new client's handshake; it may first look at the name asked for. */
    ChannelHandler newHandler(ByteBufAllocator allocator);

    /** The files of its certificates. */
    default Set<Path> paths() {
        return Set.of();
    }

    /** The certificates as they are served, in the order of the configuration. */
    default List<PemFile> certificates() {
        return List.of();
    }

    /** A change that has been found to be possible. */
    @FunctionalInterface
    interface Replacement {
        /** Makes it; clients that come from then on see it. */
        void commit();
    }

    /**
     * Makes everything ready to show another certificate in the place of the one of this file.
     *
     * @throws TlsException if it cannot be used; nothing has changed
     */
    default Replacement prepare(Path path, PemFile pem) throws TlsException {
        return () -> { };
    }
}
