package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Section 3.2 of the Exchange 2010 guide: TLS ends in one place (there stunnel), HTTP begins in another, a Unix socket between them. */
class StunnelLinkTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @TempDir
    private Path dir;

    @Test
    void theWebFrontendSeesTheClientThroughTheSocketWithAColonInItsName() throws Exception {
        Path pem = TestCertificates.create().server(KeyKind.ECDSA, "mail.xlc.local").writePem(dir.resolve("mail.pem"));
        Path socket = dir.resolve("ssl:web");
        try (ScriptedOrigin owa = ScriptedOrigin.start(Script.answering(OK), Script.answering(OK));
                EngineHarness proxy = EngineHarness.start("""
                        defaults
                          timeout connect 10s
                          timeout client 10s
                          timeout server 10s
                        listen ssl_exchange_web
                          mode tcp
                          bind 127.0.0.1:@1 ssl crt %1$s
                          server web %2$s send-proxy
                        frontend fe
                          mode http
                          bind %2$s accept-proxy
                          http-request set-header X-Client "%%[src] %%[fc_rcvd_proxy]"
                          default_backend bk_owa
                        backend bk_owa
                          mode http
                          server CAS1 127.0.0.1:%3$d
                        """.formatted(pem, socket, owa.port()))) {
            assertThat(Files.exists(socket)).isTrue();
            int port = proxy.engine().listeners().stream().map(l -> l.boundAddress())
                    .filter(java.net.InetSocketAddress.class::isInstance).map(a -> ((java.net.InetSocketAddress) a).getPort()).findFirst().orElseThrow();
            try (RawClient client = RawClient.connectTls(port, ClientTls.trustAll().sni("mail.xlc.local"))) {
                for (int i = 0; i < 2; i++) {
                    ReceivedMessage answer = client.send("GET /owa/ HTTP/1.1\r\nHost: mail.xlc.local\r\n\r\n").readResponse();
                    assertThat(answer.status()).isEqualTo(200);
                }
            }
            assertThat(owa.awaitRequest(1).headers("x-client")).containsExactly("127.0.0.1 1");
        }
    }
}
