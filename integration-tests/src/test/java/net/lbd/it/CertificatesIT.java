package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import net.lbd.testkit.Await;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates are replaced, added and removed while clients come, by {@code lbctl cert} and on the disk: nobody notices. */
class CertificatesIT {

    private final TestCertificates authority = TestCertificates.create();
    @TempDir
    private Path dir;
    private Path site;
    private Path list;
    private ExchangeFarm farm;
    private Daemon lbd;
    private int port;

    @BeforeEach
    void start() throws Exception {
        farm = ExchangeFarm.tls(dir, 1);
        port = Ports.free();
        site = authority.server(KeyKind.ECDSA, "one.example").writePem(dir.resolve("site.pem"));
        list = Files.writeString(dir.resolve("list"), authority.server(KeyKind.ECDSA, "two.example").writePem(dir.resolve("two.pem")) + "\n");
        lbd = Daemon.start(dir.resolve("lbd"), """
                defaults
                    mode http
                    timeout connect 10s
                    timeout client 30s
                    timeout server 30s
                frontend fe
                    bind 127.0.0.1:%d ssl crt %s crt-list %s
                    http-response set-header resumed "%%[ssl_fc_is_resumed]"
                    default_backend be
                backend be
                    server s1 127.0.0.1:%d ssl verify none
                """.formatted(port, site, list, farm.server(0).port()), port);
    }

    @AfterEach
    void stop() throws Exception {
        try (AutoCloseable a = farm) {
            lbd.close();
        }
    }

    private String shown(String name) {
        try (RawClient client = RawClient.connectTls(port, ClientTls.trustAll().sni(name))) {
            return ((X509Certificate) client.tls().getSession().getPeerCertificates()[0]).getSubjectX500Principal().getName();
        } catch (SSLPeerUnverifiedException e) {
            throw new AssertionError(e);
        } catch (UncheckedIOException e) {
            return "refused";
        }
    }

    private void lbctl(String... words) {
        CommandResult result = lbd.lbctl(words);
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    @Test
    void aCertificateReplacedUnderLoadDropsNothing() {
        Path other = dir.resolve("other.pem");
        try (LoadClients load = LoadClients.start(6, () -> RawClient.connectTls(port, ClientTls.trustAll().sni("one.example")))) {
            load.awaitMore(50);
            for (KeyKind kind : List.of(KeyKind.RSA, KeyKind.ECDSA, KeyKind.RSA)) {
                authority.server(kind, "by-command").writePem(other);
                lbctl("cert", "replace", site.toString(), other.toString());
                assertThat(shown("one.example")).isEqualTo("CN=by-command");
                load.awaitMore(30);

                authority.server(kind, "on-disk").writePem(site);
                Await.until("the file to be noticed", Duration.ofSeconds(60), () -> shown("one.example").equals("CN=on-disk"));
                load.awaitMore(30);
            }
            assertThat(load.failures()).isEmpty();
        }
        assertThat(lbd.output()).contains("has changed on disk and is in service now");
    }

    @Test
    void certificatesAreAddedAndRemovedAndAReloadFindsThemSo() throws Exception {
        Path added = authority.server(KeyKind.ECDSA, "three.example").writePem(dir.resolve("three.pem"));
        lbctl("cert", "add", list.toString(), added.toString(), "three.example", "*.three.example");
        assertThat(shown("three.example")).isEqualTo("CN=three.example");
        assertThat(shown("a.three.example")).isEqualTo("CN=three.example");
        assertThat(lbd.lbctl("cert", "list").output()).contains("three.pem", "two.pem", "site.pem");
        lbctl("reload");
        assertThat(shown("a.three.example")).isEqualTo("CN=three.example");

        lbctl("cert", "remove", list.toString(), added.toString());
        assertThat(shown("three.example")).isEqualTo("CN=one.example");
        lbctl("reload");
        assertThat(shown("three.example")).isEqualTo("CN=one.example");
        assertThat(Files.readAllLines(list)).hasSize(1);

        CommandResult broken = lbd.lbctl("cert", "add", list.toString(), authority.writeCa(dir.resolve("ca.pem")).toString());
        assertThat(broken.exitCode()).isNotZero();
        assertThat(broken.output()).contains("holds no private key", "nothing is changed");
        assertThat(lbd.lbctl("cert", "remove", list.toString(), "/nowhere.pem").output()).contains("names no certificate");
    }

    @Test
    void sessionsAreResumedAcrossAReload() {
        ClientTls client = ClientTls.of(ClientTls.trustAllContext()).sni("one.example");
        assertThat(resumed(client)).isEqualTo("0");
        assertThat(resumed(client)).isEqualTo("1");
        lbctl("reload");
        assertThat(resumed(client)).isEqualTo("1");
    }

    private String resumed(ClientTls tls) {
        try (RawClient client = RawClient.connectTls(port, tls)) {
            client.send("GET /owa/ HTTP/1.1\r\nHost: mail.example\r\n\r\n");
            return client.readResponse().header("resumed").orElseThrow();
        }
    }
}
