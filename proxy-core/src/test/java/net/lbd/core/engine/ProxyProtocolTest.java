package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.Await;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The PROXY protocol on both sides, through the whole engine, and beside HAProxy. */
class ProxyProtocolTest {

    private static final String V1 = "PROXY TCP4 1.2.3.4 5.6.7.8 1111 2222\r\n";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @TempDir
    static Path dir;

    private static EngineHarness http(String bind, String frontend, String server) {
        return EngineHarness.start(EngineHarness.httpText(frontend, server).replace(":@1", ":@1 " + bind));
    }

    // ---- in

    @Test
    void rulesAndServersSeeTheClientOfTheHeader() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(OK));
                EngineHarness proxy = http("accept-proxy", """
                        tcp-request connection reject if { src 1.2.3.4 }
                        tcp-request session reject if !{ src 1.2.3.4 }
                        http-request set-header X-Told "%[src]:%[src_port] %[dst]:%[dst_port] %[fc_rcvd_proxy]"
                        option forwardfor""", EngineHarness.server("s", origin.port()));
                RawClient client = proxy.client()) {
            client.sendByteByByte(V1 + GET);

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(origin.awaitRequest(1).headers("x-told")).containsExactly("1.2.3.4:1111 5.6.7.8:2222 1");
            assertThat(origin.requests().get(0).headers("x-forwarded-for")).containsExactly("1.2.3.4");
        }
    }

    @Test
    void aNetscalerTellsTheClientAndAProxyHeaderBehindItWins() {
        String header = "\0\0\0\7\0\0\0\50" + "E\0\0(\0\0\0\0@\6\0\0\11\10\7\6\5\4\3\2" + "\21\134\1\273" + "\0\0\0\1\0\0\0\0P\2\0\0\0\0\0\0";
        String told = "http-request set-header X-Told \"%[src]:%[src_port] %[dst]:%[dst_port] %[fc_rcvd_proxy]\"";
        for (boolean both : List.of(false, true)) {
            try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(OK));
                    EngineHarness proxy = http("accept-netscaler-cip 7" + (both ? " accept-proxy" : ""), told, EngineHarness.server("s", origin.port()));
                    RawClient client = proxy.client()) {
                client.sendByteByByte(header + (both ? V1 : "") + GET);

                assertThat(client.readResponse().status()).isEqualTo(200);
                assertThat(origin.awaitRequest(1).headers("x-told"))
                        .containsExactly(both ? "1.2.3.4:1111 5.6.7.8:2222 1" : "9.8.7.6:4444 5.4.3.2:443 0");
            }
        }
    }

    /** Its magic number is 0, as HAProxy 2.6 has it. */
    @Test
    void aRuleWantsANetscalersHeaderOfSomeOnly() {
        String header = "\0\0\0\0\0\0\0\50" + "E\0\0(\0\0\0\0@\6\0\0\11\10\7\6\5\4\3\2" + "\21\134\1\273" + "\0\0\0\1\0\0\0\0P\2\0\0\0\0\0\0";
        String told = "http-request set-header X-Told \"%[src]:%[src_port] %[dst]:%[dst_port]\"";
        for (String source : List.of("127.0.0.1", "192.0.2.1")) {
            boolean wanted = source.startsWith("127");
            try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(OK));
                    EngineHarness proxy = http("", "tcp-request connection expect-netscaler-cip layer4 if { src " + source + " }\n" + told,
                            EngineHarness.server("s", origin.port()));
                    RawClient client = proxy.client()) {
                client.send((wanted ? header : "") + GET);

                assertThat(client.readResponse().status()).isEqualTo(200);
                assertThat(origin.awaitRequest(1).headers("x-told").get(0)).startsWith(wanted ? "9.8.7.6:4444 5.4.3.2:443" : "127.0.0.1:");
            }
        }
        try (EngineHarness proxy = http("", "tcp-request connection expect-netscaler-cip layer4", EngineHarness.server("s", 1)); RawClient client = proxy.client()) {
            client.send("\0\0\0\7" + GET);
            assertThat(client.readToEnd()).as("another magic number").isEmpty();
        }
    }

    @Test
    void theIdentifierOfTheRequestIsAFieldOfTheHeader() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(OK));
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("unique-id-format \"id-%[path]\"",
                        "server in 127.0.0.1:@2 send-proxy-v2 proxy-v2-options unique-id") + """
                        listen inner
                          bind 127.0.0.1:@2 accept-proxy
                          http-request set-header X-Told "%%[fc_pp_unique_id]"
                          %s
                        """.formatted(EngineHarness.server("s", origin.port())));
                RawClient client = proxy.client()) {
            client.send(GET);

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(origin.awaitRequest(1).headers("x-told")).containsExactly("id-/");
        }
    }

    @Test
    void theHeaderComesBeforeTls() {
        TestCertificates authority = TestCertificates.create();
        authority.server(TestCertificates.KeyKind.ECDSA, "a").writePem(dir.resolve("a.pem"));
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(OK));
                EngineHarness proxy = chain("tcp", "accept-proxy ssl crt " + dir.resolve("a.pem"),
                        "http-request set-header X-Told \"%[src] %[ssl_fc]\"", origin, "send-proxy-v2");
                RawClient client = proxy.tlsClient(ClientTls.of(authority.clientContext()).sni("a"))) {
            client.send(GET);

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(origin.awaitRequest(1).headers("x-told")).containsExactly("127.0.0.1 1");
        }
    }

    /** A frontend {@code fe} whose server is the frontend {@code inner} of the same engine. */
    private static EngineHarness chain(String outerMode, String innerBind, String innerLines, ScriptedOrigin origin, String header) {
        return EngineHarness.start(EngineHarness.httpText("mode " + outerMode, "mode " + outerMode + "\nserver in 127.0.0.1:@2 " + header) + """
                listen inner
                  bind 127.0.0.1:@2 %s
                  %s
                  %s
                """.formatted(innerBind, innerLines, EngineHarness.server("s", origin.port())));
    }

    private static int port(EngineHarness harness) {
        return ((java.net.InetSocketAddress) harness.engine().listeners().get(0).boundAddress()).getPort();
    }

    @Test
    void aRuleMayWantTheHeaderOfSomeClientsOnly() {
        for (String source : List.of("127.0.0.1", "10.9.9.9")) {
            try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(OK));
                    EngineHarness proxy = http("", "tcp-request connection expect-proxy layer4 if { src " + source + " }",
                            EngineHarness.server("s", origin.port()));
                    RawClient client = proxy.client()) {
                boolean wanted = source.equals("127.0.0.1");
                client.send((wanted ? V1 : "") + GET);
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void whatIsNoHeaderEndsTheConnectionAndIsLoggedAsHaproxyDoes() {
        try (SyslogSink log = SyslogSink.udp();
                EngineHarness proxy = http("accept-proxy", "log 127.0.0.1:" + log.port() + " local0\ntimeout http-request 300ms",
                        EngineHarness.server("s", Ports.free()))) {
            for (String[] bad : new String[][] {
                {GET, "Received something which does not look like a PROXY protocol header"},
                {"PROXY TCP4 300.0.2.7 5.6.7.8 1 2\r\n" + GET, "Received an invalid PROXY protocol header"}}) {
                try (RawClient client = proxy.client()) {
                    client.send(bad[0]).readToEnd();
                    log.await(bad[1], text -> text.contains(bad[1]));
                }
            }
            try (RawClient client = proxy.client()) {
                client.send("PROX").shutdownOutput().readToEnd();
                log.await("cut off", text -> text.contains("Truncated PROXY protocol header received"));
            }
            try (RawClient client = proxy.client()) {
                client.shutdownOutput().readToEnd();
                log.await("closed", text -> text.contains("Connection closed while waiting for PROXY protocol header"));
            }
            try (RawClient client = proxy.client()) {
                client.readToEnd();
                log.await("late", text -> text.contains("Timeout while waiting for PROXY protocol header"));
            }
            proxy.awaitIdle();
            assertThat(proxy.frontend("fe").counters().requestErrors.sum()).isEqualTo(5);
        }
    }

    @Test
    void fieldsOfTheHeaderCanBeFetched() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(OK));
                EngineHarness proxy = chain("http", "accept-proxy", """
                        http-request set-header X-Told "%[fc_pp_authority] %[fc_pp_unique_id] %[fc_pp_tlv(0xE1)] %[fc_pp_tlv(CRC32C),length]"
                        """.strip(), origin, "send-proxy-v2 proxy-v2-options crc32c set-proxy-v2-tlv-fmt(0xE1) \"<%[src]>\""
                        + " set-proxy-v2-tlv-fmt(UNIQUE_ID) id set-proxy-v2-tlv-fmt(2) mail");
                RawClient client = proxy.client()) {
            client.send(GET);

            assertThat(client.readResponse().status()).isEqualTo(200);
            assertThat(origin.awaitRequest(1).headers("x-told")).containsExactly("mail id <127.0.0.1> 4");
        }
    }

    // ---- out

    @Test
    void aServerConnectionServesOnlyTheClientThatItsHeaderNames() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    String header = connection.readUntil("\r\n");
                    while (connection.hasMore()) {
                        connection.readRequest();
                        connection.send("HTTP/1.1 200 OK\r\nX-Header: " + header.strip() + "\r\nContent-Length: 0\r\n\r\n");
                    }
                });
                EngineHarness proxy = http("", "", "http-reuse always\nserver s 127.0.0.1:" + origin.port() + " send-proxy");
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            for (int i = 0; i < 2; i++) {
                for (RawClient client : List.of(first, second)) {
                    client.send(GET);
                    assertThat(client.readResponse().headers("x-header"))
                            .containsExactly("PROXY TCP4 127.0.0.1 127.0.0.1 " + client.localAddress().getPort() + " " + port(proxy));
                }
            }
            assertThat(origin.connections()).as("one of the two is kept and used again").hasSizeLessThan(4);
        }
    }

    /** What the server receives first, for each client header and each kind of header that is sent. */
    @Test
    void sendsWhatHaproxySends() throws Exception {
        assumeTrue(Files.isExecutable(HaproxyOracle.PROGRAM), "haproxy is not installed; on Debian: apt-get install haproxy");
        List<String> headers = List.of(V1, "PROXY TCP6 2001:db8::1 ::1 1111 2222\r\n", "PROXY TCP4 9.9.9.9 5.6.7.8 1111 2222\r\n");
        List<String> servers = List.of("send-proxy", "send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c",
                "send-proxy-v2-ssl send-proxy", "send-proxy-v2 proxy-v2-options cert-cn", "send-proxy-v2 proxy-v2-options ssl-cipher",
                "send-proxy-v2-ssl-cn proxy-v2-options authority,cert-key,cert-sig,ssl-cipher");
        for (String server : servers) {
            assertThat(received(headers, server, false)).as(server).isEqualTo(received(headers, server, true));
        }
    }

    private static List<String> received(List<String> headers, String server, boolean haproxy) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readUntil("END");
                    connection.send("bye");
                })) {
            int port = Ports.free();
            String text = """
                    defaults
                      mode tcp
                      timeout connect 5s
                      timeout client 5s
                      timeout server 5s
                    listen fe
                      bind 127.0.0.1:%d accept-proxy
                      tcp-request content set-src str(2001:db8::7) if { src 9.9.9.9 }
                      server s 127.0.0.1:%d %s
                    """.formatted(port, origin.port(), server);
            return haproxy ? withHaproxy(text, port, headers, origin) : withEngine(text, port, headers, origin);
        }
    }

    private static List<String> withEngine(String text, int port, List<String> headers, ScriptedOrigin origin) {
        try (EngineHarness proxy = EngineHarness.start(text)) {
            return exchange(port, headers, origin);
        }
    }

    private static List<String> withHaproxy(String text, int port, List<String> headers, ScriptedOrigin origin) throws Exception {
        Path file = Files.writeString(dir.resolve("haproxy.cfg"), text);
        Process process = new ProcessBuilder(HaproxyOracle.PROGRAM.toString(), "-db", "-f", file.toString())
                .redirectErrorStream(true).redirectOutput(dir.resolve("haproxy.log").toFile()).start();
        try {
            Await.until("haproxy to listen", () -> !process.isAlive() || Ports.isListening(port));
            int before = origin.connections().size();
            assertThat(before).isZero();
            return exchange(port, headers, origin);
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static List<String> exchange(int port, List<String> headers, ScriptedOrigin origin) {
        List<String> received = new ArrayList<>();
        for (String header : headers) {
            try (RawClient client = RawClient.connect(port)) {
                client.send(header + "END").expect("bye");
                received.add(new String(origin.awaitConnection(received.size() + 1).received(), StandardCharsets.ISO_8859_1));
            }
        }
        return received;
    }

    /** Each option alone, and all, of a client that shows a certificate, one that shows none, and one that resumes. */
    @Test
    void tellsOfTlsWhatHaproxyTells() throws Exception {
        HaproxyProcess.assumeInstalled();
        TestCertificates authority = TestCertificates.create();
        authority.server(TestCertificates.KeyKind.RSA, "mail.example").writePem(dir.resolve("site.pem"));
        Process made = new ProcessBuilder("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "client.key", "-subj", "/CN=client one", "-out", "ca.pem")
                .directory(dir.toFile()).redirectErrorStream(true).redirectOutput(dir.resolve("made").toFile()).start();
        assertThat(made.waitFor(60, TimeUnit.SECONDS) && made.exitValue() == 0).isTrue();
        List<String> servers = new ArrayList<>(List.of("send-proxy-v2-ssl", "send-proxy-v2-ssl-cn"));
        List<String> all = List.of("ssl", "cert-cn", "ssl-cipher", "cert-sig", "cert-key", "authority", "unique-id", "crc32c");
        all.forEach(option -> servers.add("send-proxy-v2 proxy-v2-options " + option));
        servers.add("send-proxy-v2 proxy-v2-options " + String.join(",", all.subList(0, 7)));
        for (String server : servers) {
            List<String> theirs;
            List<String> ours;
            try (ScriptedOrigin origin = untilEnd(); HaproxyProcess haproxy = HaproxyProcess.start(overTls(server, origin), dir)) {
                theirs = fields(haproxy.port(), origin);
            }
            try (ScriptedOrigin origin = untilEnd(); EngineHarness proxy = EngineHarness.start(overTls(server, origin))) {
                ours = fields(port(proxy), origin);
            }
            assertThat(ours).as(server).isEqualTo(theirs);
            assertThat(ours).as(server).allMatch(fields -> fields.length() > 2);
        }
    }

    private static ScriptedOrigin untilEnd() {
        return ScriptedOrigin.start(connection -> {
            connection.readUntil("END");
            connection.send("bye");
        });
    }

    private static String overTls(String server, ScriptedOrigin origin) {
        return """
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                listen fe
                  bind 127.0.0.1:@1 ssl crt %1$s/site.pem ca-file %1$s/ca.pem verify optional ssl-max-ver TLSv1.2 ciphers ECDHE-RSA-AES128-GCM-SHA256
                  unique-id-format id-%%[ssl_fc_sni]
                  server s 127.0.0.1:%2$d %3$s
                """.formatted(dir, origin.port(), server);
    }

    /** What stands behind the addresses: of {@code crc32c} that it is there. */
    private static List<String> fields(int port, ScriptedOrigin origin) throws Exception {
        List<String> told = new ArrayList<>();
        for (String more : List.of("-cert ca.pem -key client.key", "-sess_out s.tls", "-sess_in s.tls")) {
            List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-quiet", "-connect", "127.0.0.1:" + port, "-servername", "mail.example"));
            command.addAll(List.of(more.split(" ")));
            Process client = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
            client.getOutputStream().write("END".getBytes(StandardCharsets.US_ASCII));
            client.getOutputStream().flush();
            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            client.getOutputStream().close();
            assertThat(client.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(answer).contains("bye");
            String received = new String(origin.awaitConnection(told.size() + 1).received(), StandardCharsets.ISO_8859_1);
            String fields = received.substring(28, received.length() - 3);
            told.add(fields.startsWith("\3\0\4") ? "checksum" : fields);
        }
        return told;
    }
}
