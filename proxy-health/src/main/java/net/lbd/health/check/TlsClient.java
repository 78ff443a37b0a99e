package net.lbd.health.check;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Optional;

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

    /**
     * The same with what a {@code connect} step says. Asked once, when the check is set up.
     *
     * @param sni the name to ask for, in place of that of the server line
     * @param alpn the protocols to offer; empty: those of the server line
     */
    default TlsClient with(Optional<String> sni, List<String> alpn) {
        return this;
    }
}
