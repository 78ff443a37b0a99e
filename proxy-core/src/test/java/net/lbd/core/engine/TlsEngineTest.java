package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import net.lbd.testkit.Wire;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsEngineTest {

    @TempDir
    private static Path dir;
    private static TestCertificates ca;
    private static TestCertificates.Identity origin;

    @BeforeAll
    static void makeCertificates() throws Exception {
        ca = TestCertificates.create();
        ca.writeCa(dir.resolve("ca.pem"));
        TestCertificates.create().writeCa(dir.resolve("otherca.pem"));
        ca.server(KeyKind.ECDSA, "a.example", "alias.example").writePem(dir.resolve("a.pem"));
        writeWildcard("*.b.example", dir.resolve("b.pem"));
        origin = ca.server(KeyKind.ECDSA, "origin.example", "127.0.0.1");
    }

    /** A certificate for all names of a domain; the kit's builder takes no asterisk, so its extension is made here. */
    private static void writeWildcard(String name, Path file) throws Exception {
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        names.writeBytes(new byte[] {0x30, (byte) (text.length + 2), (byte) 0x82, (byte) text.length});
        names.writeBytes(text);
        X509Bundle bundle = new CertificateBuilder().algorithm(CertificateBuilder.Algorithm.rsa2048).subject("CN=" + name)
                .addExtensionOctetString("2.5.29.17", false, names.toByteArray())
                .buildIssuedBy(new CertificateBuilder().subject("CN=root").setIsCertificateAuthority(true).buildSelfSigned());
        Files.writeString(file, bundle.getCertificatePathPEM() + bundle.getPrivateKeyPEM());
    }

    private static EngineHarness bridge(String bindOptions, ScriptedOrigin server, String... serverOptions) {
        return EngineHarness.start(EngineHarness.httpText("", EngineHarness.server("s1", server.port(), serverOptions))
                .replace(":@1", ":@1 ssl " + bindOptions));
    }

    private static String crt(String name) {
        return "crt " + dir.resolve(name);
    }

    private static ClientTls client(String name) {
        return ClientTls.of(ca.clientContext()).verifying(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bridgesFromTlsToTls(String version) {
        String large = "x".repeat(3 << 20);
        try (ScriptedOrigin server = ScriptedOrigin.startTls(origin.serverContext(),
                        Script.answering(r -> r.target().equals("/large") ? ok(large) : ok(r.bodyText())));
                EngineHarness proxy = bridge(crt("a.pem"), server, "ssl verify required ca-file " + dir.resolve("ca.pem"));
                RawClient client = proxy.tlsClient(client("a.example").protocols(version))) {
            assertThat(client.tls().getSession().getProtocol()).isEqualTo(version);
            assertThat(client.tls().getSession().getCipherSuite()).containsAnyOf("GCM", "CHACHA20");
            for (int i = 0; i < 3; i++) {
                client.send(Messages.post("/", "body" + i));
                assertThat(client.readResponse().bodyText()).isEqualTo("body" + i);
            }
            client.send(get("/large"));
            assertThat(client.readResponse().bodyText()).hasSize(large.length());
            assertThat(server.connections()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"a.example, a.example", "alias.example, a.example", "x.b.example, *.b.example", "X.B.EXAMPLE, *.b.example",
        "b.example, a.example", "x.y.b.example, a.example", "unknown, a.example", "'', a.example"})
    void theNameAskedForChoosesTheCertificate(String name, String shown) throws SSLPeerUnverifiedException {
        try (ScriptedOrigin server = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = bridge(crt("a.pem") + " " + crt("b.pem"), server);
                RawClient client = proxy.tlsClient(ClientTls.trustAll().sni(name))) {
            X509Certificate certificate = (X509Certificate) client.tls().getSession().getPeerCertificates()[0];
            assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=" + shown);
            client.send(get("/x"));
            assertThat(client.readResponse().bodyText()).isEqualTo("/x");
        }
    }

    @Test
    void strictSniRefusesNamesWithoutACertificate() {
        try (ScriptedOrigin server = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = bridge(crt("a.pem") + " strict-sni", server)) {
            try (RawClient client = proxy.tlsClient(client("a.example"))) {
                client.send(get("/x"));
                assertThat(client.readResponse().bodyText()).isEqualTo("/x");
            }
            for (String name : new String[] {"unknown.example", ""}) {
                assertThatThrownBy(() -> proxy.tlsClient(ClientTls.trustAll().sni(name)).close()).as(name)
                        .hasMessageContaining("no TLS with");
            }
            proxy.awaitIdle();
        }
    }

    // ---- the server's certificate

    @ParameterizedTest
    @CsvSource({
        "verify none, 200",
        "verify required ca-file ca.pem, 200",
        "verify required ca-file otherca.pem, 503",
        "verify required ca-file ca.pem verifyhost origin.example, 200",
        "verify required ca-file ca.pem verifyhost other.example, 503",
        "verify required ca-file ca.pem sni str(origin.example), 200",
        "verify required ca-file ca.pem sni str(other.example), 503",
        "verify none sni str(other.example), 200",
        "verify none sni req.hdr(host), 200",
    })
    void aServerThatCannotProveItselfGetsNoRequest(String options, int status) {
        String resolved = options.replace("ca-file ", "ca-file " + dir + "/");
        try (ScriptedOrigin server = ScriptedOrigin.startTls(origin.serverContext(), Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("", "retries 0\n" + EngineHarness.server("s1", server.port(), "ssl", resolved));
                RawClient client = proxy.client()) {
            client.send(get("/x"));
            assertThat(client.readResponse().status()).isEqualTo(status);
            assertThat(server.requests()).hasSize(status == 200 ? 1 : 0);
            client.close();
            proxy.awaitIdle();
            server.stopListening();
        } catch (AssertionError e) {
            // The kit reports the handshake that was meant to fail.
            if (status == 200 || !e.getMessage().contains("SSL") && !e.getMessage().contains("script of the origin failed")) {
                throw e;
            }
        }
    }

    /** A Host header is the client's to choose: no value of it may break a connection to the server. */
    @ParameterizedTest
    @ValueSource(strings = {"a_b", "a.example:8080", "[::1]:443", "127.0.0.1", "a..b", "a.", "-a-", "%41", "xn--zzzzzz", ""})
    void anOddNameToAskTheServerForIsNoObstacle(String host) {
        try (ScriptedOrigin server = ScriptedOrigin.startTls(origin.serverContext(), Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("", "retries 0\n"
                        + EngineHarness.server("s1", server.port(), "ssl verify none sni req.hdr(host)"));
                RawClient client = proxy.client()) {
            client.send("GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("/x");
        }
    }

    @Test
    void aNameOfItsOwnGetsAConnectionOfItsOwn() {
        try (ScriptedOrigin server = ScriptedOrigin.startTls(origin.serverContext(), Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("", "http-reuse always\n"
                        + EngineHarness.server("s1", server.port(), "ssl verify none sni req.hdr(host)"));
                RawClient client = proxy.client()) {
            for (String host : new String[] {"one.example", "two.example", "one.example"}) {
                client.send("GET /" + host + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
                assertThat(client.readResponse().bodyText()).isEqualTo("/" + host);
            }
            assertThat(server.connections()).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"'', '0 1 1'", "no-ssl-reuse, '0 0 0'", "no-ssl-reuse ssl-max-ver TLSv1.2, '0 0 0'", "ssl-max-ver TLSv1.2, '0 1 1'"})
    void sessionsWithServersAreResumedUnlessTheLineSaysNo(String words, String resumed) {
        Script once = connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        };
        try (ScriptedOrigin server = ScriptedOrigin.startTls(origin.serverContext(), once, once, once);
                EngineHarness proxy = EngineHarness.http("http-response set-header x-resumed %[ssl_bc_is_resumed]",
                        EngineHarness.server("s1", server.port(), "ssl verify none", words));
                RawClient client = proxy.client()) {
            StringBuilder seen = new StringBuilder();
            for (int i = 0; i < 3; i++) {
                client.send(get("/"));
                seen.append(client.readResponse().header("x-resumed").orElseThrow()).append(i < 2 ? " " : "");
            }
            assertThat(seen.toString()).isEqualTo(resumed);
        }
    }

    @Test
    void aServerThatSpeaksNoTlsIs503() {
        try (ScriptedOrigin server = ScriptedOrigin.start(connection -> {
                    connection.readAvailable();
                    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
                });
                EngineHarness proxy = EngineHarness.http("", "retries 0\n" + EngineHarness.server("s1", server.port(), "ssl verify none"));
                RawClient client = proxy.client()) {
            client.send(get("/x"));
            assertThat(client.readResponse().status()).isEqualTo(503);
        }
    }

    @Test
    void aServerThatEndsInTheHandshakeIs503() {
        try (ScriptedOrigin server = ScriptedOrigin.start(connection -> connection.readAvailable());
                EngineHarness proxy = EngineHarness.http("", "retries 0\n" + EngineHarness.server("s1", server.port(), "ssl verify none"));
                RawClient client = proxy.client()) {
            client.send(get("/x"));
            assertThat(client.readResponse().status()).isEqualTo(503);
        }
    }

    // ---- ends over TLS

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\n\r\nsome", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nsome"})
    void aCutResponseLooksCutOverTlsToo(String begun) {
        try (ScriptedOrigin server = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(begun);
                    connection.expect("");
                    connection.readToEnd();
                });
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("", "timeout server 200ms\n"
                        + EngineHarness.server("s1", server.port())).replace(":@1", ":@1 ssl " + crt("a.pem")));
                RawClient client = proxy.tlsClient(client("a.example"))) {
            client.send(get("/"));
            client.readUntil("some");
            client.readToEnd();
            assertThat(client.end()).hasValueSatisfying(e -> assertThat(e).isNotEqualTo(Wire.End.FIN));
            proxy.awaitIdle();
        }
    }

    @Test
    void aWholeResponseEndsInOrderOverTls() {
        try (ScriptedOrigin server = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\n\r\nall of it");
                });
                EngineHarness proxy = bridge(crt("a.pem"), server);
                RawClient client = proxy.tlsClient(client("a.example"))) {
            client.send(get("/"));
            client.readHead();
            client.expect("all of it");
            client.expectEof();
            proxy.awaitIdle();
        }
    }

    @Test
    void aBadRequestIsToldOverTls() {
        try (ScriptedOrigin server = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = bridge(crt("a.pem"), server);
                RawClient client = proxy.tlsClient(client("a.example"))) {
            client.send("GET /\0 HTTP/1.1\r\n\r\n" + get("/smuggled"));
            assertThat(client.readResponse().status()).isEqualTo(400);
            client.expectEof();
            client.close();
            proxy.awaitIdle();
        }
    }

    @Test
    void aClientThatCutsItsTlsConnectionFreesTheServer() {
        try (ScriptedOrigin server = ScriptedOrigin.startTls(origin.serverContext(), connection -> {
                    connection.readRequest();
                    connection.readToEnd();
                });
                EngineHarness proxy = bridge(crt("a.pem"), server, "ssl verify none")) {
            for (boolean reset : new boolean[] {true, false}) {
                RawClient client = proxy.tlsClient(client("a.example"));
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
                server.awaitConnection(reset ? 1 : 2);
                if (reset) {
                    client.reset();
                } else {
                    client.cut();
                }
                proxy.awaitIdle();
            }
        } catch (AssertionError e) {
            // The request never comes whole: the script ends in the middle of reading it.
            if (!e.getMessage().contains("before 5 bytes came")) {
                throw e;
            }
        }
    }
}
