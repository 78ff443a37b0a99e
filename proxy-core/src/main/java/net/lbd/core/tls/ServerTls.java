package net.lbd.core.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;

/** How to speak TLS to one server: certificates to trust, versions, name to ask for. Thread-safe. */
public interface ServerTls {

    /**
     * A handler for one new connection, before its handshake.
     *
     * @param sni the name to ask for; empty to send none
     */
    SslHandler newHandler(ByteBufAllocator allocator, String sni, String peerHost, int peerPort);

    /** Whether the session of a connection was resumed, also behind its end; false without BoringSSL, which alone tells it. */
    static boolean isResumed(Channel connection) {
        return connection.hasAttr(ServerContext.RESUMED);
    }
}
