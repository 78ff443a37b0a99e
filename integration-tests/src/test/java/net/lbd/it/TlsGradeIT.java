package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sslscan and testssl.sh find on a {@code bind … ssl crt FILE} without a word more: nothing that a grade would be taken off for. */
class TlsGradeIT {

    private static final Path SSLSCAN = Path.of("/usr/bin/sslscan");
    private static final Path TESTSSL = Path.of("/usr/bin/testssl");
    /** Of the scanner's own OpenSSL, and of the test's authority, which has no list of revoked certificates: not of the bind. */
    private static final Set<String> NOT_OURS = Set.of("engine_problem", "cert_revocation");
    private static final Pattern FINDING = Pattern.compile(
            "\"id\"\\s*:\\s*\"([^\"]*)\",[^}]*?\"severity\"\\s*:\\s*\"([^\"]*)\",[^}]*?\"finding\"\\s*:\\s*\"([^\"]*)\"");

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

    /** Versions, suites, forward secrecy, preferences, the certificate, and all vulnerabilities that it knows; it looks up nothing elsewhere. */
    @Test
    void testsslHasNothingToSay() throws Exception {
        assumeTrue(Files.isExecutable(TESTSSL), "testssl.sh is not installed; on Debian: apt-get install testssl.sh");
        TestCertificates authority = TestCertificates.create();
        Path ca = authority.writeCa(dir.resolve("ca.pem"));
        Path site = authority.server(KeyKind.RSA, "localhost").writePem(dir.resolve("site.pem"));
        int port = Ports.free();
        try (Daemon lbd = Daemon.start(dir.resolve("lbd"), """
                defaults
                    mode http
                    timeout connect 10s
                    timeout client 30s
                    timeout server 30s
                frontend fe
                    bind 127.0.0.1:%d ssl crt %s
                    http-request return status 200
                """.formatted(port, site), port)) {
            Path findings = dir.resolve("findings.json");
            CommandResult scan = CommandResult.of(dir, Duration.ofMinutes(5), List.of(TESTSSL.toString(), "--quiet", "--color", "0", "--warnings", "off",
                    "--nodns", "none", "--ip", "127.0.0.1", "--openssl", "/usr/bin/openssl", "--openssl-timeout", "20", "--connect-timeout", "20",
                    "--add-ca", ca.toString(), "--jsonfile", findings.toString(),
                    "-p", "-s", "-f", "-P", "-S", "-U", "localhost:" + port));
            List<String> ids = new ArrayList<>();
            List<String> bad = new ArrayList<>();
            Matcher finding = FINDING.matcher(Files.readString(findings));
            while (finding.find()) {
                ids.add(finding.group(1));
                if (!finding.group(2).equals("OK") && !finding.group(2).equals("INFO") && !NOT_OURS.contains(finding.group(1))) {
                    bad.add(finding.group());
                }
            }
            assertThat(ids).as(scan.output()).contains("TLS1_3", "cipherlist_NULL", "cert_chain_of_trust", "heartbleed", "ROBOT", "LUCKY13", "RC4").hasSizeGreaterThan(60);
            assertThat(bad).isEmpty();
        }
    }

    /** What Windows 7, 8.1 and Server 2012 R2 offer with TLS 1.2 and an RSA certificate, best first; with ECDSA certificates they know GCM. */
    private static final String SCHANNEL = "ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:"
            + "DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA256:AES128-SHA256:AES256-SHA:AES128-SHA:"
            + "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES256-SHA";

    /** The two ways that docs/certificates.md tells for old clients, and that a default bind with an RSA certificate alone has none. */
    @Test
    void oldClientsConnectWhereTheBindSaysSoOrHasAnEcdsaCertificate() throws Exception {
        Path openssl = Path.of("/usr/bin/openssl");
        assumeTrue(Files.isExecutable(openssl), "openssl is not installed");
        TestCertificates authority = TestCertificates.create();
        Path rsa = authority.server(KeyKind.RSA, "mail.example").writePem(dir.resolve("rsa.pem"));
        Path ecdsa = authority.server(KeyKind.ECDSA, "mail.example").writePem(dir.resolve("ecdsa.pem"));
        List<Integer> ports = Ports.free(4);
        try (Daemon lbd = Daemon.start(dir.resolve("lbd"), """
                defaults
                    mode http
                    timeout connect 10s
                    timeout client 30s
                    timeout server 30s
                frontend fe
                    bind 127.0.0.1:%1$d ssl crt %5$s
                    bind 127.0.0.1:%2$d ssl crt %5$s crt %6$s
                    bind 127.0.0.1:%3$d ssl crt %5$s ciphers ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES
                    default_backend old
                backend old
                    server s 127.0.0.1:%4$d ssl verify none
                """.formatted(ports.get(0), ports.get(1), ports.get(2), ports.get(3), rsa, ecdsa), ports.get(0), ports.get(1), ports.get(2))) {
            assertThat(handshake(ports.get(0))).as("a default bind with an RSA certificate").contains("handshake failure").doesNotContain("Cipher is ECDHE");
            assertThat(handshake(ports.get(1))).contains("Cipher is ECDHE-ECDSA-AES128-GCM-SHA256");
            assertThat(handshake(ports.get(2))).contains("Cipher is ECDHE-RSA-AES256-SHA");

            // A server of that kind is reached without a word more.
            Process server = new ProcessBuilder(openssl.toString(), "s_server", "-accept", "127.0.0.1:" + ports.get(3), "-cert", rsa.toString(), "-key", rsa.toString(),
                    "-tls1_2", "-cipher", SCHANNEL, "-serverpref", "-www").redirectErrorStream(true).redirectOutput(dir.resolve("server.out").toFile()).start();
            try {
                Await.until("the server listens", Duration.ofSeconds(20), () -> Ports.isListening(ports.get(3)));
                CommandResult asked = CommandResult.of(dir, Duration.ofSeconds(60), List.of("curl", "-sk", "--max-time", "50", "-w", "%{http_code}",
                        "https://127.0.0.1:" + ports.get(2) + "/"));
                assertThat(asked.output()).contains("ECDHE-RSA-AES256-SHA").endsWith("200");
            } finally {
                server.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
            assertThat(lbd.isAlive()).isTrue();
        }
    }

    /** The cipher list of a client of that kind, given to openssl. */
    private String handshake(int port) throws Exception {
        return CommandResult.of(dir, Duration.ofSeconds(60), List.of("sh", "-c", "openssl s_client -connect 127.0.0.1:" + port
                + " -servername mail.example -tls1_2 -groups P-256:P-384 -cipher " + SCHANNEL + " </dev/null 2>&1")).output();
    }
}
