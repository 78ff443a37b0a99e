package net.lbd.core.sample;

import static java.util.Map.entry;

import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.internal.tcnative.SSL;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import net.lbd.config.model.SampleType;
import net.lbd.core.session.CertificateFacts;
import net.lbd.core.stream.Stream;
import net.lbd.core.tls.CipherSuites;
import net.lbd.core.tls.ServerTls;

/** The TLS connection to the server, read from the connection whenever it is asked for. Source: HAProxy manual, "ssl_bc" and its kin. */
final class ServerTlsFetches {

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("ssl_bc", FetchCompiler.of((stream, out) -> {
                out.setBoolean(handler(stream).isPresent());
                return stream.serverChannel().isPresent();
            })),
            entry("ssl_bc_alpn", text(handler -> Optional.ofNullable(handler.applicationProtocol()))),
            entry("ssl_bc_npn", FetchCompiler.of((stream, out) -> false)),
            entry("ssl_bc_cipher", text(handler -> Optional.of(cipher(handler)))),
            entry("ssl_bc_protocol", text(handler -> Optional.of(handler.engine().getSession().getProtocol()))),
            entry("ssl_bc_alg_keysize", keySize()),
            entry("ssl_bc_use_keysize", keySize()),
            entry("ssl_bc_is_resumed", FetchCompiler.of((stream, out) -> {
                out.setBoolean(stream.serverChannel().filter(ServerTls::isResumed).isPresent());
                return stream.serverChannel().isPresent();
            })),
            entry("ssl_bc_session_id", bytes(handler -> Optional.of(handler.engine().getSession().getId()))),
            entry("ssl_bc_client_random", bytes(ServerTlsFetches::clientRandom)),
            entry("ssl_bc_server_random", bytes(ServerTlsFetches::serverRandom)),
            entry("ssl_bc_err", FetchCompiler.of((stream, out) -> {
                out.setInteger(stream.serverFaults().error());
                return true;
            })),
            entry("ssl_bc_err_str", FetchCompiler.of((stream, out) -> {
                TlsFetches.text(stream.serverFaults().text(), out);
                return !stream.serverFaults().text().isEmpty();
            })));

    private ServerTlsFetches() { }

    private static Optional<SslHandler> handler(Stream stream) {
        return stream.serverChannel().map(channel -> channel.pipeline().get(SslHandler.class));
    }

    private static String cipher(SslHandler handler) {
        return CipherSuites.openSslName(handler.engine().getSession().getCipherSuite());
    }

    /** The certificate that the server has shown. */
    static Optional<CertificateFacts> certificate(Stream stream) {
        Optional<SslHandler> handler = handler(stream);
        if (handler.isEmpty()) {
            return Optional.empty();
        }
        try {
            List<X509Certificate> chain = new ArrayList<>();
            for (Certificate one : handler.get().engine().getSession().getPeerCertificates()) {
                chain.add((X509Certificate) one);
            }
            return chain.isEmpty() ? Optional.empty() : Optional.of(new CertificateFacts(chain));
        } catch (SSLPeerUnverifiedException showedNone) {
            return Optional.empty();
        }
    }

    /** Only the native library tells it, and only while the connection is open. */
    static Optional<byte[]> clientRandom(SslHandler handler) {
        return handler.engine() instanceof ReferenceCountedOpenSslEngine engine && engine.sslPointer() != 0
                ? Optional.ofNullable(SSL.getClientRandom(engine.sslPointer())) : Optional.empty();
    }

    static Optional<byte[]> serverRandom(SslHandler handler) {
        return handler.engine() instanceof ReferenceCountedOpenSslEngine engine && engine.sslPointer() != 0
                ? Optional.ofNullable(SSL.getServerRandom(engine.sslPointer())) : Optional.empty();
    }

    private static FetchCompiler keySize() {
        return FetchCompiler.of((stream, out) -> {
            Optional<SslHandler> handler = handler(stream);
            out.setInteger(handler.map(h -> CipherSuites.keyBits(cipher(h))).orElse(0));
            return handler.isPresent();
        });
    }

    private static FetchCompiler text(Function<SslHandler, Optional<String>> field) {
        return FetchCompiler.of((stream, out) -> {
            Optional<byte[]> bytes = handler(stream).flatMap(field).filter(t -> !t.isEmpty()).map(t -> t.getBytes(StandardCharsets.UTF_8));
            bytes.ifPresent(b -> out.setView(SampleType.STRING, b, 0, b.length));
            return bytes.isPresent();
        });
    }

    private static FetchCompiler bytes(Function<SslHandler, Optional<byte[]>> field) {
        return FetchCompiler.of((stream, out) -> bytes(handler(stream).flatMap(field), out));
    }

    static boolean bytes(Optional<byte[]> bytes, Sample out) {
        bytes.ifPresent(b -> out.setView(SampleType.BINARY, b, 0, b.length));
        return bytes.isPresent();
    }
}
