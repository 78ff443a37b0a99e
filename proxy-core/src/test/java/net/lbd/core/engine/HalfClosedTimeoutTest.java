package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code timeout client-fin} and {@code server-fin}: who has ended one half is waited for no longer than they say. */
class HalfClosedTimeoutTest {

    private static final String UPGRADE = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";
    private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n";

    private static String text(SyslogSink log, String mode, String front, String back, ScriptedOrigin origin) {
        return "global\n  log 127.0.0.1:" + log.port() + " local0\n  nbthread 1\ndefaults\n  mode " + mode + "\n  timeout connect 9s\n"
                + "  timeout client 9s\n  timeout server 9s\n  timeout tunnel 9s\nfrontend fe\n  bind 127.0.0.1:@1\n  log global\n"
                + "  log-format \"state %ts\"\n  " + front + "\n  default_backend be\nbackend be\n  " + back + "\n  "
                + EngineHarness.server("s1", origin.port()) + "\n";
    }

    @ParameterizedTest
    @CsvSource({"tcp,timeout client-fin 100ms,,cD", "tcp,,timeout server-fin 100ms,sD",
        "http,timeout client-fin 100ms,,cD", "http,,timeout server-fin 100ms,sD"})
    void aTunnelWhoseClientHasEndedItsHalf(String mode, String front, String back, String state) {
        CountDownLatch logged = new CountDownLatch(1);
        try (SyslogSink log = SyslogSink.udp();
                ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    if (mode.equals("http")) {
                        connection.readRequest();
                        connection.send(SWITCH);
                    } else {
                        connection.send("hello");
                    }
                    connection.expectClosed();
                    logged.await();
                });
                EngineHarness proxy = EngineHarness.start(text(log, mode, front == null ? "" : front, back == null ? "" : back, origin));
                RawClient client = proxy.client()) {
            client.send(mode.equals("http") ? UPGRADE : "");
            client.expect(mode.equals("http") ? SWITCH.substring(0, 12) : "hello");
            client.shutdownOutput();
            assertThat(log.awaitContaining("state").strip()).endsWith("state " + state);
            logged.countDown();
            proxy.awaitNoStreams();
        }
    }

    @ParameterizedTest
    @CsvSource({"timeout client-fin 100ms,,cD", ",timeout server-fin 100ms,sD"})
    void aTunnelWhoseServerHasEndedItsHalf(String front, String back, String state) {
        try (SyslogSink log = SyslogSink.udp();
                ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.send("bye").shutdownOutput().hasMore());
                EngineHarness proxy = EngineHarness.start(text(log, "tcp", front == null ? "" : front, back == null ? "" : back, origin));
                RawClient client = proxy.client()) {
            client.expect("bye");
            assertThat(log.awaitContaining("state").strip()).endsWith("state " + state);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void aTunnelThatIsOpenBothWaysHasItsUsualTime() {
        try (SyslogSink log = SyslogSink.udp();
                ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.expect("ping");
                    connection.send("pong");
                    connection.hasMore();
                });
                EngineHarness proxy = EngineHarness.start(
                        text(log, "tcp", "timeout client-fin 50ms", "timeout server-fin 50ms", origin));
                RawClient client = proxy.client()) {
            net.lbd.testkit.Await.stable("streams", java.time.Duration.ofMillis(200), () -> proxy.backend("be").counters().current.get());
            client.send("ping").expect("pong");
        }
    }

    @Test
    void aHandshakeHasATimeOfItsOwn(@TempDir Path dir) {
        TestCertificates.create().server(TestCertificates.KeyKind.ECDSA, "a.example").writePem(dir.resolve("a.pem"));
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("timeout http-request 9s\ntimeout client-hs 100ms\nbind 127.0.0.1:@2 ssl crt " + dir.resolve("a.pem"),
                        EngineHarness.server("s1", origin.port()))) {
            for (var listener : proxy.engine().listeners()) {
                if (listener.bind().tls().isPresent()) {
                    try (RawClient client = RawClient.connect((java.net.InetSocketAddress) listener.boundAddress())) {
                        client.expectEof();
                    }
                }
            }
            try (RawClient plain = proxy.client()) {
                plain.send(get("/"));
                assertThat(plain.readResponse().status()).isEqualTo(200);
            }
        }
    }
}
