package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Handshakes, why they failed, and when certificates end, as metrics of {@code use-service prometheus-exporter}. */
@Timeout(60)
class TlsMetricsTest {

    @TempDir
    private Path dir;

    @Test
    void tellsOfHandshakesAndOfTheEndsOfCertificates() {
        TestCertificates.Identity site = TestCertificates.create().server(TestCertificates.KeyKind.ECDSA, "mail.example");
        Path file = site.writePem(dir.resolve("site.pem"));
        String text = EngineHarness.httpText("http-request use-service prometheus-exporter", "").replace(":@1", ":@1 ssl crt " + file + " ssl-min-ver TLSv1.3");
        try (EngineHarness proxy = EngineHarness.start(text)) {
            assertThatThrownBy(() -> {
                try (RawClient old = proxy.tlsClient(ClientTls.trustAll().protocols("TLSv1.2"))) {
                    old.send(get("/")).readToEnd();
                }
            }).isInstanceOf(UncheckedIOException.class);

            List<String> lines = scrape(proxy, "/metrics");
            assertThat(lines).contains("lbd_frontend_tls_handshakes_total{proxy=\"fe\"} 1", "lbd_frontend_tls_resumed_total{proxy=\"fe\"} 0",
                    "lbd_frontend_tls_failures_total{proxy=\"fe\",reason=\"version\"} 1", "lbd_frontend_tls_failures_total{proxy=\"fe\",reason=\"cipher\"} 0",
                    "lbd_certificate_end_seconds{file=\"" + file + "\"} " + site.certificate().getNotAfter().toInstant().getEpochSecond());
            assertThat(lines).anyMatch(l -> l.matches("lbd_certificate_days_left\\{file=\"" + file + "\"} [0-9]+"));
            assertThat(lines.stream().filter(l -> l.startsWith("# TYPE")).toList()).doesNotHaveDuplicates();
            assertThat(scrape(proxy, "/metrics?scope=server")).noneMatch(l -> l.contains("lbd_"));
        }
    }

    private static List<String> scrape(EngineHarness proxy, String target) {
        try (RawClient client = proxy.tlsClient(ClientTls.trustAll())) {
            client.send(get(target));
            return client.readResponse().bodyText().lines().toList();
        }
    }
}
