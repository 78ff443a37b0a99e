package net.lbd.core.sample;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import net.lbd.config.model.SampleType;
import net.lbd.core.session.CertificateFacts;
import net.lbd.core.session.TlsCertificates;
import net.lbd.core.session.TlsFaults;
import net.lbd.core.stream.Stream;

/**
 * The certificates of TLS connections: the client's ({@code ssl_c_}), ours ({@code ssl_f_}), and the server's ({@code ssl_s_}).
 * Source: HAProxy manual, "Fetching samples at Layer 5".
 */
final class CertificateFetches {

    static final Map<String, FetchCompiler> ROWS = rows();

    private CertificateFetches() { }

    /** Which of the certificates. */
    private interface Side {
        Optional<CertificateFacts> of(Stream stream);
    }

    /** One part of a name, or the whole. */
    private interface Name {
        Optional<String> part(CertificateFacts certificate, String name, int occurrence);
    }

    private static Map<String, FetchCompiler> rows() {
        Map<String, FetchCompiler> rows = new HashMap<>();
        Side client = stream -> certificates(stream).client();
        side(rows, "ssl_c_", client);
        side(rows, "ssl_f_", stream -> certificates(stream).own());
        side(rows, "ssl_s_", ServerTlsFetches::certificate);
        rows.put("ssl_c_chain_der", bytes(client, CertificateFacts::chainDer));
        rows.put("ssl_s_chain_der", bytes(ServerTlsFetches::certificate, CertificateFacts::wholeChainDer));
        rows.put("ssl_c_err", fault(TlsFaults::certificate));
        rows.put("ssl_c_ca_err", fault(TlsFaults::authority));
        rows.put("ssl_c_ca_err_depth", fault(TlsFaults::authorityDepth));
        rows.put("ssl_c_used", FetchCompiler.of((stream, out) -> {
            out.setBoolean(certificates(stream).client().isPresent());
            return stream.session().isTls();
        }));
        // As in HAProxy it holds for a resumed session too; the two differ in what they say of the present connection.
        rows.put("ssl_fc_has_crt", FetchCompiler.of((stream, out) -> {
            out.setBoolean(certificates(stream).client().isPresent() && !stream.session().tls().resumed());
            return stream.session().isTls();
        }));
        rows.put("ssl_fc_is_resumed", FetchCompiler.of((stream, out) -> {
            out.setBoolean(stream.session().tls().resumed());
            return stream.session().listener().bind().tls().isPresent();
        }));
        rows.put("ssl_c_verify", FetchCompiler.of((stream, out) -> {
            out.setInteger(certificates(stream).verifyResult());
            return stream.session().isTls();
        }));
        return Map.copyOf(rows);
    }

    /** Told of a handshake that has failed, too. */
    private static FetchCompiler fault(ToIntFunction<TlsFaults> number) {
        return FetchCompiler.of((stream, out) -> {
            out.setInteger(number.applyAsInt(stream.session().tlsFaults()));
            return stream.session().listener().bind().tls().isPresent();
        });
    }

    private static void side(Map<String, FetchCompiler> rows, String prefix, Side side) {
        rows.put(prefix + "der", bytes(side, CertificateFacts::der));
        rows.put(prefix + "sha1", bytes(side, CertificateFacts::sha1));
        rows.put(prefix + "serial", bytes(side, CertificateFacts::serial));
        rows.put(prefix + "key_alg", text(side, CertificateFacts::keyAlgorithm));
        rows.put(prefix + "sig_alg", text(side, CertificateFacts::signatureAlgorithm));
        rows.put(prefix + "notafter", text(side, CertificateFacts::notAfter));
        rows.put(prefix + "notbefore", text(side, CertificateFacts::notBefore));
        rows.put(prefix + "version", FetchCompiler.of((stream, out) -> {
            Optional<CertificateFacts> certificate = side.of(stream);
            certificate.ifPresent(c -> out.setInteger(c.version()));
            return certificate.isPresent();
        }));
        rows.put(prefix + "s_dn", name(side, CertificateFacts::subject, CertificateFacts::subject2253, CertificateFacts::subjectPart));
        rows.put(prefix + "i_dn", name(side, CertificateFacts::issuer, CertificateFacts::issuer2253, CertificateFacts::issuerPart));
    }

    private static TlsCertificates certificates(Stream stream) {
        return stream.session().tls().certificates();
    }

    private static FetchCompiler bytes(Side side, Function<CertificateFacts, byte[]> field) {
        return FetchCompiler.of((stream, out) -> {
            Optional<byte[]> bytes = side.of(stream).map(field);
            bytes.ifPresent(b -> out.setView(SampleType.BINARY, b, 0, b.length));
            return bytes.isPresent();
        });
    }

    private static FetchCompiler text(Side side, Function<CertificateFacts, String> field) {
        return FetchCompiler.of((stream, out) -> put(side.of(stream).map(field), out));
    }

    /** {@code (entry, occurrence, format)}: without an entry all of the name, in HAProxy's form or as RFC 2253 has it. */
    private static FetchCompiler name(Side side, Function<CertificateFacts, String> whole, Function<CertificateFacts, String> rfc2253, Name part) {
        return (arguments, names) -> {
            String entry = arguments.text(0, "");
            int occurrence = (int) arguments.number(1, 1);
            Function<CertificateFacts, String> all = arguments.text(2, "").equals("rfc2253") ? rfc2253 : whole;
            return (stream, out) -> put(side.of(stream).flatMap(c ->
                    entry.isEmpty() ? Optional.of(all.apply(c)) : part.part(c, entry, occurrence)), out);
        };
    }

    private static boolean put(Optional<String> text, Sample out) {
        text.ifPresent(t -> {
            byte[] bytes = t.getBytes(StandardCharsets.UTF_8);
            out.setView(SampleType.STRING, bytes, 0, bytes.length);
        });
        return text.isPresent();
    }
}
