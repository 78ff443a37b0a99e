package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static net.lbd.core.engine.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTimeoutTest {

    private static final String HALF = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234";

    private static EngineHarness proxy(String front, String back, int port, String... serverOptions) {
        return EngineHarness.http(front, back + "\n" + EngineHarness.server("s1", port, serverOptions));
    }

    // ---- the client's time

    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTTP/1.1\r\nHost", "\r\n"})
    void aRequestThatDoesNotComeInTimeIs408(String begun) {
        try (EngineHarness proxy = proxy("timeout http-request 150ms", "", Ports.free());
                RawClient client = proxy.client()) {
            client.send(begun);
            assertThat(client.readResponse().status()).isEqualTo(408);
            client.expectEof();
            client.close();
            proxy.awaitIdle();
        }
    }

    @Test
    void tricklingBytesDoNotBuyTimeForAHead() {
        try (EngineHarness proxy = proxy("timeout http-request 300ms", "", Ports.free());
                RawClient client = proxy.client()) {
            long start = System.nanoTime();
            client.pauseBetweenPieces(Duration.ofMillis(20));
            try {
                client.sendByteByByte("GET / HTTP/1.1\r\nX: " + "x".repeat(100));
            } catch (java.io.UncheckedIOException e) {
                // Closed in the middle of it, as it must be.
                assertThat(client.sentBytes()).isPositive();
            }
            assertThat(client.receivedText() + new String(client.readToEnd(), java.nio.charset.StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 408 ");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void anIdleClientIsLetGoWithoutAWord() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy("timeout http-keep-alive 150ms", "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            client.readResponse();
            client.expectEof();
            proxy.awaitIdle();
        }
    }

    @Test
    void aBodyThatStopsIs408AndFreesTheServer() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = proxy("timeout client 200ms", "", origin.port());
                RawClient client = proxy.client()) {
            client.send(HALF);
            assertThat(client.readResponse().status()).isEqualTo(408);
            client.expectEof();
            client.close();
            proxy.awaitIdle();
            origin.awaitFinished(1);
        }
    }

    @Test
    void aClientThatDoesNotTakeItsAnswerIsCut() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
                    try {
                        connection.send(new byte[100_000_000]);
                        throw new AssertionError("a client that reads nothing took it all");
                    } catch (java.io.UncheckedIOException e) {
                        assertThat(connection.sentBytes()).isLessThan(100_000_000);
                    }
                });
                EngineHarness proxy = proxy("timeout client 200ms", "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/"));
            origin.awaitFinished(1);
            proxy.awaitNoStreams();
        }
    }

    /** The client has done all it could: the queue, or the server, is slow. */
    @Test
    void aClientIsNotBlamedWhileItsRequestWaitsForAServer() {
        CountDownLatch free = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    while (connection.hasMore()) {
                        String target = connection.readRequest().target();
                        if (target.equals("/slow")) {
                            free.await();
                        }
                        connection.send(ok(target));
                    }
                });
                EngineHarness proxy = proxy("timeout client 200ms", "timeout queue 10s", origin.port(), "maxconn 1");
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            first.send(get("/slow"));
            origin.awaitRequest(1);
            long start = System.nanoTime();
            second.send(post("/queued", "body"));
            Await.until("the second request has waited longer than timeout client",
                    () -> System.nanoTime() - start > 500_000_000L || second.received().length > 0);
            free.countDown();
            assertThat(second.readResponse().bodyText()).isEqualTo("/queued");
            assertThat(first.readResponse().bodyText()).isEqualTo("/slow");
        }
    }

    @Test
    void aClientIsNotBlamedForAServerThatReadsSlowly() {
        byte[] large = new byte[12 << 20];
        CountDownLatch read = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    read.await();
                    connection.skip(large.length);
                    connection.send(ok("got it"));
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy("timeout client 250ms", "", origin.port());
                RawClient client = proxy.client()) {
            Thread sender = new Thread(() -> {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + large.length + "\r\n\r\n");
                client.send(large);
            });
            sender.start();
            Await.until("the client is held up", () -> standsStill(client::sentBytes));
            long start = System.nanoTime();
            Await.until("timeout client has passed twice", () -> System.nanoTime() - start > 500_000_000L);
            read.countDown();
            assertThat(client.readResponse().bodyText()).isEqualTo("got it");
        }
    }

    /** Bytes of the answer are signs of life: the client may be waiting for them before it goes on. */
    @Test
    void aClientThatIsBeingAnsweredHasItsTimeAnew() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                    for (int i = 0; i < 12; i++) {
                        connection.send("1\r\nx\r\n");
                        java.util.concurrent.locks.LockSupport.parkNanos(60_000_000);
                    }
                    connection.expect("01234");
                    connection.expect("56789");
                    connection.send("0\r\n\r\n");
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy("timeout client 300ms", "", origin.port());
                RawClient client = proxy.client()) {
            client.send(HALF);
            client.readHead();
            client.read(12 * 6);
            client.send("56789");
            client.expect("0\r\n\r\n");
        }
    }

    // ---- the server's time

    @Test
    void aServerThatDoesNotAnswerIs504AndItsConnectionIsNotUsedAgain() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.readToEnd();
                        },
                        Script.answering(ok("second")));
                EngineHarness proxy = proxy("", "timeout server 200ms", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            assertThat(client.readResponse().status()).isEqualTo(504);
            client.send(get("/2"));
            assertThat(client.readResponse().bodyText()).isEqualTo("second");
            origin.awaitFinished(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 10\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\n", "\r\n"})
    void anAnswerThatStopsLooksCut(String framing) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\n" + framing + "some");
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy("", "timeout server 200ms", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            client.readUntil("some");
            client.readToEnd();
            assertThat(client.end()).contains(Wire.End.RESET);
            proxy.awaitIdle();
        }
    }

    @Test
    void aServerThatHasAnsweredAndDoesNotTakeTheRestIsLeft() {
        CountDownLatch left = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.send(ok("early"));
                    left.await();
                });
                EngineHarness proxy = proxy("timeout client 10s", "timeout server 200ms", origin.port());
                RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("early");
            Thread sender = new Thread(() -> {
                try {
                    client.send(new byte[40_000_000]);
                } catch (java.io.UncheckedIOException e) {
                    assertThat(client.sentBytes()).isPositive();
                }
            });
            sender.start();
            proxy.awaitNoStreams();
            left.countDown();
        }
    }

    /** HAProxy 2.6 answers 504 here; the server, which has nothing to do yet, is not to blame. */
    @Test
    void aServerIsNotBlamedForAClientThatPausesInItsUpload() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(ok("got it"));
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy("", "timeout server 150ms", origin.port());
                RawClient client = proxy.client()) {
            client.send(HALF);
            origin.awaitConnection(1);
            long start = System.nanoTime();
            Await.until("several times timeout server",
                    () -> System.nanoTime() - start > 600_000_000L);
            client.send("56789");
            assertThat(client.readResponse().bodyText()).isEqualTo("got it");
        }
    }

    @Test
    void aServersTimeRunsFromTheEndOfTheRequest() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = proxy("", "timeout server 150ms", origin.port());
                RawClient client = proxy.client()) {
            client.send(HALF);
            origin.awaitConnection(1);
            client.send("56789");
            assertThat(client.readResponse().status()).isEqualTo(504);
        }
    }

    @Test
    void aServerThatDoesNotTakeTheRequestIs504() {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> over.await());
                EngineHarness proxy = proxy("", "timeout server 200ms", origin.port());
                RawClient client = proxy.client()) {
            Thread sender = new Thread(() -> {
                try {
                    client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
                    client.send(new byte[40_000_000]);
                } catch (java.io.UncheckedIOException e) {
                    assertThat(client.sentBytes()).isPositive();
                }
            });
            sender.start();
            assertThat(client.readResponse().status()).isEqualTo(504);
            over.countDown();
        }
    }

    @Test
    void aServerThatTricklesHasItsTimeAnewWithEveryByte() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.pauseBetweenPieces(Duration.ofMillis(20));
                    connection.sendByteByByte(ok("trickled"));
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy("", "timeout server 300ms", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            assertThat(client.readResponse().bodyText()).isEqualTo("trickled");
        }
    }

    @Test
    void aServerThatDoesNotAcceptIs503() {
        try (Ports.Blackhole blackhole = new Ports.Blackhole();
                EngineHarness proxy = proxy("", "timeout connect 150ms\nretries 0", blackhole.port());
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            assertThat(client.readResponse().status()).isEqualTo(503);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void waitingTooLongForAPlaceIs503() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = proxy("", "timeout queue 150ms", origin.port(), "maxconn 1");
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            first.send(get("/1"));
            origin.awaitConnection(1);
            second.send(get("/2"));
            assertThat(second.readResponse().status()).isEqualTo(503);
            assertThat(proxy.backend("be").queue().size()).isZero();
            assertThat(proxy.serverCounters("s1").current.get()).isEqualTo(1);
        }
    }

    @Test
    void aLongPollIsNotDisturbedByTheClientsTime() {
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    answer.await();
                    connection.send(ok("pong"));
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy("timeout client 150ms\ntimeout http-request 150ms", "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/ping"));
            long start = System.nanoTime();
            Await.until("several times timeout client", () -> System.nanoTime() - start > 600_000_000L);
            answer.countDown();
            assertThat(client.readResponse().bodyText()).isEqualTo("pong");
        }
    }

    static boolean standsStill(java.util.function.LongSupplier counter) {
        long before = counter.getAsLong();
        java.util.concurrent.locks.LockSupport.parkNanos(60_000_000);
        return before > 0 && counter.getAsLong() == before;
    }
}
