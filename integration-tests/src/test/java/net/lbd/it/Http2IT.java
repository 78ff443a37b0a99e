package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real clients and a real server of HTTP/2 with the real daemon. */
class Http2IT {

    private static final int BIG_BYTES = 5_000_000;

    @TempDir
    private Path dir;

    private static void needs(String program, String debian) {
        assumeTrue(SourceTree.program(program).isPresent(), program + " is not installed; on Debian: apt-get install " + debian);
    }

    private String configuration(Path certificate, int tls, int clear, String server) {
        return """
                global
                  nbthread 2
                defaults
                  mode http
                  timeout client 10s
                  timeout server 10s
                  timeout connect 5s
                frontend fe
                  bind 127.0.0.1:%d ssl crt %s alpn h2,http/1.1
                  bind 127.0.0.1:%d
                  http-response set-header x-version %%[fc_http_major]/%%[bc_http_major]
                  default_backend be
                backend be
                  server s1 %s
                """.formatted(tls, certificate, clear, server);
    }

    private CommandResult run(String... command) {
        return CommandResult.of(dir, Duration.ofSeconds(60), List.of(command));
    }

    @Test
    void curlNghttpAndH2loadAreServed() throws Exception {
        needs("curl", "curl");
        needs("h2load", "nghttp2-client");
        Path certificate = TestCertificates.create().server(TestCertificates.KeyKind.ECDSA, "localhost").writePem(dir.resolve("s.pem"));
        byte[] big = new byte[BIG_BYTES];
        new Random(7).nextBytes(big);
        for (int i = 0; i < big.length; i++) {
            big[i] = (byte) (' ' + (big[i] & 63));
        }
        String text = new String(big, java.nio.charset.StandardCharsets.ISO_8859_1);
        Files.write(dir.resolve("big"), big);
        List<Integer> ports = Ports.free(2);
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(r -> {
                    String body = r.target().equals("/big") ? text : r.method().equals("POST")
                            ? Boolean.toString(Arrays.equals(r.body(), big)) : "small";
                    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
                }));
                Daemon lbd = Daemon.start(dir.resolve("lbd"), configuration(certificate, ports.get(0), ports.get(1),
                        "127.0.0.1:" + origin.port()), ports.get(0), ports.get(1))) {
            String https = "https://127.0.0.1:" + ports.get(0);
            String http = "http://127.0.0.1:" + ports.get(1);
            CommandResult get = run("curl", "-sk", "--max-time", "30", "--http2", "-o", dir.resolve("got").toString(),
                    "-w", "%{http_version} %{http_code} %header{x-version}", https + "/big");
            assertThat(get.output()).isEqualTo("2 200 2/1");
            assertThat(Files.readAllBytes(dir.resolve("got"))).isEqualTo(big);
            CommandResult clear = run("curl", "-s", "--max-time", "30", "--http2-prior-knowledge", "-w", " %{http_version}", http + "/x");
            assertThat(clear.output()).isEqualTo("small 2");
            CommandResult post = run("curl", "-sk", "--max-time", "30", "--http2", "--data-binary", "@" + dir.resolve("big"), https + "/post");
            assertThat(post.output()).isEqualTo("true");
            CommandResult old = run("curl", "-sk", "--max-time", "30", "--http1.1", "-w", " %{http_version}", https + "/x");
            assertThat(old.output()).isEqualTo("small 1.1");
            CommandResult many = run("nghttp", "-n", "-v", https + "/1", https + "/2", https + "/3");
            assertThat(many.output()).contains("recv (stream_id=13) :status: 200").doesNotContain("PROTOCOL_ERROR").doesNotContain("RST_STREAM");
            CommandResult load = run("h2load", "-n", "4000", "-c", "8", "-m", "20", https + "/x");
            assertThat(load.output()).contains("4000 succeeded, 0 failed, 0 errored, 0 timeout").contains("status codes: 4000 2xx");
            CommandResult bulk = run("h2load", "-n", "24", "-c", "3", "-m", "8", https + "/big");
            assertThat(bulk.output()).contains("24 succeeded, 0 failed").contains("(" + 24L * BIG_BYTES + ") data");
            assertThat(lbd.isAlive()).isTrue();
        }
    }

    @Test
    void aServerThatTakesHttp2GetsIt() throws Exception {
        needs("curl", "curl");
        needs("nghttpd", "nghttp2-server");
        TestCertificates authority = TestCertificates.create();
        Path certificate = authority.server(TestCertificates.KeyKind.ECDSA, "localhost").writePem(dir.resolve("s.pem"));
        Path documents = Files.createDirectory(dir.resolve("www"));
        byte[] big = new byte[BIG_BYTES];
        new Random(8).nextBytes(big);
        Files.write(documents.resolve("big"), big);
        Files.writeString(documents.resolve("small"), "small");
        List<Integer> ports = Ports.free(3);
        // nghttpd wants the key alone; the PEM holds both.
        Process server = new ProcessBuilder("nghttpd", "-d", documents.toString(), Integer.toString(ports.get(2)),
                certificate.toString(), certificate.toString()).directory(dir.toFile())
                .redirectErrorStream(true).redirectOutput(dir.resolve("nghttpd.out").toFile()).start();
        try {
            Await.until("nghttpd to listen", Duration.ofSeconds(20), () -> Ports.isListening(ports.get(2)));
            try (Daemon lbd = Daemon.start(dir.resolve("lbd"), configuration(certificate, ports.get(0), ports.get(1),
                    "127.0.0.1:" + ports.get(2) + " ssl verify none alpn h2,http/1.1"), ports.get(0), ports.get(1))) {
                for (String version : List.of("--http2", "--http1.1")) {
                    CommandResult get = run("curl", "-sk", "--max-time", "30", version, "-o", dir.resolve("got").toString(),
                            "-w", "%{http_code} %header{x-version}", "https://127.0.0.1:" + ports.get(0) + "/big");
                    assertThat(get.output()).isEqualTo("200 " + (version.equals("--http2") ? "2/2" : "1/2"));
                    assertThat(Files.readAllBytes(dir.resolve("got"))).isEqualTo(big);
                }
                CommandResult missing = run("curl", "-sk", "--max-time", "30", "-w", "%{http_code}", "-o", "/dev/null",
                        "https://127.0.0.1:" + ports.get(0) + "/nothing");
                assertThat(missing.output()).isEqualTo("404");
                CommandResult load = run("h2load", "-n", "2000", "-c", "4", "-m", "20", "https://127.0.0.1:" + ports.get(0) + "/small");
                assertThat(load.output()).contains("2000 succeeded, 0 failed, 0 errored, 0 timeout").contains("status codes: 2000 2xx");
                CommandResult bulk = run("h2load", "-n", "24", "-c", "2", "-m", "8", "https://127.0.0.1:" + ports.get(0) + "/big");
                assertThat(bulk.output()).contains("24 succeeded, 0 failed").contains("(" + 24L * BIG_BYTES + ") data");
                assertThat(lbd.isAlive()).isTrue();
            }
        } finally {
            server.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** Sixty requests of one client at once, before any connection to the server is there: one is made, and serves them all. */
    @Test
    void whatComesTogetherSharesOneConnectionToTheServer() throws Exception {
        needs("h2load", "nghttp2-client");
        needs("nghttpd", "nghttp2-server");
        Path certificate = TestCertificates.create().server(TestCertificates.KeyKind.ECDSA, "localhost").writePem(dir.resolve("s.pem"));
        Path documents = Files.createDirectory(dir.resolve("www"));
        Files.writeString(documents.resolve("small"), "small");
        List<Integer> ports = Ports.free(3);
        Process server = new ProcessBuilder("nghttpd", "-m", "100", "-d", documents.toString(), Integer.toString(ports.get(2)),
                certificate.toString(), certificate.toString()).directory(dir.toFile())
                .redirectErrorStream(true).redirectOutput(dir.resolve("nghttpd.out").toFile()).start();
        try {
            Await.until("nghttpd to listen", Duration.ofSeconds(20), () -> Ports.isListening(ports.get(2)));
            try (Daemon lbd = Daemon.start(dir.resolve("lbd"), configuration(certificate, ports.get(0), ports.get(1),
                    "127.0.0.1:" + ports.get(2) + " ssl verify none alpn h2,http/1.1"), ports.get(0), ports.get(1))) {
                CommandResult load = run("h2load", "-n", "60", "-c", "1", "-m", "60", "https://127.0.0.1:" + ports.get(0) + "/small");
                assertThat(load.output()).contains("60 succeeded, 0 failed, 0 errored, 0 timeout").contains("status codes: 60 2xx");
                assertThat(counter(lbd, "connect")).isEqualTo("1");
                assertThat(counter(lbd, "reuse")).isEqualTo("59");
                assertThat(lbd.isAlive()).isTrue();
            }
        } finally {
            server.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    /** A field of the server's line in {@code show stat}. */
    private static String counter(Daemon lbd, String field) {
        String[] lines = lbd.command("show stat be 4 -1").split("\n");
        int column = Arrays.asList(lines[0].substring(2).split(",", -1)).indexOf(field);
        return lines[1].split(",", -1)[column];
    }
}
