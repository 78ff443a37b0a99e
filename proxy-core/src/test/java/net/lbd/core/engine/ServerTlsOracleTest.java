package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.lbd.testkit.FarmCertificates;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fetches say of the TLS connection to a server and of its certificate, beside HAProxy 2.6, which speaks to the same server. */
class ServerTlsOracleTest {

    private static final List<String> EXPRESSIONS = List.of("ssl_bc", "ssl_bc_alpn", "ssl_bc_npn", "ssl_bc_cipher", "ssl_bc_protocol", "ssl_bc_alg_keysize",
            "ssl_bc_use_keysize", "ssl_bc_is_resumed", "ssl_bc_session_id,hex,length", "ssl_bc_client_random,hex,length", "ssl_bc_server_random,hex,length", "bc_err",
            "bc_err_str", "ssl_s_der,sha1,hex", "ssl_s_chain_der,sha1,hex", "ssl_s_i_dn", "ssl_s_i_dn(CN)", "ssl_s_s_dn", "ssl_s_s_dn(CN)", "ssl_s_key_alg",
            "ssl_s_sig_alg", "ssl_s_notafter", "ssl_s_notbefore", "ssl_s_serial,hex", "ssl_s_sha1,hex", "ssl_s_version");

    @TempDir
    private Path dir;

    @ParameterizedTest
    @CsvSource({"'ssl verify required ca-file ca.pem ssl-max-ver TLSv1.2 ciphers ECDHE-RSA-AES128-GCM-SHA256'",
        "'ssl verify none ssl-max-ver TLSv1.2 ciphers ECDHE-RSA-AES256-GCM-SHA384'",
        "'ssl verify none ssl-min-ver TLSv1.3'", "''"})
    void tellsWhatHaproxyTells(String options) throws Exception {
        HaproxyProcess.assumeInstalled();
        List<String> theirs;
        List<String> ours;
        FarmCertificates certificates = FarmCertificates.in(dir);
        try (ScriptedOrigin origin = origin(certificates, options);
                HaproxyProcess haproxy = HaproxyProcess.start(text(origin, options), dir)) {
            try (RawClient client = RawClient.connect(haproxy.port())) {
                theirs = values(client);
            }
        }
        try (ScriptedOrigin origin = origin(certificates, options);
                EngineHarness proxy = EngineHarness.start(text(origin, options)); RawClient client = proxy.client()) {
            ours = values(client);
        }
        SoftAssertions.assertSoftly(all -> {
            for (int i = 0; i < EXPRESSIONS.size(); i++) {
                all.assertThat(ours.get(i)).as(EXPRESSIONS.get(i)).isEqualTo(theirs.get(i));
            }
        });
        assertThat(ours.get(0)).isEqualTo(options.isEmpty() ? "<0>" : "<1>");
    }

    private static ScriptedOrigin origin(FarmCertificates certificates, String options) throws IOException {
        Script answer = Script.answering(ok("x"));
        return options.isEmpty() ? ScriptedOrigin.start(answer) : ScriptedOrigin.startTls(certificates.serverContext(), answer);
    }

    private static List<String> values(RawClient client) {
        client.send(get("/"));
        ReceivedMessage response = client.readResponse();
        assertThat(response.status()).isEqualTo(200);
        List<String> values = new ArrayList<>();
        for (int i = 0; i < EXPRESSIONS.size(); i++) {
            values.add(response.header("X-" + i).orElseThrow());
        }
        return values;
    }

    private String text(ScriptedOrigin origin, String options) {
        StringBuilder backend = new StringBuilder();
        for (int i = 0; i < EXPRESSIONS.size(); i++) {
            backend.append("http-response set-header X-").append(i).append(" <%[").append(EXPRESSIONS.get(i)).append("]>\n");
        }
        return EngineHarness.httpText("", backend + EngineHarness.server("s1", origin.port(), options.replace("ca.pem", dir.resolve("ca.pem").toString())))
                .replace("nbthread 1", "ssl-server-verify none");
    }
}
