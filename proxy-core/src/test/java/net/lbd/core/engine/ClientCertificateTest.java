package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of clients: what is told of them, beside HAProxy, and which are refused. */
class ClientCertificateTest {

    @TempDir
    static Path dir;

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private static void shell(String command) throws Exception {
        run("sh", "-ec", command);
    }

    @BeforeAll
    static void makeCertificates() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")) && Files.isExecutable(Path.of("/usr/bin/curl")), "openssl and curl are not installed");
        shell("""
                openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 30 -subj '/C=DE/O=Authority/CN=ca'
                openssl req -newkey rsa:2048 -nodes -keyout c.key -out c.csr -subj '/C=DE/O=Example, Inc/OU=one/OU=two/CN=bob/emailAddress=bob@example.com'
                openssl x509 -req -in c.csr -CA ca.pem -CAkey ca.key -set_serial 0x8123 -days 20 -sha384 -out c.pem
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout s.key -out s.crt -days 30 -subj '/CN=site'
                cat s.crt s.key > site.pem; cat c.pem c.key > client.pem
                openssl req -x509 -newkey rsa:2048 -nodes -keyout o.key -out o.pem -days 30 -subj '/CN=other'; cat o.pem o.key > stranger.pem
                openssl req -newkey rsa:2048 -nodes -keyout e.key -out e.csr -subj '/CN=ended'; openssl x509 -req -in e.csr -CA ca.pem -CAkey ca.key -set_serial 9 -days -1 -out e.pem
                cat e.pem e.key > ended.pem
                openssl req -newkey rsa:2048 -nodes -keyout l.key -out l.csr -subj '/CN=lost'; openssl x509 -req -in l.csr -CA o.pem -CAkey o.key -set_serial 8 -days 20 -out l.pem
                cat l.pem l.key > lost.pem; cat l.pem o.pem l.key > lostchain.pem
                touch index; echo 01 > crlnumber
                printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=index\\ncrlnumber=crlnumber\\ndefault_md=sha256\\ndefault_crl_days=10\\n' > ca.cnf
                openssl ca -config ca.cnf -gencrl -keyfile ca.key -cert ca.pem -out empty.crl
                openssl ca -config ca.cnf -revoke c.pem -keyfile ca.key -cert ca.pem
                openssl ca -config ca.cnf -gencrl -keyfile ca.key -cert ca.pem -out revoked.crl
                """);
    }

    private static String text(int port, String verify, String lines) {
        return """
                global
                  %s
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                frontend fe
                  bind 127.0.0.1:%d ssl crt %s/site.pem ca-file %s/ca.pem %s
                %s
                """.formatted("maxconn 100", port, dir, dir, verify, lines);
    }

    private static String curl(int port, String certificate) throws Exception {
        String[] words = Stream.concat(Stream.of("curl", "-sk", "--max-time", "5", "https://127.0.0.1:" + port + "/"),
                certificate.isEmpty() ? Stream.empty() : Stream.of("--cert", certificate)).toArray(String[]::new);
        return run(words);
    }

    @Test
    void tellsWhatHaproxyTells() throws Exception {
        assumeTrue(Files.isExecutable(HaproxyOracle.PROGRAM), "haproxy is not installed; on Debian: apt-get install haproxy");
        StringBuilder format = new StringBuilder();
        for (String side : List.of("c", "f")) {
            for (String field : List.of("s_dn", "i_dn", "s_dn(CN)", "s_dn(OU)", "s_dn(OU,2)", "s_dn(OU,-1)", "s_dn(O)", "s_dn(ST)", "s_dn(emailAddress)",
                    "key_alg", "sig_alg", "notafter", "notbefore", "serial,hex", "sha1,hex", "der,sha1,hex", "version")) {
                format.append("ssl_").append(side).append('_').append(field).append("=%[ssl_").append(side).append('_').append(field).append("]|");
            }
        }
        format.append("used=%[ssl_c_used] verify=%[ssl_c_verify] crt=%[ssl_fc_has_crt] resumed=%[ssl_fc_is_resumed] cipher=%[ssl_fc_cipher] %[ssl_fc_protocol]");
        String lines = "  http-request return status 200 content-type text/plain lf-string \"" + format + "\"\n";
        for (String version : List.of("", " ssl-max-ver TLSv1.2")) {
            for (String certificate : List.of("client.pem", "")) {
                int theirs = Ports.free();
                int ours = Ports.free();
                Path file = Files.writeString(dir.resolve("haproxy.cfg"), text(theirs, "verify optional ciphers ECDHE-ECDSA-AES128-GCM-SHA256" + version, lines));
                Process process = new ProcessBuilder(HaproxyOracle.PROGRAM.toString(), "-db", "-f", file.toString())
                        .redirectErrorStream(true).redirectOutput(dir.resolve("haproxy.log").toFile()).start();
                try (EngineHarness proxy = EngineHarness.start(text(ours, "verify optional ciphers ECDHE-ECDSA-AES128-GCM-SHA256" + version, lines))) {
                    Await.until("haproxy to listen", () -> !process.isAlive() || Ports.isListening(theirs));
                    String expected = curl(theirs, certificate).replace("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256");
                    assertThat(expected).contains("used=");
                    assertThat(curl(ours, certificate).replace("TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256").replace("|", "\n"))
                            .isEqualTo(expected.replace("|", "\n"));
                } finally {
                    process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
                }
            }
        }
    }

    /** Faults that are ignored are told as HAProxy tells them, and those that are not end the handshake. */
    @Test
    void tellsWhatIsWrongAsHaproxyDoes() throws Exception {
        assumeTrue(Files.isExecutable(HaproxyOracle.PROGRAM), "haproxy is not installed; on Debian: apt-get install haproxy");
        String lines = "  http-request return status 200 content-type text/plain lf-string \"verify=%[ssl_c_verify] err=%[ssl_c_err] ca=%[ssl_c_ca_err]"
                + " depth=%[ssl_c_ca_err_depth] used=%[ssl_c_used] name=%[ssl_c_s_dn(CN)] fault=%[ssl_fc_err,hex] bits=%[ssl_fc_alg_keysize] %[ssl_fc_use_keysize]\"\n";
        for (String verify : List.of("crt-ignore-err all ca-ignore-err all", "crt-ignore-err 10", "crt-ignore-err 18,20,21", "ca-ignore-err all",
                "crt-ignore-err all ca-ignore-err all crl-file " + dir + "/revoked.crl")) {
            int theirs = Ports.free();
            int ours = Ports.free();
            Path file = Files.writeString(dir.resolve("haproxy.cfg"), text(theirs, "verify required " + verify, lines));
            Process process = new ProcessBuilder(HaproxyOracle.PROGRAM.toString(), "-db", "-f", file.toString())
                    .redirectErrorStream(true).redirectOutput(dir.resolve("haproxy.log").toFile()).start();
            try (EngineHarness proxy = EngineHarness.start(text(ours, "verify required " + verify, lines))) {
                Await.until("haproxy to listen", () -> !process.isAlive() || Ports.isListening(theirs));
                for (String certificate : List.of("client.pem", "stranger.pem", "ended.pem", "lost.pem", "lostchain.pem")) {
                    assertThat(curl(ours, certificate)).as(verify + " " + certificate).isEqualTo(curl(theirs, certificate));
                }
            } finally {
                process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void authoritiesAndListsThatChangeOnDiskAreNoticed() throws Exception {
        int port = Ports.free();
        Path list = Files.copy(dir.resolve("empty.crl"), dir.resolve("live.crl"));
        Path known = Files.copy(dir.resolve("ca.pem"), dir.resolve("live.pem"));
        String verify = "verify required ca-verify-file " + known + " crl-file " + list;
        try (EngineHarness proxy = EngineHarness.start(text(port, verify, "  http-request return status 200 content-type text/plain string served"))) {
            assertThat(curl(port, "client.pem")).isEqualTo("served");

            Files.copy(dir.resolve("revoked.crl"), list, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            proxy.engine().certificates().lookForChanges();
            proxy.engine().certificates().lookForChanges();
            assertThat(curl(port, "client.pem")).isEmpty();

            Files.writeString(list, "no list at all");
            proxy.engine().certificates().lookForChanges();
            proxy.engine().certificates().lookForChanges();
            assertThat(curl(port, "client.pem")).as("a bad list leaves the other in service").isEmpty();
        }
        Files.copy(dir.resolve("ca.pem"), known, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        verify = "verify required ca-verify-file " + known;
        try (EngineHarness proxy = EngineHarness.start(text(port, verify, "  http-request return status 200 content-type text/plain string served"))) {
            assertThat(curl(port, "stranger.pem")).isEmpty();
            Files.writeString(known, Files.readString(dir.resolve("ca.pem")) + Files.readString(dir.resolve("o.pem")));
            proxy.engine().certificates().lookForChanges();
            proxy.engine().certificates().lookForChanges();
            assertThat(curl(port, "stranger.pem")).isEqualTo("served");
        }
    }

    private static boolean isServed(String verify, String certificate) throws Exception {
        int port = Ports.free();
        try (EngineHarness proxy = EngineHarness.start(text(port, verify, "  http-request return status 200 content-type text/plain string served"))) {
            return curl(port, certificate).equals("served");
        }
    }

    @Test
    void refusesWhoIsNotKnownAndWhoIsRevoked() throws Exception {
        assertThat(isServed("verify required", "client.pem")).isTrue();
        assertThat(isServed("verify required", "")).isFalse();
        assertThat(isServed("verify required", "stranger.pem")).isFalse();
        assertThat(isServed("verify optional", "")).isTrue();
        assertThat(isServed("verify optional", "stranger.pem")).isFalse();
        assertThat(isServed("verify required ca-verify-file " + dir + "/o.pem", "stranger.pem")).isTrue();
        assertThat(isServed("verify required no-ca-names", "client.pem")).isTrue();
        assertThat(isServed("verify required crl-file " + dir + "/empty.crl", "client.pem")).isTrue();
        assertThat(isServed("verify required crl-file " + dir + "/revoked.crl", "client.pem")).isFalse();
    }
}
