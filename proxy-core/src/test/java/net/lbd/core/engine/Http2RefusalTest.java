package net.lbd.core.engine;

import static net.lbd.core.engine.Http2ExchangeTest.client;
import static net.lbd.core.engine.Http2ExchangeTest.proxy;
import static net.lbd.core.engine.Messages.ok;
import static net.lbd.testkit.Http2Wire.frame;
import static net.lbd.testkit.Http2Wire.get;
import static net.lbd.testkit.Http2Wire.headersFrame;
import static net.lbd.testkit.Http2Wire.number;
import static net.lbd.testkit.Http2Wire.request;
import static net.lbd.testkit.Http2Wire.settingsFrame;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** What is no HTTP/2, or no request, never reaches a server; RFC 9113 by its sections. */
class Http2RefusalTest {

    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int STREAM_CLOSED = 5;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;

    /** Fields that make no request: §8.1 to §8.5. */
    private static final List<String[]> MALFORMED = List.of(
            get("/", "X-Upper", "1"), get("/", "x y", "1"), get("/", "x:y", "1"), get("/", "", "1"), get("/", "x\r\ny", "1"),
            get("/", "x\0", "1"), get("/", "x\u00e9", "1"), get("/", "x(", "1"),
            get("/", "x", "a\r\nb: c"), get("/", "x", "a\nb"), get("/", "x", "a\rb"), get("/", "x", "a\0b"), get("/", "x", "a\u007fb"),
            get("/", "x", " a"), get("/", "x", "a "), get("/", "x", "\ta"),
            get("/", "connection", "close"), get("/", "connection", "x-y"), get("/", "keep-alive", "5"), get("/", "proxy-connection", "close"),
            get("/", "transfer-encoding", "chunked"), get("/", "upgrade", "websocket"), get("/", "te", "gzip"),
            get("/", "te", "trailers, gzip"), get("/", "http2-settings", "AAMAAABkAAQAAP__"),
            get("/", ":path", "/b"), get("/", "x", "1", ":authority", "b"), get("/", ":unknown", "1"), get("/", ":status", "200"),
            get(""), get("a"), get("/a b"), get("/a\r\nX: y"), get("/a\0"), get("/\u00e9"), get("/a#b"), get("*"), get("http://b/"), get("@evil"),
            request("GE T", "/"), request("", "/"), request("GET\r\n", "/"), request("G:T", "/"),
            new String[] {":method", "GET", ":scheme", "http", ":authority", "a"},
            new String[] {":method", "GET", ":path", "/", ":authority", "a"},
            new String[] {":scheme", "http", ":path", "/", ":authority", "a"},
            new String[] {":method", "GET", ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a"},
            new String[] {":method", "GET", ":scheme", "http", ":path", "/", ":authority", ""},
            new String[] {":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a\r\nb"},
            new String[] {":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a b"},
            new String[] {":method", "GET", ":scheme", "http", ":path", "/", ":authority", "u@a"},
            new String[] {":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a/b"},
            new String[] {":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a:99999"},
            new String[] {":method", "GET", ":scheme", "ftp", ":path", "/", ":authority", "a"},
            new String[] {":method", "GET", ":scheme", "http\r\n", ":path", "/", ":authority", "a"},
            new String[] {":method", "GET", ":scheme", "", ":path", "/", ":authority", "a"},
            get("/", "host", "b"), get("/", "host", "a", "host", "b"),
            new String[] {":method", "CONNECT", ":authority", "a"},
            new String[] {":method", "CONNECT", ":authority", "a:443", ":path", "/"},
            new String[] {":method", "CONNECT", ":authority", "a:443", ":scheme", "http"},
            new String[] {":method", "CONNECT"},
            new String[] {":method", "GET", ":scheme", "http", ":path", "/", ":authority", "a", ":protocol", "websocket"},
            new String[] {":method", "CONNECT", ":scheme", "http", ":path", "/", ":authority", "a", ":protocol", "other"},
            new String[] {":method", "CONNECT", ":scheme", "http", ":authority", "a", ":protocol", "websocket"},
            new String[0]);

    @Test
    void fieldsThatMakeNoRequestEndTheirStreamAndNothingElse() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin)) {
            // In parts: each breach costs, and a client that does nothing else is sent away.
            for (int from = 0; from < MALFORMED.size(); from += 40) {
                try (Http2Wire client = client(proxy)) {
                    int stream = 1;
                    for (String[] fields : MALFORMED.subList(from, Math.min(from + 40, MALFORMED.size()))) {
                        client.headers(stream, true, fields);
                        assertThat(client.message(stream).resetCode()).as("%s", List.of(fields)).isEqualTo(PROTOCOL_ERROR);
                        stream += 2;
                    }
                    client.headers(stream, true, get("/"));
                    assertThat(client.message(stream).bodyText()).isEqualTo("fine");
                }
            }
            assertThat(origin.requests()).allSatisfy(r -> assertThat(r.head()).isEqualTo("GET / HTTP/1.1\r\nhost: a\r\n\r\n"));
        }
    }

    @Test
    void whatHttpItselfRefusesIsAnswered() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, true, ":method", "GET", ":scheme", "http", ":path", "/");
            assertThat(client.message(1).status()).isEqualTo(400);
            client.headers(3, true, ":method", "GET", ":scheme", "http", ":path", "/", "host", "a b");
            assertThat(client.message(3).status()).isEqualTo(400);
            client.headers(5, false, request("POST", "/", "content-length", "+5"));
            assertThat(client.message(5).status()).isEqualTo(400);
            client.headers(7, false, request("POST", "/", "content-length", "99999999999999999999"));
            assertThat(client.message(7).status()).isEqualTo(400);
            client.headers(9, true, ":method", "GET", ":scheme", "http", ":path", "/", "host", "b");
            assertThat(client.message(9).bodyText()).isEqualTo("fine");
            client.headers(11, true, get("/", "host", "A"));
            assertThat(client.message(11).bodyText()).isEqualTo("fine");
            client.headers(13, true, request("OPTIONS", "*"));
            assertThat(client.message(13).bodyText()).isEqualTo("fine");
            assertThat(origin.requests().stream().map(r -> r.startLine() + " " + r.headers("host")).toList())
                    .containsExactly("GET / HTTP/1.1 [b]", "GET / HTTP/1.1 [a]", "OPTIONS * HTTP/1.1 [a]");
        }
    }

    @Test
    void headsAreBoundAsInHttp1() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.send(frame(Http2Wire.HEADERS, Http2Wire.END_STREAM, 1, Http2Wire.block(get("/", "x", "a".repeat(12_000)))),
                    frame(Http2Wire.CONTINUATION, Http2Wire.END_HEADERS, 1, Http2Wire.block("y", "b".repeat(5_000))));
            assertThat(client.message(1).status()).isEqualTo(431);
            List<String> many = new ArrayList<>(List.of(get("/")));
            for (int i = 0; i < 101; i++) {
                many.addAll(List.of("x" + i, ""));
            }
            client.headers(3, true, many.toArray(new String[0]));
            assertThat(client.message(3).status()).isEqualTo(431);
            client.headers(5, true, get("/", "x", "a".repeat(14_000)));
            assertThat(client.message(5).bodyText()).isEqualTo("fine");
            // A bomb: one long field in the table, and then a byte for each time it comes.
            byte[] bomb = new byte[4000];
            java.util.Arrays.fill(bomb, (byte) (128 | 62));
            client.send(frame(Http2Wire.HEADERS, Http2Wire.END_STREAM | Http2Wire.END_HEADERS, 7, concat(
                    Http2Wire.block(get("/")), indexed("x", "a".repeat(3900)), bomb)));
            assertThat(client.message(7).status()).isEqualTo(431);
            client.headers(9, true, get("/"));
            assertThat(client.message(9).bodyText()).isEqualTo("fine");
        }
    }

    /** A field that goes into the table. */
    private static byte[] indexed(String name, String value) {
        byte[] plain = Http2Wire.block(name, value);
        plain[0] = 0x40;
        return plain;
    }

    private static byte[] concat(byte[]... parts) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** What ends a connection: a name, the code of GOAWAY, and the frames. */
    private record Fatal(String name, int code, byte[]... frames) { }

    private static final byte[] OPEN = headersFrame(1, false, request("POST", "/"));

    private static final List<Fatal> FATAL = List.of(
            new Fatal("§4.2 a frame above the limit", FRAME_SIZE_ERROR, frame(Http2Wire.DATA, 0, 1, new byte[16_385])),
            new Fatal("§4.3 a block that is no HPACK", COMPRESSION_ERROR, frame(Http2Wire.HEADERS, 5, 1, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0x7f)),
            new Fatal("§4.3 an index that is not there", COMPRESSION_ERROR, frame(Http2Wire.HEADERS, 5, 1, (byte) (128 | 70))),
            new Fatal("§4.3 another frame inside a block", PROTOCOL_ERROR, frame(Http2Wire.HEADERS, 1, 1, Http2Wire.block(get("/"))),
                    frame(Http2Wire.PING, 0, 0, new byte[8])),
            new Fatal("§5.1 DATA on an idle stream", PROTOCOL_ERROR, frame(Http2Wire.DATA, 0, 1, (byte) 1)),
            new Fatal("§5.1 RST_STREAM on an idle stream", PROTOCOL_ERROR, frame(Http2Wire.RST_STREAM, 0, 1, number(8))),
            new Fatal("§5.1 WINDOW_UPDATE on an idle stream", PROTOCOL_ERROR, frame(Http2Wire.WINDOW_UPDATE, 0, 1, number(1))),
            new Fatal("§5.1 CONTINUATION on an idle stream", PROTOCOL_ERROR, frame(Http2Wire.CONTINUATION, 4, 1, (byte) 0x82)),
            new Fatal("§5.1.1 an even stream", PROTOCOL_ERROR, headersFrame(2, true, get("/"))),
            new Fatal("§5.1.1 a stream below the last", PROTOCOL_ERROR, headersFrame(5, false, request("POST", "/")), headersFrame(3, true, get("/"))),
            new Fatal("§6.1 DATA on stream 0", PROTOCOL_ERROR, frame(Http2Wire.DATA, 0, 0, (byte) 1)),
            new Fatal("§6.1 padding longer than the frame", PROTOCOL_ERROR, OPEN, frame(Http2Wire.DATA, Http2Wire.PADDED, 1, (byte) 9, (byte) 1)),
            new Fatal("§6.2 HEADERS on stream 0", PROTOCOL_ERROR, headersFrame(0, true, get("/"))),
            new Fatal("§6.2 padding longer than the frame", PROTOCOL_ERROR, frame(Http2Wire.HEADERS, 5 | Http2Wire.PADDED, 1, (byte) 99, (byte) 1)),
            new Fatal("§6.4 RST_STREAM on stream 0", PROTOCOL_ERROR, frame(Http2Wire.RST_STREAM, 0, 0, number(8))),
            new Fatal("§6.4 RST_STREAM of another length", FRAME_SIZE_ERROR, OPEN, frame(Http2Wire.RST_STREAM, 0, 1, new byte[3])),
            new Fatal("§6.5 SETTINGS on a stream", PROTOCOL_ERROR, frame(Http2Wire.SETTINGS, 0, 1)),
            new Fatal("§6.5 an answer to SETTINGS with a payload", FRAME_SIZE_ERROR, frame(Http2Wire.SETTINGS, 1, 0, new byte[6])),
            new Fatal("§6.5 SETTINGS of another length", FRAME_SIZE_ERROR, frame(Http2Wire.SETTINGS, 0, 0, new byte[5])),
            new Fatal("§6.5.2 ENABLE_PUSH neither 0 nor 1", PROTOCOL_ERROR, settingsFrame(2, 2)),
            new Fatal("§6.5.2 a window above 2^31-1", FLOW_CONTROL_ERROR, settingsFrame(4, -1)),
            new Fatal("§6.5.2 a frame size below 16384", PROTOCOL_ERROR, settingsFrame(5, 16_383)),
            new Fatal("§6.5.2 a frame size above 2^24-1", PROTOCOL_ERROR, settingsFrame(5, 1 << 24)),
            new Fatal("§6.6 PUSH_PROMISE from a client", PROTOCOL_ERROR, OPEN, frame(Http2Wire.PUSH_PROMISE, 4, 1, concat(number(2), Http2Wire.block(get("/"))))),
            new Fatal("§6.7 PING on a stream", PROTOCOL_ERROR, frame(Http2Wire.PING, 0, 1, new byte[8])),
            new Fatal("§6.7 PING of another length", FRAME_SIZE_ERROR, frame(Http2Wire.PING, 0, 0, new byte[6])),
            new Fatal("§6.8 GOAWAY on a stream", PROTOCOL_ERROR, frame(Http2Wire.GOAWAY, 0, 1, new byte[8])),
            new Fatal("§6.9 an increment of 0", PROTOCOL_ERROR, frame(Http2Wire.WINDOW_UPDATE, 0, 0, number(0))),
            new Fatal("§6.9 WINDOW_UPDATE of another length", FRAME_SIZE_ERROR, frame(Http2Wire.WINDOW_UPDATE, 0, 0, new byte[3])),
            new Fatal("§6.9.1 a window above 2^31-1", FLOW_CONTROL_ERROR, frame(Http2Wire.WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE)),
                    frame(Http2Wire.WINDOW_UPDATE, 0, 0, number(Integer.MAX_VALUE))),
            new Fatal("§6.10 CONTINUATION behind the end of a block", PROTOCOL_ERROR, OPEN, frame(Http2Wire.CONTINUATION, 4, 1, (byte) 0x82)),
            new Fatal("§6.10 CONTINUATION of another stream", PROTOCOL_ERROR, frame(Http2Wire.HEADERS, 1, 1, Http2Wire.block(get("/"))),
                    frame(Http2Wire.CONTINUATION, 4, 3, (byte) 0x82)),
            new Fatal("§6.10 a block without end", PROTOCOL_ERROR, blockWithoutEnd(9000)),
            new Fatal("CVE-2024-27316 CONTINUATION in small pieces", ENHANCE_YOUR_CALM, blockWithoutEnd(1)));

    private static byte[][] blockWithoutEnd(int size) {
        byte[][] frames = new byte[40][];
        frames[0] = frame(Http2Wire.HEADERS, 1, 1, Http2Wire.block(get("/")));
        for (int i = 1; i < frames.length; i++) {
            frames[i] = frame(Http2Wire.CONTINUATION, 0, 1, new byte[size]);
        }
        return frames;
    }

    @Test
    void whatNoConnectionCanGoOnWithEndsItWithItsCode() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.readToEnd());
                EngineHarness proxy = proxy(origin)) {
            for (Fatal fatal : FATAL) {
                try (Http2Wire client = client(proxy)) {
                    client.send(fatal.frames());
                    Http2Wire.Frame end = client.expectGoAway();
                    assertThat(end.code()).as(fatal.name()).isEqualTo(fatal.code());
                }
            }
            proxy.awaitNoStreams();
        }
    }

    @Test
    void aConnectionThatDoesNotBeginAsItShouldEnds() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin)) {
            try (Http2Wire client = Http2Wire.bare(proxy.client())) {
                client.wire().send(Http2Wire.PREFACE);
                client.headers(1, true, get("/"));
                assertThat(client.expectGoAway().code()).isEqualTo(PROTOCOL_ERROR);
            }
            assertThat(origin.requests()).isEmpty();
        }
    }

    @Test
    void whatConcernsAStreamEndsTheStreamOnly() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.readToEnd());
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.send(OPEN, frame(Http2Wire.WINDOW_UPDATE, 0, 1, number(0)));
            assertThat(client.message(1).resetCode()).isEqualTo(PROTOCOL_ERROR);
            client.send(headersFrame(3, false, request("POST", "/")), frame(Http2Wire.WINDOW_UPDATE, 0, 3, number(Integer.MAX_VALUE)));
            assertThat(client.message(3).resetCode()).isEqualTo(FLOW_CONTROL_ERROR);
            client.send(headersFrame(5, false, request("POST", "/")), frame(Http2Wire.PRIORITY, 0, 5, new byte[4]));
            assertThat(client.message(5).resetCode()).isEqualTo(FRAME_SIZE_ERROR);
            client.send(headersFrame(7, true, get("/")), headersFrame(7, true, get("/")));
            assertThat(client.message(7).resetCode()).isEqualTo(STREAM_CLOSED);
            // Unknown frames and flags, priorities and unknown settings weigh nothing.
            client.send(frame(0x55, 0xff, 0, new byte[20]), frame(0x55, 0, 9), frame(Http2Wire.PRIORITY, 0, 9, new byte[5]),
                    settingsFrame(0x99, 5), frame(Http2Wire.PING, 0xfe, 0, new byte[8]));
            assertThat(client.next(Http2Wire.PING).flags()).isEqualTo(Http2Wire.ACK);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void everySplitOfTheBytesMeansTheSame() {
        byte[] all = concat(Http2Wire.PREFACE.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), settingsFrame(4, 70_000),
                frame(Http2Wire.HEADERS, 0, 1, Http2Wire.block(request("POST", "/p", "content-length", "3"))),
                frame(Http2Wire.CONTINUATION, Http2Wire.END_HEADERS, 1, Http2Wire.block("x-more", "yes")),
                Http2Wire.dataFrame(1, false, "ab"), Http2Wire.dataFrame(1, true, "c"));
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(r -> ok(r.header("x-more").orElse("") + r.bodyText())));
                EngineHarness proxy = proxy(origin)) {
            for (int split = 1; split < all.length; split++) {
                try (Http2Wire client = Http2Wire.bare(proxy.client())) {
                    client.wire().sendSplit(new String(all, java.nio.charset.StandardCharsets.ISO_8859_1), split);
                    assertThat(client.message(1).bodyText()).as("split at %d", split).isEqualTo("yesabc");
                }
            }
        }
    }
}
