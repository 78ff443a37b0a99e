package net.lbd.core.sample;

import static java.util.Map.entry;

import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import net.lbd.config.model.SampleType;
import net.lbd.core.session.TlsInfo;
import net.lbd.core.tls.CipherSuites;

/** The client's TLS connection. Source: HAProxy manual, "Fetching samples at Layer 5". */
final class TlsFetches {

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("ssl_fc", FetchCompiler.of((stream, out) -> {
                out.setBoolean(stream.session().isTls());
                return true;
            })),
            entry("ssl_fc_has_sni", FetchCompiler.of((stream, out) -> {
                out.setBoolean(!stream.session().tls().sni().isEmpty());
                return true;
            })),
            entry("ssl_fc_sni", text(TlsInfo::sni)),
            entry("ssl_fc_protocol", text(TlsInfo::version)),
            entry("ssl_fc_cipher", text(TlsInfo::cipher)),
            entry("ssl_fc_alpn", text(TlsInfo::alpn)),
            entry("ssl_fc_err", FetchCompiler.of((stream, out) -> {
                out.setInteger(stream.session().tlsFaults().error());
                return stream.session().listener().bind().tls().isPresent();
            })),
            entry("ssl_fc_err_str", FetchCompiler.of((stream, out) -> {
                text(stream.session().tlsFaults().text(), out);
                return !stream.session().tlsFaults().text().isEmpty();
            })),
            entry("ssl_fc_has_early", FetchCompiler.of((stream, out) -> {
                out.setBoolean(false);
                return stream.session().isTls();
            })),
            entry("ssl_fc_npn", FetchCompiler.of((stream, out) -> false)),
            entry("ssl_fc_alg_keysize", keySize()),
            entry("ssl_fc_use_keysize", keySize()),
            entry("ssl_fc_client_random", random(ServerTlsFetches::clientRandom)),
            entry("ssl_fc_server_random", random(ServerTlsFetches::serverRandom)),
            entry("ssl_fc_session_id", FetchCompiler.of((stream, out) -> {
                byte[] id = stream.session().tls().sessionId();
                out.setView(SampleType.BINARY, id, 0, id.length);
                return stream.session().isTls();
            })));

    private TlsFetches() { }

    private static FetchCompiler keySize() {
        return FetchCompiler.of((stream, out) -> {
            out.setInteger(CipherSuites.keyBits(stream.session().tls().cipher()));
            return stream.session().isTls();
        });
    }

    private static FetchCompiler random(Function<SslHandler, Optional<byte[]>> which) {
        return FetchCompiler.of((stream, out) -> ServerTlsFetches.bytes(
                Optional.ofNullable(stream.session().channel().pipeline().get(SslHandler.class)).flatMap(which), out));
    }

    private static FetchCompiler text(Function<TlsInfo, String> field) {
        return FetchCompiler.of((stream, out) -> {
            String value = field.apply(stream.session().tls());
            text(value, out);
            return !value.isEmpty();
        });
    }

    /** Copies text of ASCII characters into the sample, without making an array. */
    static void text(String value, Sample out) {
        byte[] bytes = out.setOwned(SampleType.STRING, value.length());
        for (int i = 0; i < value.length(); i++) {
            bytes[i] = (byte) value.charAt(i);
        }
    }
}
