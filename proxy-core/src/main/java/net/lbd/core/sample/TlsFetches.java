package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import java.util.function.Function;
import net.lbd.config.model.SampleType;
import net.lbd.core.session.TlsInfo;

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
            entry("ssl_fc_session_id", FetchCompiler.of((stream, out) -> {
                byte[] id = stream.session().tls().sessionId();
                out.setView(SampleType.BINARY, id, 0, id.length);
                return stream.session().isTls();
            })));

    private TlsFetches() { }

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
