package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.lbd.testkit.Ports;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sslscan finds on a {@code bind … ssl crt FILE} without a word more: nothing that a grade would be taken off for. */
class TlsGradeIT {

    private static final Path SSLSCAN = Path.of("/usr/bin/sslscan");

    @TempDir
    private Path dir;

    @Test
    void aDefaultBindOffersNothingWeak() throws Exception {
        assumeTrue(Files.isExecutable(SSLSCAN), "sslscan is not installed; on Debian: apt-get install sslscan");
        TestCertificates authority = TestCertificates.create();
        Path rsa = authority.server(KeyKind.RSA, "mail.example").writePem(dir.resolve("rsa.pem"));
        Path ecdsa = authority.server(KeyKind.ECDSA, "mail.example").writePem(dir.resolve("ecdsa.pem"));
        int port = Ports.free();
        try (Daemon lbd = Daemon.start(dir.resolve("lbd"), """
                defaults
                    mode http
                    timeout connect 10s
                    timeout client 30s
                    timeout server 30s
                frontend fe
                    bind 127.0.0.1:%d ssl crt %s crt %s
                    http-request return status 200
                """.formatted(port, rsa, ecdsa), port)) {
            CommandResult scan = CommandResult.of(dir, List.of(SSLSCAN.toString(), "--no-colour", "--sni-name=mail.example", "127.0.0.1:" + port));
            assertThat(scan.output()).containsPattern("SSLv2 +disabled").containsPattern("SSLv3 +disabled").containsPattern("TLSv1.0 +disabled")
                    .containsPattern("TLSv1.1 +disabled").containsPattern("TLSv1.2 +enabled").containsPattern("TLSv1.3 +enabled")
                    .contains("Server supports TLS Fallback SCSV", "Session renegotiation not supported")
                    .contains("TLSv1.3 not vulnerable to heartbleed", "TLSv1.2 not vulnerable to heartbleed");
            List<String> suites = scan.output().lines().filter(line -> line.startsWith("Preferred") || line.startsWith("Accepted")).toList();
            assertThat(suites).hasSizeGreaterThanOrEqualTo(6)
                    .allMatch(line -> line.contains("GCM") || line.contains("CHACHA20"), "authenticated encryption")
                    .allMatch(line -> line.contains("ECDHE-") || line.contains("TLSv1.3"), "forward secrecy");
        }
    }
}
