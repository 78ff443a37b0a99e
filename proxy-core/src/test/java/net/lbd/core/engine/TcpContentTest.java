package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Content rules on connections that are passed through: what they wait for, and for how long. */
class TcpContentTest {

    private static Script says(String greeting) {
        return connection -> {
            connection.send(greeting);
            while (connection.hasMore()) {
                connection.send(connection.readAvailable());
            }
        };
    }

    private static EngineHarness routing(ScriptedOrigin a, ScriptedOrigin b, String frontendLines) {
        return EngineHarness.start(EngineHarness.httpText("mode tcp\n" + frontendLines, "mode tcp\n"
                + EngineHarness.server("s", a.port())) + "backend other\n  mode tcp\n  " + EngineHarness.server("s", b.port()) + "\n");
    }

    /** A hello as OpenSSL sends it, shortened. */
    private static byte[] hello(String name) {
        byte[] host = name.getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream extensions = new ByteArrayOutputStream();
        extensions.writeBytes(new byte[] {0, 23, 0, 0});
        extensions.writeBytes(new byte[] {0, 0, 0, (byte) (host.length + 5), 0, (byte) (host.length + 3), 0, 0, (byte) host.length});
        extensions.writeBytes(host);
        extensions.writeBytes(new byte[] {0, 16, 0, 5, 0, 3, 2, 'h', '2'});
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(new byte[] {3, 3});
        body.writeBytes(new byte[32]);
        body.writeBytes(new byte[] {0, 0, 2, 0x13, 1, 1, 0, 0, (byte) extensions.size()});
        body.writeBytes(extensions.toByteArray());
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.writeBytes(new byte[] {22, 3, 1, 0, (byte) (body.size() + 4), 1, 0, 0, (byte) body.size()});
        record.writeBytes(body.toByteArray());
        return record.toByteArray();
    }

    private static final String SNI = """
            tcp-request inspect-delay 10s
            tcp-request content accept if { req_ssl_hello_type 1 }
            use_backend other if { req_ssl_sni -i other.example }""";

    @Test
    void serverNameOfAPassedThroughConnectionChoosesTheBackend() {
        try (ScriptedOrigin a = ScriptedOrigin.start(says("a")); ScriptedOrigin b = ScriptedOrigin.start(says("b"));
                EngineHarness proxy = routing(a, b, SNI)) {
            for (String name : new String[] {"Other.Example", "mail.example"}) {
                try (RawClient client = proxy.client()) {
                    byte[] hello = hello(name);
                    client.send(hello);
                    client.expect(name.startsWith("Other") ? "b" : "a");
                    assertThat(client.read(hello.length)).isEqualTo(hello);
                }
            }
            proxy.awaitIdle();
        }
    }

    @Test
    void helloInPiecesIsWaitedFor() {
        byte[] hello = hello("other.example");
        try (ScriptedOrigin a = ScriptedOrigin.start(says("a")); ScriptedOrigin b = ScriptedOrigin.start(says("b"));
                EngineHarness proxy = routing(a, b, """
                        tcp-request inspect-delay 10s
                        tcp-request content accept if { req.ssl_sni -m found }
                        tcp-request content reject
                        use_backend other if { req.ssl_sni other.example }""")) {
            for (int split = 1; split < hello.length; split += 7) {
                try (RawClient client = proxy.client()) {
                    client.send(Arrays.copyOf(hello, split));
                    client.send(Arrays.copyOfRange(hello, split, hello.length));
                    client.expect("b");
                    assertThat(client.read(hello.length)).isEqualTo(hello);
                }
            }
        }
    }

    @Test
    void whatIsNoHelloIsRejectedAtOnce() {
        try (ScriptedOrigin a = ScriptedOrigin.start(says("a")); ScriptedOrigin b = ScriptedOrigin.start(says("b"));
                EngineHarness proxy = routing(a, b, """
                        tcp-request inspect-delay 60s
                        tcp-request content reject if !{ req.ssl_hello_type 1 }""");
                RawClient client = proxy.client()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            client.expectClosed();
            assertThat(a.connections()).isEmpty();
        }
    }

    @Test
    void silenceIsJudgedWhenTheDelayIsOver() {
        try (ScriptedOrigin a = ScriptedOrigin.start(says("a")); ScriptedOrigin b = ScriptedOrigin.start(says("b"));
                EngineHarness proxy = routing(a, b, """
                        tcp-request inspect-delay 200ms
                        tcp-request content accept if { req.len gt 0 }
                        tcp-request content set-var(txn.quiet) bool(true) if WAIT_END
                        use_backend other if { var(txn.quiet) -m bool }""")) {
            long before = System.nanoTime();
            try (RawClient quiet = proxy.client()) {
                quiet.expect("b");
                assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(180));
            }
            try (RawClient talker = proxy.client()) {
                talker.send("x");
                talker.expect("ax");
            }
        }
    }

    @Test
    void clientThatEndsItsHalfIsJudgedAtOnce() {
        try (ScriptedOrigin a = ScriptedOrigin.start(says("a")); ScriptedOrigin b = ScriptedOrigin.start(says("b"));
                EngineHarness proxy = routing(a, b, """
                        tcp-request inspect-delay 60s
                        tcp-request content accept if { req.len gt 5 }
                        tcp-request content reject"""); RawClient client = proxy.client()) {
            client.send("abc");
            client.shutdownOutput();
            client.expectClosed();
            assertThat(a.connections()).isEmpty();
        }
    }

    @Test
    void clientThatLeavesIsForgotten() {
        try (ScriptedOrigin a = ScriptedOrigin.start(says("a")); ScriptedOrigin b = ScriptedOrigin.start(says("b"));
                EngineHarness proxy = routing(a, b, "tcp-request inspect-delay 60s\ntcp-request content accept if { req.len gt 5 }")) {
            RawClient client = proxy.client();
            client.send("abc");
            client.reset();
            proxy.awaitIdle();
        }
    }

    @Test
    void remoteDesktopCookieIsSeen() {
        String packet = "\3\0\0\53\46\340\0\0\0\0\0Cookie: mstshash=alice\r\n\1\0\10\0\0\0\0\0";
        try (ScriptedOrigin a = ScriptedOrigin.start(says("a")); ScriptedOrigin b = ScriptedOrigin.start(says("b"));
                EngineHarness proxy = routing(a, b, """
                        tcp-request inspect-delay 10s
                        tcp-request content accept if RDP_COOKIE
                        use_backend other if { rdp_cookie(mstshash) alice }"""); RawClient client = proxy.client()) {
            client.send(packet);
            client.expect("b");
        }
    }

    @Test
    void contentRulesOfABackendAreLookedAt() {
        try (ScriptedOrigin a = ScriptedOrigin.start(says("a"));
                EngineHarness proxy = EngineHarness.tcp("", "tcp-request inspect-delay 10s\ntcp-request content reject if { req.payload(0,2) -m str no }\n"
                        + "tcp-request content accept if { req.payload(0,2) -m found }\n" + EngineHarness.server("s", a.port()))) {
            try (RawClient client = proxy.client()) {
                client.send("no");
                client.expectClosed();
            }
            try (RawClient client = proxy.client()) {
                client.send("yes");
                client.expect("ayes");
            }
        }
    }

    @Test
    void tunnelTimeoutReplacesThoseOfBothSides() {
        try (ScriptedOrigin a = ScriptedOrigin.start(says("a"));
                EngineHarness proxy = EngineHarness.start("""
                        global
                          nbthread 1
                        defaults
                          mode tcp
                          timeout connect 10s
                          timeout client 200ms
                          timeout server 200ms
                          timeout tunnel 20s
                        listen fe
                          bind 127.0.0.1:@1
                          server s 127.0.0.1:%d
                        """.formatted(a.port())); RawClient client = proxy.client()) {
            client.expect("a");
            client.pauseBetweenPieces(Duration.ofMillis(500)).sendSplit("bcd", 1, 2);
            client.expect("bcd");
        }
    }
}
