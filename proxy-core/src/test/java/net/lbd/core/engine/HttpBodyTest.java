package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.chunked;
import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static net.lbd.core.engine.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpBodyTest {

    private static final String CHUNKED_HEAD = "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String EXPECTING = "PUT /e HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n";

    private static EngineHarness proxy(ScriptedOrigin origin) {
        return EngineHarness.http("", EngineHarness.server("s1", origin.port()));
    }

    // ---- requests

    @Test
    void bodiesPassAsTheyAreFramed() {
        String[] requests = {
            post("/", ""), post("/", "hello"), CHUNKED_HEAD + chunked("hello world", 3), CHUNKED_HEAD + "0\r\n\r\n",
            CHUNKED_HEAD + "5;a=\"b\"\r\nhello\r\n000\r\nX-Sum: 1\r\nX-B:\t2\r\n\r\n",
            "DELETE /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc", "GET /x HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc",
        };
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy(origin)) {
            for (String request : requests) {
                try (RawClient client = proxy.client()) {
                    client.send(request);
                    assertThat(client.readResponse().status()).isEqualTo(200);
                    assertThat(origin.requests().get(origin.requests().size() - 1).toString()).isEqualTo(request);
                }
            }
        }
    }

    @Test
    void chunksCutAtEveryByteArriveWhole() {
        String request = CHUNKED_HEAD + "5;x\r\nhello\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.pauseBetweenPieces(java.time.Duration.ofMillis(1));
            int bodyStart = CHUNKED_HEAD.length();
            for (int split = bodyStart; split < request.length(); split++) {
                client.sendSplit(request, split);
                assertThat(client.readResponse().bodyText()).isEqualTo("/c");
            }
            client.sendByteByByte(request);
            assertThat(client.readResponse().bodyText()).isEqualTo("/c");
            assertThat(origin.requests()).allSatisfy(r -> assertThat(r.toString()).isEqualTo(request));
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void eachPieceOfABodyIsPassedOnWhenItComes() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.expect("5\r\nhello\r\n");
                    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n5!\r\n");
                    connection.expect("1\r\na\r\n");
                    connection.send("2\r\n1!\r\n");
                    connection.expect("0\r\n\r\n");
                    connection.send("0\r\n\r\n");
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(CHUNKED_HEAD);
            client.send("5\r\nhello\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK");
            client.expect("2\r\n5!\r\n");
            client.send("1\r\na\r\n");
            client.expect("2\r\n1!\r\n");
            client.send("0\r\n\r\n");
            client.expect("0\r\n\r\n");
        }
    }

    @Test
    void continueIsAskedForAndGivenEndToEnd() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    assertThat(connection.readHead()).contains("Expect: 100-continue\r\n");
                    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                    connection.expect("body");
                    connection.send(ok("thanks"));
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(EXPECTING);
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("body");
            assertThat(client.readResponse().bodyText()).isEqualTo("thanks");
        }
    }

    @Test
    void aServerMayDeclineTheBodyThatWasAnnounced() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(EXPECTING);
            assertThat(client.readResponse().status()).isEqualTo(417);
            client.expectEof();
            client.close();
            proxy.awaitIdle();
        }
    }

    @Test
    void anAnswerBeforeTheEndOfTheRequestDoesNotStopTheRequest() {
        CountDownLatch answered = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.send(ok("early"));
                    connection.expect("0123456789");
                    answered.countDown();
                    connection.readRequest();
                    connection.send(ok("next"));
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");
            assertThat(client.readResponse().bodyText()).isEqualTo("early");
            client.send("56789" + get("/2"));
            assertThat(client.readResponse().bodyText()).isEqualTo("next");
            assertThat(answered.getCount()).isZero();
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void theEndOfARequestBehindItsAnswerLeavesAtOnce() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.send(ok("early"));
                    connection.expect("0123456789");
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");
            assertThat(client.readResponse().bodyText()).isEqualTo("early");
            client.send("56789");
            origin.awaitFinished(1);
        }
    }

    @Test
    void aServerThatAnswersEarlyAndClosesIsHeard() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
                    connection.shutdownOutput();
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n01234");
            assertThat(client.readResponse().bodyText()).isEqualTo("big");
            client.expectEof();
            client.close();
            proxy.awaitIdle();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x\r\nhello", "5\r\nhello0\r\n", "5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n", "ffffffffffffffffff\r\n", "5;\n"})
    void aBodyThatBreaksItsChunksIsRefusedAndItsConnectionDropped(String body) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        Script.silent(),
                        Script.answering(ok("next")));
                EngineHarness proxy = proxy(origin)) {
            try (RawClient client = proxy.client()) {
                client.send(CHUNKED_HEAD);
                origin.awaitConnection(1);
                client.send(body + get("/smuggled"));
                assertThat(client.readResponse().status()).isEqualTo(400);
                client.expectEof();
            }
            proxy.awaitIdle();
            origin.awaitFinished(1);
            assertThat(origin.connections().get(0).receivedText()).doesNotContain("smuggled");
            try (RawClient client = proxy.client()) {
                client.send(get("/"));
                assertThat(client.readResponse().bodyText()).isEqualTo("next");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody", CHUNKED_HEAD + "4\r\nbody\r\n0\r\n\r\n"})
    void aClientThatShutsItsHalfBehindItsRequestStillGetsItsAnswer(String request) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(ok("late"));
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(request);
            client.shutdownOutput();
            assertThat(client.readResponse().bodyText()).isEqualTo("late");
            client.expectEof();
            proxy.awaitIdle();
        }
    }

    @Test
    void aClientThatShutsItsHalfGetsALargeAnswerThatItTakesSlowly() {
        CountDownLatch sent = new CountDownLatch(1);
        String large = "x".repeat(8 << 20);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + large.length() + "\r\n\r\n");
                    sent.countDown();
                    connection.send(large);
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(post("/", "body"));
            client.shutdownOutput();
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 OK");
            net.lbd.testkit.Await.until("the server is held up", () -> {
                long before = origin.connections().get(0).sentBytes();
                java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
                return origin.connections().get(0).sentBytes() == before;
            });
            client.skip(large.length());
            client.expectEof();
            proxy.awaitIdle();
        }
    }

    @Test
    void aClientThatShutsItsHalfInTheMiddleOfItsRequestIsGone() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nbody");
            origin.awaitConnection(1);
            client.shutdownOutput();
            client.expectClosed();
            origin.awaitFinished(1);
            proxy.awaitIdle();
        }
    }

    // ---- responses

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n0\r\nX: y\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 304 \r\n\r\n",
        "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 500 Oops\r\nX: y\r\nContent-Length: 2\r\n\r\nno",
    })
    void responsesPassByteForByteHoweverTheyAreCut(String answer) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.pauseBetweenPieces(java.time.Duration.ofMillis(1));
                    for (int split = 1; connection.hasMore(); split++) {
                        connection.readRequest();
                        if (split < answer.length()) {
                            connection.sendSplit(answer, split);
                        } else {
                            connection.sendByteByByte(answer);
                        }
                    }
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            for (int split = 1; split <= answer.length(); split++) {
                client.send(get("/"));
                assertThat(client.readResponse().toString()).isEqualTo(answer);
            }
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void interimResponsesPassAndEndNothing() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(
                        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 5\r\nConnection: x\r\n\r\n"
                                + "HTTP/1.0 102 Processing\r\nTransfer-Encoding: chunked\r\n\r\n" + ok("done")));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            for (int i = 0; i < 2; i++) {
                client.send(get("/"));
                assertThat(client.readHead()).isEqualTo("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
                assertThat(client.readHead()).isEqualTo("HTTP/1.1 102 Processing\r\n\r\n");
                assertThat(client.readResponse().bodyText()).isEqualTo("done");
            }
        }
    }

    @Test
    void anInterimResponseIsNotForAClientOfHttp10() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering("HTTP/1.1 103 Early Hints\r\n\r\n" + ok("done")));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("done");
            client.expectEof();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: keep-alive\r\n"})
    void aClientOfHttp10GetsChunksDecodedAndTheEndByClosing(String connection) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(
                        "HTTP/1.1 200 OK\r\nTrailer: X\r\nTransfer-Encoding: chunked\r\n\r\n5;a\r\nhello\r\n6\r\n world\r\n0\r\nX: y\r\n\r\n"));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send("GET / HTTP/1.0\r\n" + connection + "\r\n");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            client.expect("hello world");
            client.expectEof();
        }
    }

    @Test
    void aClientOfHttp10IsToldOfNoChunksAtAll() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        Script.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send("HEAD / HTTP/1.0\r\n\r\n");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
            client.expectEof();
        }
    }

    @Test
    void aBodyWithoutLengthEndsWithItsConnection() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nX: y\r\n\r\nsome ");
                    connection.send("bytes");
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/") + get("/never"));
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 200 OK\r\nX: y\r\nConnection: close\r\n\r\n");
            client.expect("some bytes");
            client.expectEof();
            assertThat(origin.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\n\r\nsome ", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome ",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsome \r\n"})
    void aResponseThatIsResetLooksCutToTheClient(String begun) {
        CountDownLatch received = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(begun);
                    received.await();
                    connection.reset();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/"));
            client.readUntil("some ");
            received.countDown();
            assertThat(client.readToEnd()).isIn(new byte[0], "\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(client.end()).contains(net.lbd.testkit.Wire.End.RESET);
            proxy.awaitIdle();
            assertThat(proxy.serverCounters("s1").serverAborts.sum()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome ",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsome \r\n0\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsome \r\nzz\r\n"})
    void aResponseThatStopsTooEarlyLooksCutToTheClient(String begun) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(begun);
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/"));
            client.readToEnd();
            assertThat(client.end()).contains(net.lbd.testkit.Wire.End.RESET);
            proxy.awaitIdle();
        }
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 200, 17", "GET, 304, 17"})
    void aLengthWithoutABodyIsToldAndTheConnectionStays(String method, int status, int length) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        Script.answering("HTTP/1.1 " + status + " X\r\nContent-Length: " + length + "\r\n\r\n"));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            for (int i = 0; i < 3; i++) {
                client.send(method + " / HTTP/1.1\r\nHost: a\r\n\r\n");
                ReceivedMessage response = client.readResponseTo(method);
                assertThat(response.headers("Content-Length")).containsExactly("" + length);
            }
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void aLengthThatA204MustNotHaveIsTakenOut() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        Script.answering("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nX: y\r\n\r\n"));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 204 No Content\r\nX: y\r\n\r\n");
        }
    }
}
