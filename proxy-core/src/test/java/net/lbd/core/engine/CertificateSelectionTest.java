package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.testkit.Await;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which certificate a client is shown, and how certificates are replaced. */
class CertificateSelectionTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    static Path dir;
    private static TestCertificates authority;

    @BeforeAll
    static void makeCertificates() {
        authority = TestCertificates.create();
        authority.server(KeyKind.ECDSA, "default").writePem(dir.resolve("d.pem"));
        authority.server(KeyKind.ECDSA, "a.example", "b.example").writePem(dir.resolve("ab.pem"));
        authority.server(KeyKind.ECDSA, "w", "w.example").writePem(dir.resolve("w.pem"));
        authority.server(KeyKind.ECDSA, "both.example").writePem(dir.resolve("both-ec.pem"));
        authority.server(KeyKind.RSA, "both.example", "rsa").writePem(dir.resolve("both-rsa.pem"));
    }

    private static EngineHarness proxy(String bind, int originPort) {
        return EngineHarness.start(EngineHarness.httpText("", EngineHarness.server("s", originPort)).replace(":@1", ":@1 ssl " + bind));
    }

    private static X509Certificate shown(int port, ClientTls tls) {
        try (RawClient client = RawClient.connectTls(port, tls)) {
            SSLSocket socket = client.tls();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        } catch (javax.net.ssl.SSLPeerUnverifiedException e) {
            throw new AssertionError(e);
        }
    }

    private static String name(int port, String sni) {
        try {
            return shown(port, ClientTls.trustAll().sni(sni)).getSubjectX500Principal().getName();
        } catch (UncheckedIOException e) {
            return "refused";
        }
    }

    private static int port(EngineHarness proxy) {
        return ((java.net.InetSocketAddress) proxy.engine().listeners().get(0).boundAddress()).getPort();
    }

    /** A list with wildcards, exclusions and a fallback, beside HAProxy. */
    @Test
    void aListChoosesAsHaproxyDoes() throws Exception {
        assumeTrue(Files.isExecutable(HaproxyOracle.PROGRAM), "haproxy is not installed; on Debian: apt-get install haproxy");
        Path list = Files.writeString(dir.resolve("list"), """
                # a comment
                %1$s/d.pem !*
                %1$s/ab.pem [ssl-min-ver TLSv1.3] a.example
                %1$s/ab.pem !b.example

                %1$s/w.pem [alpn http/1.1] *.z.example !x.z.example
                %1$s/both-ec.pem
                """.formatted(dir));
        List<String> names = List.of("default", "a.example", "b.example", "q.w.example", "y.z.example", "x.z.example", "z.example",
                "u.y.z.example", "both.example", "A.EXAMPLE", "");
        for (String strict : List.of("", " strict-sni")) {
            List<String> haproxy = new ArrayList<>();
            int port = Ports.free();
            Path file = Files.writeString(dir.resolve("haproxy.cfg"), """
                    defaults
                      mode http
                      timeout connect 5s
                      timeout client 5s
                      timeout server 5s
                    frontend fe
                      bind 127.0.0.1:%d ssl crt-list %s%s
                      http-request deny
                    """.formatted(port, list, strict));
            Process process = new ProcessBuilder(HaproxyOracle.PROGRAM.toString(), "-db", "-f", file.toString())
                    .redirectErrorStream(true).redirectOutput(dir.resolve("haproxy.log").toFile()).start();
            try {
                Await.until("haproxy to listen", () -> !process.isAlive() || Ports.isListening(port));
                names.forEach(sni -> haproxy.add(sni + " " + name(port, sni)));
            } finally {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
            try (EngineHarness proxy = proxy("crt-list " + list + strict, Ports.free())) {
                List<String> ours = new ArrayList<>();
                names.forEach(sni -> ours.add(sni + " " + name(port(proxy), sni)));
                assertThat(ours).isEqualTo(haproxy).as("it is a test of something").anyMatch(line -> !line.endsWith("CN=default"));
            }
        }
    }

    @Test
    void ofTwoCertificatesForOneNameTheClientsOfferDecides() {
        for (String order : List.of("crt %1$s/both-rsa.pem crt %1$s/both-ec.pem", "crt %1$s/both-ec.pem crt %1$s/both-rsa.pem")) {
            try (EngineHarness proxy = proxy("ssl-max-ver TLSv1.2 " + order.formatted(dir), Ports.free())) {
                ClientTls any = ClientTls.trustAll().sni("both.example").protocols("TLSv1.2");
                assertThat(shown(port(proxy), any).getPublicKey().getAlgorithm()).isEqualTo("EC");
                assertThat(withSuite(port(proxy), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")).isEqualTo("RSA");
                assertThat(withSuite(port(proxy), "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")).isEqualTo("EC");
            }
        }
    }

    private static String withSuite(int port, String suite) {
        try (SSLSocket socket = (SSLSocket) ClientTls.trustAllContext().getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {suite});
            socket.getSSLParameters();
            javax.net.ssl.SSLParameters parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new javax.net.ssl.SNIHostName("both.example")));
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            return socket.getSession().getPeerCertificates()[0].getPublicKey().getAlgorithm();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aLineOfAListHasItsOwnOptions() throws Exception {
        Path list = Files.writeString(dir.resolve("options"), dir.resolve("d.pem") + "\n"
                + dir.resolve("ab.pem") + " [ssl-max-ver TLSv1.2 alpn acme] a.example\n");
        try (EngineHarness proxy = proxy("crt-list " + list, Ports.free())) {
            try (RawClient old = RawClient.connectTls(port(proxy), ClientTls.trustAll().sni("a.example").alpn("acme"));
                    RawClient usual = RawClient.connectTls(port(proxy), ClientTls.trustAll().sni("default"))) {
                assertThat(old.tls().getSession().getProtocol()).isEqualTo("TLSv1.2");
                assertThat(old.tls().getApplicationProtocol()).isEqualTo("acme");
                assertThat(usual.tls().getSession().getProtocol()).isEqualTo("TLSv1.3");
            }
        }
    }

    @Test
    void whatIsWrongInAListIsToldWithItsLine() throws Exception {
        Files.writeString(dir.resolve("nokey.pem"), Files.readString(authority.writeCa(dir.resolve("ca.pem"))));
        Path list = Files.writeString(dir.resolve("bad"), "\n" + dir.resolve("nokey.pem") + " a.example\n");
        try (EngineHarness proxy = proxy("crt " + dir.resolve("d.pem"), Ports.free())) {
            ApplyResult result = proxy.apply(EngineHarness.httpText("", EngineHarness.server("s", Ports.free()))
                    .replace(":@1", ":@1 ssl crt-list " + list));
            assertThat(result.problems().toString()).contains("bad:2: " + dir.resolve("nokey.pem") + " holds no private key");

            Files.writeString(list, "\n\n" + dir.resolve("ab.pem") + " [verify required]\n");
            assertThat(proxy.apply(EngineHarness.httpText("", EngineHarness.server("s", Ports.free())).replace(":@1", ":@1 ssl crt-list " + list)).problems().toString())
                    .contains("bad:3: 'verify' needs the authorities to trust");
            Path empty = Files.createDirectory(dir.resolve("empty"));
            assertThat(proxy.apply(EngineHarness.httpText("", EngineHarness.server("s", Ports.free())).replace(":@1", ":@1 ssl crt " + empty)).problems().toString())
                    .contains("the folder " + empty + " holds no certificate");
        }
    }

    // ---- replacing

    @Test
    void aFileThatChangesIsPutInServiceAndOpenConnectionsStay() throws Exception {
        Path file = dir.resolve("site.pem");
        authority.server(KeyKind.ECDSA, "one").writePem(file);
        TestCertificates.Identity two = authority.server(KeyKind.RSA, "two");
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(OK)); EngineHarness proxy = proxy("crt " + file, origin.port());
                RawClient before = RawClient.connectTls(port(proxy), ClientTls.trustAll())) {
            before.send(GET);
            assertThat(before.readResponse().status()).isEqualTo(200);

            two.writePem(file);
            proxy.engine().certificates().lookForChanges();
            assertThat(name(port(proxy), "one")).as("it may still be written").isEqualTo("CN=one");
            proxy.engine().certificates().lookForChanges();

            assertThat(name(port(proxy), "one")).isEqualTo("CN=two");
            before.send(GET);
            assertThat(before.readResponse().status()).isEqualTo(200);

            Files.writeString(file, "not a certificate");
            proxy.engine().certificates().lookForChanges();
            proxy.engine().certificates().lookForChanges();
            assertThat(name(port(proxy), "one")).as("a bad file leaves the old one").isEqualTo("CN=two");

            authority.server(KeyKind.ECDSA, "three").writePem(file);
            proxy.engine().certificates().lookForChanges();
            proxy.engine().certificates().lookForChanges();
            assertThat(name(port(proxy), "one")).isEqualTo("CN=three");
        }
    }

    private static void lookTwice(EngineHarness proxy) {
        proxy.engine().certificates().lookForChanges();
        proxy.engine().certificates().lookForChanges();
    }

    @Test
    void aNewFileOfAFolderIsPutInServiceWhereAReloadWouldHaveIt() throws Exception {
        Path folder = Files.createDirectory(dir.resolve("folder"));
        authority.server(KeyKind.ECDSA, "m.example").writePem(folder.resolve("m.pem"));
        String bind = "crt " + dir.resolve("d.pem") + " crt " + folder;
        try (EngineHarness proxy = proxy(bind, Ports.free())) {
            authority.server(KeyKind.ECDSA, "new.example").writePem(folder.resolve("z.pem"));
            proxy.engine().certificates().lookForChanges();
            assertThat(name(port(proxy), "new.example")).as("it may still be written").isEqualTo("CN=default");
            proxy.engine().certificates().lookForChanges();
            assertThat(name(port(proxy), "new.example")).isEqualTo("CN=new.example");

            // For the same name the first file counts.
            authority.server(KeyKind.ECDSA, "first", "m.example").writePem(folder.resolve("a.pem"));
            authority.server(KeyKind.ECDSA, "last", "m.example").writePem(folder.resolve("zz.pem"));
            lookTwice(proxy);
            assertThat(name(port(proxy), "m.example")).isEqualTo("CN=first");
            assertThat(name(port(proxy), "last")).isEqualTo("CN=last");
            assertThat(name(port(proxy), "unknown")).as("the default stays").isEqualTo("CN=default");

            Files.delete(folder.resolve("a.pem"));
            lookTwice(proxy);
            assertThat(name(port(proxy), "m.example")).as("what is gone is served until a reload").isEqualTo("CN=first");
            assertThat(proxy.apply(EngineHarness.httpText("", EngineHarness.server("s", Ports.free())).replace(":@1", ":@1 ssl " + bind)).applied()).isTrue();
            assertThat(name(port(proxy), "m.example")).isEqualTo("CN=m.example");
        }
    }

    @Test
    void aNewFileThatCannotBeUsedIsLookedAtAgainWhenItChanges() throws Exception {
        Path folder = Files.createDirectory(dir.resolve("parts"));
        authority.server(KeyKind.ECDSA, "m.example").writePem(folder.resolve("m.pem"));
        TestCertificates.Identity late = authority.server(KeyKind.ECDSA, "late.example");
        try (EngineHarness proxy = proxy("crt " + folder, Ports.free())) {
            late.writeChain(folder.resolve("late.crt"));
            Files.writeString(folder.resolve("readme"), "no certificate");
            lookTwice(proxy);
            assertThat(name(port(proxy), "late.example")).as("without its key").isEqualTo("CN=m.example");

            late.writeKey(folder.resolve("late.crt.key"));
            lookTwice(proxy);
            assertThat(name(port(proxy), "late.example")).isEqualTo("CN=late.example");

            authority.server(KeyKind.ECDSA, "later.example").writePem(folder.resolve("late.crt"));
            Files.delete(folder.resolve("late.crt.key"));
            lookTwice(proxy);
            assertThat(name(port(proxy), "later.example")).as("it is followed from then on").isEqualTo("CN=later.example");
        }
    }

    @Test
    void aFolderInAListTakesNewFilesWithTheLinesWords() throws Exception {
        Path folder = Files.createDirectory(dir.resolve("listed"));
        authority.server(KeyKind.ECDSA, "m.example").writePem(folder.resolve("m.pem"));
        Path list = Files.writeString(dir.resolve("folders"), dir.resolve("d.pem") + "\n" + folder + " [ssl-min-ver TLSv1.3]\n" + dir.resolve("w.pem") + "\n");
        try (EngineHarness proxy = proxy("crt-list " + list, Ports.free())) {
            authority.server(KeyKind.ECDSA, "n.example").writePem(folder.resolve("n.pem"));
            lookTwice(proxy);
            assertThat(name(port(proxy), "n.example")).isEqualTo("CN=n.example");
            assertThat(shown(port(proxy), ClientTls.trustAll().sni("w").protocols("TLSv1.2")).getSubjectX500Principal().getName()).isEqualTo("CN=w");
            assertThatThrownBy(() -> shown(port(proxy), ClientTls.trustAll().sni("n.example").protocols("TLSv1.2"))).isInstanceOf(UncheckedIOException.class);
        }
    }
}
