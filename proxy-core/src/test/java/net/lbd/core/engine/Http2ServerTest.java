package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.OriginConnection;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Servers that speak HTTP/2. */
class Http2ServerTest {

    private final List<List<String>> asked = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();

    private static EngineHarness proxy(ScriptedOrigin origin, String... frontendLines) {
        return EngineHarness.http(String.join("\n", frontendLines), EngineHarness.server("s1", origin.port(), "proto h2"));
    }

    /** Reads each request whole and has it answered. */
    private Script server(BiConsumer<Http2Wire, Integer> answer, int... settings) {
        return connection -> {
            Http2Wire wire = Http2Wire.server(connection, settings);
            for (int stream = 1;; stream += 2) {
                Http2Wire.Message request;
                try {
                    request = wire.message(stream);
                } catch (AssertionError end) {
                    return;
                }
                asked.add(List.copyOf(request.fields()));
                bodies.add(request.bodyText() + request.trailers());
                answer.accept(wire, stream);
            }
        };
    }

    private static void ok(Http2Wire wire, int stream, String body) {
        wire.headers(stream, body.isEmpty(), ":status", "200", "x-one", "1");
        if (!body.isEmpty()) {
            wire.data(stream, true, body);
        }
    }

    @Test
    void requestsFollowEachOtherOnOneConnection() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(server((wire, stream) -> ok(wire, stream, "answer " + stream)));
                EngineHarness proxy = proxy(origin, "http-response set-header x-bc %[bc_http_major]");
                RawClient client = proxy.client()) {
            client.send("GET /a?b HTTP/1.1\r\nHost: Here\r\nX-Case: Yes\r\nConnection: keep-alive\r\nTE: trailers\r\n\r\n");
            ReceivedMessage first = client.readResponse();
            assertThat(first.bodyText()).isEqualTo("answer 1");
            assertThat(first.startLine()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(first.header("x-bc")).contains("2");
            client.send(post("/p", "body"));
            assertThat(client.readResponse().bodyText()).isEqualTo("answer 3");
            client.send("POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("answer 5");
            client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n");
            client.readResponse();
            assertThat(asked.get(0)).containsExactly(":method: GET", ":scheme: http", ":authority: Here", ":path: /a?b", "x-case: Yes");
            assertThat(asked.get(1)).contains(":method: POST", "content-length: 4");
            assertThat(asked.get(2)).doesNotContain("transfer-encoding: chunked");
            assertThat(asked.get(3)).contains(":path: *");
            assertThat(bodies.subList(0, 3)).containsExactly("[]", "body[]", "abcde[x-sum: 5]");
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void everyKindOfResponseComesOut() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(server((wire, stream) -> {
                    switch (asked.size()) {
                        case 1 -> wire.headers(stream, true, ":status", "204");
                        case 2 -> wire.headers(stream, true, ":status", "200");
                        case 3 -> wire.headers(stream, false, ":status", "200", "content-length", "5").data(stream, false, "he").data(stream, true, "llo");
                        case 4 -> wire.headers(stream, false, ":status", "103", "link", "</a>").headers(stream, false, ":status", "200")
                                .data(stream, false, "abc").headers(stream, true, "x-sum", "3");
                        case 5 -> wire.headers(stream, true, ":status", "200", "content-length", "77");
                        default -> wire.headers(stream, true, ":status", "304", "content-length", "77");
                    }
                }));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(204);
            client.send(get("/"));
            assertThat(client.readResponse().header("content-length")).contains("0");
            client.send(get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("hello");
            client.send(get("/"));
            assertThat(client.readHead()).startsWith("HTTP/1.1 103 ");
            ReceivedMessage chunked = client.readResponse();
            assertThat(chunked.rawBodyText()).isEqualTo("3\r\nabc\r\n0\r\nx-sum: 3\r\n\r\n");
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponseTo("HEAD").header("content-length")).contains("77");
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(304);
            assertThat(origin.connections()).hasSize(1);
        }
    }

    /** What is no HTTP/2 response. */
    private static final List<BiConsumer<Http2Wire, Integer>> BAD = List.of(
            (wire, s) -> wire.headers(s, true, ":status", "200", "X-Upper", "1"),
            (wire, s) -> wire.headers(s, true, ":status", "200", "x", "a\r\nb: c"),
            (wire, s) -> wire.headers(s, true, ":status", "200", "connection", "close"),
            (wire, s) -> wire.headers(s, true, ":status", "200", "transfer-encoding", "chunked"),
            (wire, s) -> wire.headers(s, true, "x", "1"),
            (wire, s) -> wire.headers(s, true, ":status", "2x0"),
            (wire, s) -> wire.headers(s, true, ":status", "200", ":status", "200"),
            (wire, s) -> wire.headers(s, true, "x", "1", ":status", "200"),
            (wire, s) -> wire.headers(s, true, ":status", "101"),
            (wire, s) -> wire.headers(s, true, ":status", "200", "content-length", "5"),
            (wire, s) -> wire.headers(s, true, ":status", "200", "content-length", "5", "content-length", "6"),
            (wire, s) -> wire.headers(s, true, ":status", "200", "x", "a".repeat(16_000)),
            (wire, s) -> wire.data(s, true, "no head"),
            (wire, s) -> wire.send(Http2Wire.frame(Http2Wire.PUSH_PROMISE, 4, s, Http2Wire.number(2))),
            (wire, s) -> wire.send(Http2Wire.resetFrame(s, 2)),
            (wire, s) -> wire.send(Http2Wire.frame(Http2Wire.GOAWAY, 0, 0, new byte[8])));

    @Test
    void whatIsNoResponseIsABadAnswer() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(server((wire, stream) -> BAD.get(asked.size() - 1).accept(wire, stream)));
                EngineHarness proxy = proxy(origin)) {
            for (int i = 0; i < BAD.size(); i++) {
                try (RawClient client = proxy.client()) {
                    client.send(get("/" + i));
                    assertThat(client.readResponse().status()).as("case %d", i).isEqualTo(502);
                }
            }
        }
    }

    @Test
    void aBodyThatIsCutLooksCut() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(server((wire, stream) -> {
                    wire.headers(stream, false, ":status", "200", "content-length", "10").data(stream, false, "abc");
                    if (asked.size() == 1) {
                        wire.data(stream, true, "");
                    } else {
                        wire.send(Http2Wire.resetFrame(stream, 2));
                    }
                }));
                EngineHarness proxy = proxy(origin)) {
            for (int i = 0; i < 2; i++) {
                try (RawClient client = proxy.client()) {
                    client.send(get("/"));
                    client.readHead();
                    client.expect("abc");
                    client.expectClosed();
                }
            }
            proxy.awaitIdle();
        }
    }

    @Test
    void windowsBoundBothDirections() {
        String big = "0123456789".repeat(40_000);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    Http2Wire wire = Http2Wire.server(connection, 4, 1000);
                    Http2Wire.Message request = wire.message(1);
                    assertThat(request.bodyText()).isEqualTo(big);
                    wire.headers(1, false, ":status", "200");
                    int window = 65_535;
                    for (int at = 0; at < big.length();) {
                        int piece = Math.min(Math.min(window, 16_384), big.length() - at);
                        if (piece == 0) {
                            window += wire.next(Http2Wire.WINDOW_UPDATE, 1).number();
                            continue;
                        }
                        wire.data(1, at + piece == big.length(), big.substring(at, at + piece));
                        at += piece;
                        window -= piece;
                    }
                    wire.wire().readToEnd();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(post("/", big));
            assertThat(client.readResponse().bodyText()).isEqualTo(big);
        }
    }

    @Test
    void bothSidesMaySpeakIt() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(server((wire, stream) -> ok(wire, stream, "answer " + stream)));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = Http2Wire.client(proxy.client())) {
            client.headers(1, false, Http2Wire.request("POST", "/x")).data(1, false, "abc").headers(1, true, "x-sum", "3");
            assertThat(client.message(1).bodyText()).isEqualTo("answer 1");
            assertThat(asked.get(0)).startsWith(":method: POST", ":scheme: http", ":authority: a", ":path: /x");
            assertThat(bodies).containsExactly("abc[x-sum: 3]");
        }
    }

    @Test
    void aServerThatSaysGoodbyeGetsNothingMore() {
        List<OriginConnection> seen = new ArrayList<>();
        try (ScriptedOrigin origin = ScriptedOrigin.start(server((wire, stream) -> {
                    wire.send(Http2Wire.frame(Http2Wire.GOAWAY, 0, 0, (byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0));
                    ok(wire, stream, "last");
                }), server((wire, stream) -> ok(wire, stream, "next")));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("last");
            client.send(get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("next");
            seen.addAll(origin.connections());
            assertThat(seen).hasSize(2);
        }
    }

}
