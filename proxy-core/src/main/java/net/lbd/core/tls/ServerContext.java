package net.lbd.core.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import io.netty.util.AttributeKey;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.Settings;
import net.lbd.config.model.Verify;

/**
 * The TLS of one {@code server … ssl} line. Authorities and our own certificate can be replaced while connections are made; those that
 * are open keep what they have. Thread-safe: one volatile context, changed under the store's lock.
 */
final class ServerContext implements ServerTls, TlsUser {

    /** A peer that does not take our close_notify is closed all the same after this time. */
    private static final long CLOSE_NOTIFY_MILLIS = 3000;

    static final AttributeKey<Boolean> RESUMED = AttributeKey.valueOf(ServerContext.class, "resumed");

    private final Settings settings;
    private final Identity identity;
    private volatile SslContext context;

    ServerContext(Settings settings, TlsSources sources) throws TlsException {
        this.settings = settings;
        this.identity = new Identity(settings.get(ServerSettings.VERIFY) != Verify.NONE, settings.find(ServerSettings.VERIFYHOST));
        this.context = TlsContexts.clientContext(settings, sources);
    }

    @Override
    public boolean uses(String file) {
        return List.of(ServerSettings.CA_FILE, ServerSettings.CRL_FILE, ServerSettings.CRT).stream()
                .anyMatch(setting -> settings.find(setting).filter(file::equals).isPresent());
    }

    @Override
    public Replacement prepare(TlsSources sources, String file) throws TlsException {
        SslContext next = TlsContexts.clientContext(settings, sources);
        return () -> context = next;
    }

    @Override
    public SslHandler newHandler(ByteBufAllocator allocator, String sni, String peerHost, int peerPort) {
        return client(context, allocator, sni, identity, peerHost, peerPort);
    }

    /** How a server's certificate is judged: by its chain, and by a name if there is one to judge by. */
    private record Identity(boolean verified, Optional<String> host) { }

    private static SslHandler client(SslContext context, ByteBufAllocator allocator, String sni,
            Identity expected, String peerHost, int peerPort) {
        String identity = expected.host.orElse(sni.isEmpty() ? peerHost : sni);
        SslHandler handler = context.newHandler(allocator, identity, peerPort);
        SSLEngine engine = handler.engine();
        SSLParameters parameters = engine.getSSLParameters();
        helloName(sni).ifPresent(name -> parameters.setServerNames(List.of(name)));
        if (expected.verified && (expected.host.isPresent() || !sni.isEmpty())) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        engine.setSSLParameters(parameters);
        handler.handshakeFuture().addListener((Future<Channel> done) -> note(done, engine));
        handler.setHandshakeTimeoutMillis(0);
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        return handler;
    }

    /** Only the native library tells whether a session was resumed, and it forgets that with the end of the connection: logs want it later. */
    private static void note(Future<Channel> handshake, SSLEngine engine) {
        if (handshake.isSuccess() && engine instanceof ReferenceCountedOpenSslEngine openSsl && openSsl.sslPointer() != 0
                && SSL.isSessionReused(openSsl.sslPointer())) {
            handshake.getNow().attr(RESUMED).set(true);
        }
    }

    /** The name as a TLS hello carries it; empty for an address, and for what is no host name. */
    private static Optional<SNIServerName> helloName(String sni) {
        if (sni.isEmpty() || NetUtil.isValidIpV4Address(sni)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SNIHostName(sni));
        } catch (IllegalArgumentException e) {
            // Often the name is taken from the Host header, in which a client may write what it likes.
            return Optional.empty();
        }
    }
}
