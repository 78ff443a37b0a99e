package net.lbd.core.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;

/** The TLS of one bind: its certificates by name, versions and ciphers. Thread-safe. */
@FunctionalInterface
public interface BindTls {

    /** The handler that takes a new client's handshake; it may first look at the name asked for. */
    ChannelHandler newHandler(ByteBufAllocator allocator);
}
