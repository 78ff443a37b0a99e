package net.lbd.config.keyword.sample;

import static net.lbd.config.keyword.sample.FetchKeyword.of;
import static net.lbd.config.keyword.sample.FetchSource.CLIENT_TLS;
import static net.lbd.config.keyword.sample.FetchSource.SERVER_CONNECTION;
import static net.lbd.config.model.SampleType.BINARY;
import static net.lbd.config.model.SampleType.BOOLEAN;
import static net.lbd.config.model.SampleType.INTEGER;
import static net.lbd.config.model.SampleType.STRING;

import java.util.ArrayList;
import java.util.List;

/** More fetches of TLS, on both sides. Source: HAProxy manual, "Fetching samples at Layer 5". */
final class TlsFetchKeywords {

    private static final String SECRET = "the secrets of connections are given to nobody";
    private static final String UNIQUE = "BoringSSL as it is used here does not tell it";

    static final List<FetchKeyword> ROWS = rows();

    private TlsFetchKeywords() { }

    private static List<FetchKeyword> rows() {
        List<FetchKeyword> rows = new ArrayList<>();
        client(rows);
        side(rows, "ssl_fc_", CLIENT_TLS, "client");
        side(rows, "ssl_bc_", SERVER_CONNECTION, "server");
        server(rows);
        for (String secret : List.of("client_early_traffic_secret", "client_handshake_traffic_secret", "client_traffic_secret_0",
                "early_exporter_secret", "exporter_secret", "server_handshake_traffic_secret", "server_traffic_secret_0")) {
            rows.add(of("ssl_fc_" + secret, STRING, CLIENT_TLS, "A secret of the client's connection.").refused(SECRET));
        }
        return List.copyOf(rows);
    }

    private static void client(List<FetchKeyword> rows) {
        rows.add(of("ssl_c_err", INTEGER, CLIENT_TLS, "The first error of the client's certificate, by OpenSSL's number; 0: none."));
        rows.add(of("ssl_c_ca_err", INTEGER, CLIENT_TLS, "The first error of the authorities behind the client's certificate; 0: none."));
        rows.add(of("ssl_c_ca_err_depth", INTEGER, CLIENT_TLS, "How far behind the client's certificate that error is."));
        rows.add(of("ssl_fc_has_early", BOOLEAN, CLIENT_TLS, "Whether the request came as early data: never, none is taken."));
        rows.add(of("ssl_fc_err", INTEGER, CLIENT_TLS, """
                Why the client's TLS handshake failed, by the number of OpenSSL 3; 0: it did not, or the client has just gone."""));
        rows.add(of("ssl_fc_err_str", STRING, CLIENT_TLS, "What OpenSSL says of ssl_fc_err."));
    }

    private static void side(List<FetchKeyword> rows, String prefix, FetchSource source, String whose) {
        rows.add(of(prefix + "alg_keysize", INTEGER, source, "How many bits the keys of the cipher have on the " + whose + "'s connection."));
        rows.add(of(prefix + "use_keysize", INTEGER, source, "How many bits of them are used."));
        rows.add(of(prefix + "npn", STRING, source, "The protocol chosen by NPN: never one, it is not spoken."));
        rows.add(of(prefix + "client_random", BINARY, source, "The random bytes of the client's hello on the " + whose + "'s connection."));
        rows.add(of(prefix + "server_random", BINARY, source, "The random bytes of the server's hello on the " + whose + "'s connection."));
        rows.add(of(prefix + "session_key", BINARY, source, "The master secret of the " + whose + "'s connection.").refused(SECRET));
        rows.add(of(prefix + "unique_id", BINARY, source, "The TLS unique identifier of the " + whose + "'s connection.").refused(UNIQUE));
    }

    private static void server(List<FetchKeyword> rows) {
        rows.add(of("ssl_bc", BOOLEAN, SERVER_CONNECTION, "Whether the server's connection uses TLS."));
        rows.add(of("ssl_bc_is_resumed", BOOLEAN, SERVER_CONNECTION, "Whether the TLS session with the server was resumed. Difference: not told without BoringSSL."));
        rows.add(of("ssl_bc_alpn", STRING, SERVER_CONNECTION, "The protocol chosen by ALPN on the server's connection."));
        rows.add(of("ssl_bc_cipher", STRING, SERVER_CONNECTION, "The cipher suite of the server's connection, as OpenSSL names it."));
        rows.add(of("ssl_bc_protocol", STRING, SERVER_CONNECTION, "The version of TLS on the server's connection, such as TLSv1.3."));
        rows.add(of("ssl_bc_session_id", BINARY, SERVER_CONNECTION, "The identifier of the TLS session with the server."));
        rows.add(of("ssl_bc_err", INTEGER, SERVER_CONNECTION, "Why the TLS handshake with the server failed, by the number of OpenSSL 3; 0: it did not."));
        rows.add(of("ssl_bc_err_str", STRING, SERVER_CONNECTION, "What OpenSSL says of ssl_bc_err."));
        CertificateFetchKeywords.side(rows, "ssl_s_", CLIENT_TLS, "the server's certificate");
        rows.add(of("ssl_s_chain_der", BINARY, CLIENT_TLS, "The server's certificate and those that came with it, in DER."));
    }
}
