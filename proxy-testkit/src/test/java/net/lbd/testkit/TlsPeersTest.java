package net.lbd.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import net.lbd.testkit.TestCertificates.Identity;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsPeersTest {

    private final TestCertificates ca = TestCertificates.create();

    @ParameterizedTest
    @CsvSource({"RSA, TLSv1.2", "RSA, TLSv1.3", "ECDSA, TLSv1.2", "ECDSA, TLSv1.3"})
    void verifyingClientReachesItsServer(KeyKind kind, String protocol) {
        Identity site = ca.server(kind, "mail.example.com", "127.0.0.1");
        try (ScriptedOrigin origin = ScriptedOrigin.startTls(site.serverContext(), Script.echo());
                RawClient client = RawClient.connectTls(origin.port(),
                        ClientTls.of(ca.clientContext()).verifying("mail.example.com").protocols(protocol))) {
            client.send("hello").expect("hello");
            assertThat(client.tls().getSession().getProtocol()).isEqualTo(protocol);
            client.shutdownOutput().expectEof();
        }
    }

    @Test
    void verifyingClientRefusesAnotherNameAuthorityOrExpiredCertificate() {
        assertThatThrownBy(() -> handshake(ca.server(KeyKind.ECDSA, "other.example.com")))
                .hasCauseInstanceOf(SSLException.class).hasMessageContaining("mail.example.com");
        assertThatThrownBy(() -> handshake(TestCertificates.create().server(KeyKind.ECDSA, "mail.example.com")))
                .hasCauseInstanceOf(SSLException.class);
        assertThatThrownBy(() -> handshake(ca.expiredServer(KeyKind.ECDSA, "mail.example.com")))
                .hasCauseInstanceOf(SSLException.class).hasStackTraceContaining("CertificateExpiredException");
    }

    @Test
    void connectionCutWithoutCloseNotifyIsToldFromAnOrderlyEnd() {
        Identity site = ca.server(KeyKind.ECDSA, "a");
        try (ScriptedOrigin origin = ScriptedOrigin.startTls(site.serverContext(),
                        c -> c.send("x").cut(), c -> c.send("x").close());
                RawClient first = RawClient.connectTls(origin.port(), ClientTls.trustAll());
                RawClient second = RawClient.connectTls(origin.port(), ClientTls.trustAll())) {
            first.expect("x").expectClosed();
            second.expect("x").expectClosed();
            assertThat(java.util.List.of(first.end().orElseThrow(), second.end().orElseThrow()))
                    .containsExactlyInAnyOrder(Wire.End.TLS_CUT, Wire.End.FIN);
        }
    }

    @Test
    void filesHoldWhatServersAndClientsRead(@TempDir Path dir) throws Exception {
        Identity site = ca.server(KeyKind.RSA, "mail.example.com");
        assertThat(Files.readString(ca.writeCa(dir.resolve("ca.pem"))))
                .startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(Files.readString(site.writePem(dir.resolve("site.pem"))))
                .startsWith("-----BEGIN CERTIFICATE-----").contains("-----BEGIN PRIVATE KEY-----");
        assertThat(Files.readString(site.writeChain(dir.resolve("site.crt")))).doesNotContain("PRIVATE KEY");
        assertThat(Files.readString(site.writeKey(dir.resolve("site.key")))).startsWith("-----BEGIN PRIVATE KEY-----");
    }

    private void handshake(Identity site) {
        try (ScriptedOrigin origin = ScriptedOrigin.startTls(site.serverContext(), Script.silent())) {
            try {
                RawClient.connectTls(origin.port(), ClientTls.of(ca.clientContext()).verifying("mail.example.com")).close();
            } finally {
                Await.until("the origin's side of the refused handshake", () -> !origin.handshakeFailures().isEmpty());
                assertThat(origin.connections()).isEmpty();
            }
        }
    }
}
