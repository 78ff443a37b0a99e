package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.TestCertificates.KeyKind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions are resumed wherever the same certificate is shown and the same clients are let in: on other loops and binds, and behind a reload. */
@Timeout(120)
class TlsSessionsTest {

    @TempDir
    static Path dir;
    private static TestCertificates authority;

    @BeforeAll
    static void makeCertificates() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        authority = TestCertificates.create();
        authority.writeCa(dir.resolve("ca.pem"));
        authority.server(KeyKind.ECDSA, "one").writePem(dir.resolve("site.pem"));
        Files.writeString(dir.resolve("keys"), (("A".repeat(63) + "B\n") + ("A".repeat(63) + "C\n") + ("A".repeat(63) + "D\n")));
    }

    private static String text(String first, String second) {
        return """
                global
                  nbthread 2
                defaults
                  mode http
                  timeout connect 10s
                  timeout client 10s
                  timeout server 10s
                frontend one
                  bind 127.0.0.1:@1 ssl crt %1$s/site.pem %2$s
                  http-request return status 200 hdr resumed "%%[ssl_fc_is_resumed]"
                frontend two
                  bind 127.0.0.1:@2 ssl crt %1$s/site.pem %3$s
                  http-request return status 200 hdr resumed "%%[ssl_fc_is_resumed]"
                """.formatted(dir, first, second);
    }

    private static int port(EngineHarness proxy, String frontend) {
        return proxy.engine().listeners().stream().filter(l -> l.bind().frontend().name().equals(frontend))
                .map(l -> ((InetSocketAddress) l.boundAddress()).getPort()).findFirst().orElseThrow();
    }

    /** Makes one request; whether the session of the file was taken, as the proxy tells it. */
    private static boolean isResumed(EngineHarness proxy, String frontend, String version, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port(proxy, frontend), "-quiet", version));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(output).contains("resumed: ");
        return output.contains("resumed: 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void sessionsOutliveReloads(String version) throws Exception {
        try (EngineHarness proxy = EngineHarness.start(text("", ""))) {
            assertThat(isResumed(proxy, "one", version, "-sess_out", "session")).isFalse();
            assertThat(isResumed(proxy, "one", version, "-sess_in", "session")).isTrue();
            assertThat(isResumed(proxy, "two", version, "-sess_in", "session")).as("at another bind").isTrue();

            proxy.reload(text("alpn http/1.1", ""));
            assertThat(isResumed(proxy, "one", version, "-sess_in", "session")).as("behind a reload").isTrue();

            proxy.engine().certificates().load(dir.resolve("site.pem"));
            assertThat(isResumed(proxy, "one", version, "-sess_in", "session")).as("behind the same file read again").isTrue();

            proxy.engine().certificates().rotateTicketKeys();
            assertThat(isResumed(proxy, "one", version, "-sess_in", "session")).as("with the key before").isTrue();
            proxy.engine().certificates().rotateTicketKeys();
            proxy.engine().certificates().rotateTicketKeys();
            assertThat(isResumed(proxy, "one", version, "-sess_in", "session")).as("with a key that is gone").isFalse();
        }
    }

    /** A client that resumes goes on with the hash of the certificate that it saw, which Extended Protection on the servers refuses. */
    @ParameterizedTest
    @CsvSource({"-tls1_2, false", "-tls1_2, true", "-tls1_3, false", "-tls1_3, true"})
    void whoSawAnotherCertificateShakesHandsAnew(String version, boolean byReload) throws Exception {
        String keys = "tls-ticket-keys " + dir + "/keys";
        try (EngineHarness proxy = EngineHarness.start(text(keys, ""))) {
            assertThat(isResumed(proxy, "one", version, "-sess_out", "before")).isFalse();
            assertThat(isResumed(proxy, "one", version, "-sess_in", "before")).isTrue();

            authority.server(KeyKind.ECDSA, "two").writePem(dir.resolve("site.pem"));
            if (byReload) {
                proxy.reload(text(keys + " alpn http/1.1", ""));
            } else {
                proxy.engine().certificates().load(dir.resolve("site.pem"));
            }
            assertThat(isResumed(proxy, "one", version, "-sess_in", "before", "-sess_out", "after")).as("behind another certificate").isFalse();
            assertThat(isResumed(proxy, "one", version, "-sess_in", "after")).as("the new one's own session").isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void whoWasLetInUnknownIsNotLetInByResumingWhereCertificatesAreWanted(String version) throws Exception {
        String verifying = "ca-file " + dir + "/ca.pem verify optional";
        try (EngineHarness proxy = EngineHarness.start(text("", verifying))) {
            assertThat(isResumed(proxy, "one", version, "-sess_out", "plain")).isFalse();
            assertThat(isResumed(proxy, "two", version, "-sess_in", "plain")).isFalse();
            assertThat(isResumed(proxy, "two", version, "-sess_out", "checked")).isFalse();
            assertThat(isResumed(proxy, "two", version, "-sess_in", "checked")).isTrue();
        }
    }

    /** {@code allow-0rtt} has no effect: no ticket allows early data, so no client sends any that somebody could send again. */
    @Test
    void noTicketAllowsEarlyData() throws Exception {
        Files.writeString(dir.resolve("early"), "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        try (EngineHarness proxy = EngineHarness.start(text("allow-0rtt", ""))) {
            assertThat(isResumed(proxy, "one", "-tls1_3", "-sess_out", "ticket")).isFalse();
            Process process = new ProcessBuilder("openssl", "s_client", "-connect", "127.0.0.1:" + port(proxy, "one"), "-tls1_3", "-sess_in", "ticket",
                    "-early_data", "early").directory(dir.toFile()).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains("Reused, TLSv1.3").contains("Early data was not sent");
        }
    }

    @Test
    void whereFaultsAreIgnoredNobodyResumes() throws Exception {
        String ignoring = "ca-file " + dir + "/ca.pem verify optional crt-ignore-err all";
        try (EngineHarness proxy = EngineHarness.start(text("", ignoring))) {
            for (String version : List.of("-tls1_2", "-tls1_3")) {
                assertThat(isResumed(proxy, "two", version, "-sess_out", "ignored")).isFalse();
                if (Files.exists(dir.resolve("ignored"))) {
                    assertThat(isResumed(proxy, "two", version, "-sess_in", "ignored")).isFalse();
                }
            }
        }
    }

    @Test
    void processesThatHaveTheSameTicketKeysTakeEachOthersSessions() throws Exception {
        try (EngineHarness one = EngineHarness.start(text("tls-ticket-keys " + dir + "/keys", ""))) {
            assertThat(isResumed(one, "one", "-tls1_3", "-sess_out", "shared")).isFalse();
        }
        try (EngineHarness other = EngineHarness.start(text("tls-ticket-keys " + dir + "/keys", ""))) {
            assertThat(isResumed(other, "one", "-tls1_3", "-sess_in", "shared")).isTrue();
            assertThat(isResumed(other, "two", "-tls1_3", "-sess_in", "shared")).as("a bind without them").isFalse();
        }
    }
}
