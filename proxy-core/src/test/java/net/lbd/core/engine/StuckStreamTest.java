package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import net.lbd.testkit.Await;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever the peers do, a stream ends and gives back what it held, and an answer that was given arrives. */
@Timeout(60)
class StuckStreamTest {

    private static Script gated(Semaphore gate) {
        return Script.answering(request -> {
            gate.acquireUninterruptibly();
            return ok("late");
        });
    }

    @Test
    void aServerThatHasAnsweredAndTakesNoMoreOfTheBodyIsLeft() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.send(ok("early"));
                    over.await();
                });
                EngineHarness proxy = EngineHarness.http("timeout client 300ms",
                        "timeout server 300ms\n" + EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("early");
            Thread sender = new Thread(() -> {
                try {
                    while (true) {
                        client.send(new byte[65536]);
                    }
                } catch (RuntimeException | AssertionError e) {
                    // The proxy takes no more: what this test wants.
                }
            });
            sender.start();
            try {
                proxy.awaitNoStreams();
            } finally {
                over.countDown();
                client.reset();
                sender.join();
            }
        }
    }

    /** The piece waits for the rest of its section, and the reading had been stopped until the server was there. */
    @Test
    void aPieceOfATrailerThatComesWithTheHeadIsReadOn() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readUntil("X-Trailer: whole\r\n\r\n");
                    connection.send(ok("got it"));
                    connection.readToEnd();
                });
                EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Trailer: who");
            Await.until("the body has arrived", () -> origin.awaitConnection(1).receivedText().contains("hello"));
            client.send("le\r\n\r\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("got it");
        }
    }

    @Test
    void aTrailerThatIsNeverFinishedIs408() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = EngineHarness.http("timeout client 300ms", EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Trailer: who");
            assertThat(client.readResponse().status()).isEqualTo(408);
            client.close();
            proxy.awaitIdle();
        }
    }

    @Test
    void timeoutQueueComesWhileABackupServerHasRoom() {
        Semaphore gate = new Semaphore(0);
        try (ScriptedOrigin origin = ScriptedOrigin.start(gated(gate));
                EngineHarness proxy = EngineHarness.http("", "timeout queue 200ms\n"
                        + EngineHarness.server("s1", origin.port(), "maxconn 1") + "\n"
                        + EngineHarness.server("b1", origin.port(), "backup"));
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            first.send(get("/1"));
            origin.awaitRequest(1);
            second.send(get("/2"));
            try {
                assertThat(second.readResponse().status()).isEqualTo(503);
            } finally {
                gate.release(10);
            }
        }
    }

    @Test
    void timeoutQueueRunsOnForAStreamWhoseTurnCameToNothing() throws Exception {
        Semaphore gate = new Semaphore(0);
        try (ScriptedOrigin origin = ScriptedOrigin.start(gated(gate));
                EngineHarness proxy = EngineHarness.http("", "timeout queue 300ms\n"
                        + EngineHarness.server("s1", origin.port(), "maxconn 1"));
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            first.send(get("/1"));
            origin.awaitRequest(1);
            second.send(get("/2"));
            try {
                for (int i = 0; i < 30; i++) {
                    proxy.backend("be").serverChanged();
                    Thread.sleep(50);
                }
                assertThat(proxy.backend("be").queue().size()).isZero();
                assertThat(new String(second.readAvailable(), java.nio.charset.StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 503");
            } finally {
                gate.release(10);
            }
        }
    }

    @Test
    void whoWaitsForAPlaceThatAStreamOfTheOldConfigurationHasGetsIt() {
        Semaphore gate = new Semaphore(0);
        try (ScriptedOrigin origin = ScriptedOrigin.start(gated(gate))) {
            String text = EngineHarness.httpText("", EngineHarness.server("s1", origin.port(), "maxconn 1"));
            try (EngineHarness proxy = EngineHarness.start(text); RawClient first = proxy.client()) {
                first.send(get("/1"));
                origin.awaitRequest(1);
                proxy.reload(text);
                try (RawClient second = proxy.client()) {
                    second.send(get("/2"));
                    Await.until("the second waits", () -> proxy.backend("be").queue().size() == 1);
                    gate.release(10);
                    assertThat(first.readResponse().bodyText()).isEqualTo("late");
                    assertThat(second.readResponse().bodyText()).isEqualTo("late");
                }
            } finally {
                gate.release(10);
            }
        }
    }

    @Test
    void anEmptyLineBeforeTheEndOfInputDoesNotCostTheAnswer() throws Exception {
        // More than a client's socket takes unread, less than a socket of Linux holds for one that does not read.
        String body = "x".repeat(1_500_000);
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok(body)));
                EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            client.send(get("/") + "\r\n").shutdownOutput();
            proxy.awaitNoStreams();
            // The proxy sees the end now, and what it has sent is still on its way.
            Thread.sleep(300);
            assertThat(client.readResponse().bodyText()).hasSize(body.length());
        }
    }

    @Test
    void aSlowClientWithUnreadInputGetsItsWholeAnswer() throws Exception {
        int size = 8_000_000;
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + size + "\r\n\r\n");
                    connection.send(new byte[size]);
                });
                EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + get("/unread"));
            client.readHead();
            int read = 0;
            while (read < size && proxy.backend("be").counters().current.get() > 0) {
                client.skip(8192);
                read += 8192;
                Thread.sleep(1);
            }
            Thread.sleep(2500);
            client.skip(size - read);
        }
    }
}
