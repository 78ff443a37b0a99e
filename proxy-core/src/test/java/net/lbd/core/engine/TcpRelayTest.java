package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import net.lbd.testkit.Await;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TcpRelayTest {

    private static EngineHarness proxy(ScriptedOrigin origin, String... lines) {
        return EngineHarness.tcp("", String.join("\n", lines) + "\n" + EngineHarness.server("s1", origin.port()));
    }

    @Test
    void bytesPassBothWaysWhoeverSpeaksFirst() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.send("220 ready\r\n");
                    connection.expect("EHLO\0\r\n");
                    connection.send("250 ok\r\n");
                    connection.expectEof();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.expect("220 ready\r\n");
            client.send("EHLO\0\r\n");
            client.expect("250 ok\r\n");
            client.shutdownOutput();
            client.expectEof();
            proxy.awaitIdle();
        }
    }

    @Test
    void aClientThatEndsItsHalfStillHears() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    String all = new String(connection.readToEnd(), StandardCharsets.US_ASCII);
                    connection.send("you said " + all);
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send("everything");
            client.shutdownOutput();
            client.expect("you said everything");
            client.expectEof();
            proxy.awaitIdle();
        }
    }

    @Test
    void aClientThatEndsItsHalfBeforeTheServerIsReachedStillHears() {
        int port = Ports.free();
        try (EngineHarness proxy = EngineHarness.tcp("", "retries 50\ntimeout connect 100ms\n" + EngineHarness.server("s1", port));
                RawClient client = proxy.client()) {
            client.send("everything");
            client.shutdownOutput();
            Await.until("a failed attempt", () -> proxy.serverCounters("s1").retries.sum() > 0);
            try (ScriptedOrigin origin = ScriptedOrigin.startAt(port, Optional.empty(), connection -> {
                    String all = new String(connection.readToEnd(), StandardCharsets.US_ASCII);
                    connection.send("you said " + all);
                })) {
                client.expect("you said everything");
                client.expectEof();
                origin.awaitFinished(1);
            }
            proxy.awaitIdle();
        }
    }

    @Test
    void aServerThatEndsItsHalfStillHears() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.send("speak");
                    connection.shutdownOutput();
                    connection.expect("I do");
                    connection.expectEof();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.expect("speak");
            client.expectEof();
            client.send("I do");
            client.shutdownOutput();
            origin.awaitFinished(1);
            proxy.awaitIdle();
        }
    }

    @Test
    void aResetOfEitherSideEndsTheOther() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.expect("x");
                            connection.reset();
                        },
                        Script.silent());
                EngineHarness proxy = proxy(origin)) {
            try (RawClient client = proxy.client()) {
                client.send("x");
                client.expectClosed();
            }
            proxy.awaitIdle();
            RawClient client = proxy.client();
            client.send("y");
            origin.awaitConnection(2).deadline(java.time.Duration.ofSeconds(5));
            client.reset();
            origin.awaitFinished(2);
            proxy.awaitIdle();
        }
    }

    @Test
    void aClientThatResetsBehindItsHalfCloseIsNoticed() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering("never"), Script.silent());
                EngineHarness proxy = EngineHarness.tcp("", EngineHarness.server("s1", origin.port()))) {
            RawClient client = proxy.client();
            client.send("GET / HTTP/1.1\r\n\r\n");
            client.expect("never");
            client.close();
            proxy.awaitIdle();
        }
    }

    @Test
    void bulkArrivesWholeBothWaysAtOnce() throws Exception {
        byte[] data = new byte[24 << 20];
        new Random(3).nextBytes(data);
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.echo());
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            Thread sender = new Thread(() -> {
                client.send(data);
                client.shutdownOutput();
            });
            sender.start();
            CRC32 received = new CRC32();
            long length = 0;
            // Taken off in pieces: the kit keeps no more than it must.
            while (length < data.length) {
                byte[] piece = client.read((int) Math.min(1 << 20, data.length - length));
                received.update(piece);
                length += piece.length;
            }
            client.expectEof();
            sender.join();
            CRC32 sent = new CRC32();
            sent.update(data);
            assertThat(received.getValue()).isEqualTo(sent.getValue());
            proxy.awaitIdle();
            assertThat(proxy.serverCounters("s1").bytesIn.sum()).isEqualTo(data.length);
            assertThat(proxy.serverCounters("s1").bytesOut.sum()).isEqualTo(data.length);
        }
    }

    @Test
    void silenceOfEitherSideEndsTheConnection() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = EngineHarness.tcp("timeout client 150ms", EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            client.expectClosed();
            proxy.awaitIdle();
        }
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = proxy(origin, "timeout server 150ms");
                RawClient client = proxy.client()) {
            client.expectClosed();
            proxy.awaitIdle();
        }
    }

    @Test
    void withoutAServerTheClientIsLetGo() {
        try (EngineHarness proxy = EngineHarness.tcp("", "retries 1\ntimeout connect 50ms\n" + EngineHarness.server("s1", Ports.free()));
                RawClient client = proxy.client()) {
            client.expectClosed();
            proxy.awaitIdle();
            assertThat(proxy.serverCounters("s1").connectErrors.sum()).isEqualTo(1);
            assertThat(proxy.serverCounters("s1").connects.sum()).isEqualTo(2);
        }
    }

    @Test
    void connectionsWaitForAPlace() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.echo());
                EngineHarness proxy = EngineHarness.tcp("", EngineHarness.server("s1", origin.port(), "maxconn 1"));
                RawClient first = proxy.client()) {
            first.send("1");
            first.expect("1");
            try (RawClient second = proxy.client()) {
                second.send("2");
                net.lbd.testkit.Await.until("the second waits", () -> proxy.backend("be").queue().size() == 1);
                first.close();
                second.expect("2");
            }
            proxy.awaitIdle();
        }
    }

    @Test
    void aClientThatLeavesTheQueueLeavesNothingBehind() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.echo());
                EngineHarness proxy = EngineHarness.tcp("", EngineHarness.server("s1", origin.port(), "maxconn 1"));
                RawClient first = proxy.client()) {
            first.send("1");
            first.expect("1");
            RawClient second = proxy.client();
            net.lbd.testkit.Await.until("the second waits", () -> proxy.backend("be").queue().size() == 1);
            second.reset();
            net.lbd.testkit.Await.until("the second has left", () -> proxy.backend("be").queue().size() == 0);
            first.close();
            proxy.awaitIdle();
        }
    }

    @Test
    void halfClosesOverTlsAreAnnounced(@TempDir Path dir) {
        TestCertificates ca = TestCertificates.create();
        ca.server(TestCertificates.KeyKind.ECDSA, "a").writePem(dir.resolve("site.pem"));
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.expect("hello");
                    connection.send("bye");
                });
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("mode tcp", "mode tcp\n"
                        + EngineHarness.server("s1", origin.port())).replace(":@1", ":@1 ssl crt " + dir.resolve("site.pem")));
                RawClient client = proxy.tlsClient(ClientTls.of(ca.clientContext()).verifying("a"))) {
            client.send("hello");
            client.expect("bye");
            client.readToEnd();
            // Not TLS_CUT: without close_notify nobody could tell an end from an attack.
            assertThat(client.end()).contains(Wire.End.FIN);
            client.close();
            proxy.awaitIdle();
        }
    }

    @Test
    void aHandshakeThatIsGivenUpLeavesNothing(@TempDir Path dir) {
        TestCertificates.create().server(TestCertificates.KeyKind.ECDSA, "a").writePem(dir.resolve("site.pem"));
        for (String mode : new String[] {"tcp", "http"}) {
            try (EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("mode " + mode, "mode " + mode + "\n"
                    + EngineHarness.server("s1", Ports.free())).replace(":@1", ":@1 ssl crt " + dir.resolve("site.pem")))) {
                for (String bytes : new String[] {"", "\26\3\1", "GET / HTTP/1.1\r\n\r\n"}) {
                    try (RawClient client = proxy.client()) {
                        client.send(bytes);
                        client.shutdownOutput();
                        client.readToEnd();
                    }
                    proxy.awaitIdle();
                    RawClient resetting = proxy.client();
                    resetting.send(bytes);
                    resetting.reset();
                    proxy.awaitIdle();
                }
            }
        }
    }
}
