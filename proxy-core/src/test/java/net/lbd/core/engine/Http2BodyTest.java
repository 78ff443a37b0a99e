package net.lbd.core.engine;

import static net.lbd.core.engine.Http2ExchangeTest.client;
import static net.lbd.core.engine.Http2ExchangeTest.proxy;
import static net.lbd.core.engine.Messages.chunked;
import static net.lbd.core.engine.Messages.ok;
import static net.lbd.testkit.Http2Wire.get;
import static net.lbd.testkit.Http2Wire.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Bodies over HTTP/2: lengths, chunks, trailers, windows, early answers and cuts. */
class Http2BodyTest {

    private static final int WINDOW = Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE;
    private static final int PROTOCOL_ERROR = 1;
    private static final int INTERNAL_ERROR = 2;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;

    private static String text(int length) {
        char[] chars = new char[length];
        for (int i = 0; i < length; i++) {
            chars[i] = (char) ('a' + i % 23);
        }
        return new String(chars);
    }

    @Test
    void responsesOfEveryFramingEndTheirStream() {
        String big = text(300_000);
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(r -> r.method().equals("HEAD") ? "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" : switch (r.target()) {
                    case "/none" -> "HTTP/1.1 204 No Content\r\n\r\n";
                    case "/notmodified" -> "HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\n\r\n";
                    case "/empty" -> ok("");
                    case "/big" -> ok(big);
                    case "/chunks" -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(big, 7777);
                    case "/nochunks" -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
                    case "/trailers" -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                            + "3\r\nabc\r\n0\r\nX-Sum:  7 \r\nX-Empty:\r\n\r\n";
                    default -> throw new AssertionError(r.target());
                }));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            int stream = 1;
            for (String target : new String[] {"/none", "/notmodified", "/empty", "/big", "/chunks", "/nochunks", "/trailers"}) {
                client.headers(stream, true, get(target));
                Http2Wire.Message answer = client.message(stream);
                assertThat(answer.ended()).as(target).isTrue();
                assertThat(answer.field("transfer-encoding")).as(target).isEmpty();
                switch (target) {
                    case "/none" -> assertThat(answer.fields()).containsExactly(":status: 204");
                    case "/notmodified" -> assertThat(answer.fields()).containsExactly(":status: 304", "content-length: 77");
                    case "/big", "/chunks" -> assertThat(answer.bodyText()).as(target).isEqualTo(big);
                    case "/trailers" -> {
                        assertThat(answer.bodyText()).isEqualTo("abc");
                        assertThat(answer.trailers()).containsExactly("x-sum: 7", "x-empty: ");
                    }
                    default -> assertThat(answer.body()).as(target).isEmpty();
                }
                stream += 2;
            }
            client.headers(stream, true, request("HEAD", "/big"));
            Http2Wire.Message head = client.message(stream);
            assertThat(head.field("content-length")).isEqualTo("300000");
            assertThat(head.body()).isEmpty();
            assertThat(head.ended()).isTrue();
        }
    }

    @Test
    void aSmallAnswerIsTwoFramesOfWhichTheLastEndsTheStream() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("small")));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, true, get("/"));
            assertThat(client.next(Http2Wire.HEADERS).ends()).isFalse();
            Http2Wire.Frame data = client.next(Http2Wire.DATA);
            assertThat(data.ends()).isTrue();
            assertThat(data.payload()).hasSize(5);
        }
    }

    @Test
    void aResponseThatEndsWithTheConnectionIsWholeAndOneThatIsCutIsReset() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send("HTTP/1.1 200 OK\r\n\r\nall of it");
                        },
                        connection -> {
                            connection.readRequest();
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nnot all of it");
                        },
                        connection -> {
                            connection.readRequest();
                            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX");
                            connection.readToEnd();
                        });
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, true, get("/"));
            Http2Wire.Message whole = client.message(1);
            assertThat(whole.bodyText()).isEqualTo("all of it");
            assertThat(whole.ended()).isTrue();
            for (int stream = 3; stream <= 5; stream += 2) {
                client.headers(stream, true, get("/"));
                Http2Wire.Message cut = client.message(stream);
                assertThat(cut.status()).isEqualTo(200);
                assertThat(cut.ended()).isFalse();
                assertThat(cut.resetCode()).isEqualTo(INTERNAL_ERROR);
            }
        }
    }

    @Test
    void nothingIsSentBeyondTheWindowsOfStreamAndConnection() {
        String big = text(200_000);
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok(big)), Script.answering(ok(big)));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy, WINDOW, 1000)) {
            client.headers(1, true, get("/"));
            Http2Wire.Message first = client.messageOnce(1, m -> m.body().length == 1000);
            assertThat(first.bodyText()).isEqualTo(big.substring(0, 1000));
            client.windowUpdate(1, 1);
            client.messageOnce(1, m -> m.body().length == 1001);
            // Another window for all streams: the difference counts, and may leave less than nothing.
            client.settings(WINDOW, 500);
            client.windowUpdate(1, 499);
            client.windowUpdate(1, 2);
            client.messageOnce(1, m -> m.body().length == 1002);
            client.settings(WINDOW, 1_000_000);
            // Now the connection's window of 65535 bytes counts.
            client.messageOnce(1, m -> m.body().length == 65_535);
            client.headers(3, true, get("/"));
            client.messageOnce(3, m -> m.status() == 200);
            client.windowUpdate(0, 1 << 20);
            assertThat(client.message(1).bodyText()).isEqualTo(big);
            assertThat(client.message(3).bodyText()).isEqualTo(big);
        }
    }

    @Test
    void streamsShareTheConnectionsWindowInTurn() {
        String big = text(400_000);
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok(big)), Script.answering(ok(big)));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy, WINDOW, 1 << 20)) {
            client.headers(1, true, get("/"));
            client.messageOnce(1, m -> m.body().length == 65_535);
            client.headers(3, true, get("/"));
            client.messageOnce(3, m -> m.status() == 200);
            client.windowUpdate(0, 4 * 16_384);
            client.messageOnce(1, m -> m.body().length >= 65_535 + 10_000);
            client.messageOnce(3, m -> m.body().length >= 10_000);
            client.windowUpdate(0, 1 << 20);
            assertThat(client.message(1).bodyText()).isEqualTo(big);
            assertThat(client.message(3).bodyText()).isEqualTo(big);
        }
    }

    @Test
    void theClientMaySendWhatItsWindowsAllowAndIsGrantedMoreAsTheServerTakesIt() {
        String big = text(500_000);
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(r -> ok("" + r.body().length)));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, false, request("PUT", "/", "content-length", "500000"));
            int window = 65_535;
            for (int at = 0; at < big.length();) {
                int piece = Math.min(Math.min(16_384, window), big.length() - at);
                if (piece == 0) {
                    window += client.next(Http2Wire.WINDOW_UPDATE, 1).number();
                    continue;
                }
                client.data(1, at + piece == big.length(), big.substring(at, at + piece));
                at += piece;
                window -= piece;
            }
            assertThat(client.message(1).bodyText()).isEqualTo("500000");
            assertThat(origin.awaitRequest(1).bodyText()).isEqualTo(big);
        }
    }

    @Test
    void whatNoServerTakesIsNotGrantedAnew() {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    over.await(30, TimeUnit.SECONDS);
                    connection.reset();
                });
                EngineHarness proxy = EngineHarness.http("", "timeout server 600ms\n" + EngineHarness.server("s1", origin.port()));
                Http2Wire client = client(proxy)) {
            client.headers(1, false, request("PUT", "/", "content-length", "100000000"));
            String piece = text(16_384);
            long window = 65_535;
            long sent = 0;
            while (window >= piece.length()) {
                client.data(1, false, piece);
                window -= piece.length();
                sent += piece.length();
                if (window < piece.length()) {
                    Http2Wire.Frame more = firstOf(client);
                    if (more.type() != Http2Wire.WINDOW_UPDATE) {
                        break;
                    }
                    window += more.number();
                }
            }
            // The kernel's buffers on loopback take some megabytes, and then it ends.
            assertThat(sent).isLessThan(50_000_000);
            assertThat(client.message(1).status()).isEqualTo(504);
            over.countDown();
        }
    }

    /** The next frame that grants more on the stream, or that answers it. */
    private static Http2Wire.Frame firstOf(Http2Wire client) {
        while (true) {
            Http2Wire.Frame frame = client.next();
            if (frame.type() == Http2Wire.SETTINGS || frame.type() == Http2Wire.WINDOW_UPDATE && frame.stream() == 0) {
                continue;
            }
            if (frame.type() != Http2Wire.WINDOW_UPDATE) {
                client.passOn(frame);
            }
            return frame;
        }
    }

    /** A request that waits for a place grants nothing, however fast the server would read it. */
    @Test
    void moreThanTheWindowIsRefused() {
        CountDownLatch over = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    over.await(30, TimeUnit.SECONDS);
                });
                EngineHarness proxy = EngineHarness.http("", "timeout queue 10s\n" + EngineHarness.server("s1", origin.port()) + " maxconn 1");
                Http2Wire client = client(proxy)) {
            client.headers(1, true, request("GET", "/"));
            origin.awaitRequest(1);
            client.headers(3, false, request("PUT", "/", "content-length", "100000000"));
            byte[][] frames = new byte[5][];
            Arrays.fill(frames, Http2Wire.dataFrame(3, false, text(16_000)));
            client.send(frames);
            Http2Wire.Frame answer = client.nextOf(Http2Wire.RST_STREAM, Http2Wire.GOAWAY);
            assertThat(answer.code()).isEqualTo(FLOW_CONTROL_ERROR);
            over.countDown();
        }
    }

    @Test
    void aBodyThatIsNotAsLongAsItSaysNeverLooksWhole() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.readToEnd());
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, false, request("POST", "/", "content-length", "5")).data(1, true, "abcd");
            client.headers(3, false, request("POST", "/", "content-length", "5")).data(3, false, "abcdef");
            client.headers(5, true, request("POST", "/", "content-length", "5"));
            client.headers(7, false, request("POST", "/", "content-length", "5")).data(7, false, "abc").headers(7, true, "x-t", "1");
            client.headers(9, false, request("POST", "/", "content-length", "0")).data(9, true, "a");
            client.headers(11, false, request("POST", "/", "content-length", "1", "content-length", "2"));
            for (int stream = 1; stream <= 9; stream += 2) {
                assertThat(client.message(stream).resetCode()).as("stream %d", stream).isEqualTo(PROTOCOL_ERROR);
            }
            assertThat(client.message(11).status()).isEqualTo(400);
            proxy.awaitNoStreams();
            // What servers got of these was cut, or nothing: no request is whole.
            assertThat(origin.connections()).allSatisfy(c -> assertThat(c.receivedText()).doesNotContain("abcde"));
        }
    }

    @Test
    void trailersOfARequestGoBehindItsLastChunk() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                }, connection -> connection.readToEnd());
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, false, request("POST", "/")).data(1, false, "abc").headers(1, true, "x-sum", "7");
            assertThat(client.message(1).status()).isEqualTo(200);
            assertThat(origin.awaitRequest(1).rawBodyText()).isEqualTo("3\r\nabc\r\n0\r\nx-sum: 7\r\n\r\n");
            // Trailers that frame or route, that are no trailers, or that do not end the stream.
            int stream = 3;
            for (String[] bad : new String[][] {{"content-length", "3"}, {"host", "b"}, {":path", "/"}, {"X-Sum", "1"}, {"x", "a\r\nb: c"}}) {
                client.headers(stream, false, request("POST", "/")).data(stream, false, "abc").headers(stream, true, bad);
                assertThat(client.message(stream).resetCode()).as(bad[0]).isEqualTo(PROTOCOL_ERROR);
                stream += 2;
            }
            client.headers(stream, false, request("POST", "/")).headers(stream, false, "x", "y");
            assertThat(client.message(stream).resetCode()).isEqualTo(PROTOCOL_ERROR);
        }
    }

    @Test
    void dataBehindTheEndOfARequestClosesItsStreamOnly() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.readToEnd(), Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, true, get("/"));
            origin.awaitConnection(1);
            client.data(1, true, "more");
            assertThat(client.message(1).resetCode()).isEqualTo(STREAM_CLOSED);
            client.headers(3, true, get("/"));
            assertThat(client.message(3).bodyText()).isEqualTo("fine");
        }
    }

    @Test
    void anEarlyAnswerIsWholeAndTheRestOfTheRequestIsNotWanted() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\nConnection: close\r\n\r\nbig");
                }, Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin, "http-request deny if { path /denied }");
                Http2Wire client = client(proxy)) {
            client.headers(1, false, request("POST", "/", "content-length", "1000")).data(1, false, "abc");
            Http2Wire.Message answer = client.messageOnce(1, m -> m.ended() && m.resetCode() >= 0);
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.bodyText()).isEqualTo("big");
            assertThat(answer.resetCode()).isZero();
            // What was on its way is nobody's fault.
            client.data(1, true, "more");
            client.headers(3, false, request("POST", "/denied", "content-length", "1000")).data(3, false, "abc");
            Http2Wire.Message denied = client.messageOnce(3, m -> m.ended() && m.resetCode() >= 0);
            assertThat(denied.status()).isEqualTo(403);
            client.headers(5, true, get("/"));
            assertThat(client.message(5).bodyText()).isEqualTo("fine");
        }
    }

    @Test
    void interimAnswersPass() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    assertThat(connection.readHead()).contains("expect: 100-continue");
                    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                    connection.expect("abc");
                    connection.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + ok("done"));
                });
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, false, request("POST", "/", "content-length", "3", "expect", "100-continue"));
            client.messageOnce(1, m -> m.interim().contains(100));
            client.data(1, true, "abc");
            Http2Wire.Message answer = client.message(1);
            assertThat(answer.interim()).containsExactly(100, 103);
            assertThat(answer.bodyText()).isEqualTo("done");
        }
    }

    @Test
    void rulesMayWaitForTheBodyAndInviteIt() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(r -> ok(r.header("x-body").orElse("none") + r.header("expect").orElse("") + r.bodyText())));
                EngineHarness proxy = proxy(origin, "option http-buffer-request", "http-request set-header x-body \"%[req.body] %[req.body_len]\"");
                Http2Wire client = client(proxy)) {
            client.headers(1, false, request("POST", "/", "content-length", "6", "expect", "100-continue"));
            client.messageOnce(1, m -> m.interim().contains(100));
            client.data(1, false, "abc").data(1, true, "def");
            assertThat(client.message(1).bodyText()).isEqualTo("abcdef 6abcdef");
            client.headers(3, false, request("POST", "/")).data(3, false, "abc").data(3, true, "");
            assertThat(client.message(3).bodyText()).isEqualTo("abc 3abc");
            // More than may be held: the rules see what there is, and the rest follows.
            String big = text(200_000);
            client.headers(5, false, request("POST", "/len", "content-length", "200000"));
            int window = 65_535;
            for (int at = 0; at < big.length();) {
                int piece = Math.min(Math.min(16_384, window), big.length() - at);
                if (piece == 0) {
                    window += client.next(Http2Wire.WINDOW_UPDATE, 5).number();
                    continue;
                }
                client.data(5, at + piece == big.length(), big.substring(at, at + piece));
                at += piece;
                window -= piece;
            }
            assertThat(client.message(5).bodyText()).endsWith(big);
        }
    }

    @Test
    void paddingIsThrownAwayAndCounts() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(r -> ok(r.bodyText())));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, false, request("POST", "/", "content-length", "3"));
            client.send(Http2Wire.frame(Http2Wire.DATA, Http2Wire.PADDED | Http2Wire.END_STREAM, 1, new byte[] {4, 'a', 'b', 'c', 0, 0, 0, 0}));
            assertThat(client.message(1).bodyText()).isEqualTo("abc");
        }
    }
}
