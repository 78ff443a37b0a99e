package net.lbd.health.check;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;

/**
 * Makes the TLS side of a check's connection. Server name, verification and versions are the implementer's
 * business; the check sets its own handshake time-out. Called on an event loop, so it must not block.
 */
@FunctionalInterface
public interface TlsClient {

    /**
     * A new handler in client mode.
     *
     * @param peerHost the server's address in text; empty for a unix socket
     * @param peerPort 0 for a unix socket
     */
    SslHandler newHandler(ByteBufAllocator allocator, String peerHost, int peerPort);
}
