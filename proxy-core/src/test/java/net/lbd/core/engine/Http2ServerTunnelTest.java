package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.WebSocketAccept;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** WebSocket (RFC 8441) and CONNECT to servers that speak HTTP/2. */
class Http2ServerTunnelTest {

    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String UPGRADE = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + "\r\n\r\n";

    private static EngineHarness proxy(ScriptedOrigin origin, String serverWords) {
        return EngineHarness.http("", EngineHarness.server("s1", origin.port(), serverWords));
    }

    /** Says hello, sends back what comes, and bye behind the end. */
    private static final Script CHAT = connection -> {
        Http2Wire wire = Http2Wire.server(connection, ENABLE_CONNECT_PROTOCOL, 1);
        Http2Wire.Message request = wire.messageOnce(1, m -> !m.fields().isEmpty());
        assertThat(request.fields()).contains(":method: CONNECT", ":protocol: websocket", ":scheme: http", ":path: /chat",
                "sec-websocket-version: 13");
        assertThat(request.fields()).noneMatch(f -> f.startsWith("sec-websocket-key") || f.startsWith("upgrade") || f.startsWith("connection"));
        wire.headers(1, false, ":status", "200", "x-more", "1").data(1, false, "hello");
        int sent = 0;
        while (!request.ended()) {
            int known = sent;
            request = wire.messageOnce(1, m -> m.ended() || m.body().length > known);
            wire.data(1, false, request.bodyText().substring(sent));
            sent = request.body().length;
        }
        wire.data(1, true, "bye");
        wire.wire().readToEnd();
    };

    @Test
    void webSocketOfAnHttp1ClientPassesBothWays() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(CHAT); EngineHarness proxy = proxy(origin, "proto h2"); RawClient client = proxy.client()) {
            client.send(UPGRADE);
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                    .contains("\r\nsec-websocket-accept: " + new String(WebSocketAccept.of(Ascii.bytes(KEY)), StandardCharsets.US_ASCII) + "\r\n")
                    .contains("\r\nupgrade: websocket\r\n").contains("\r\nx-more: 1\r\n");
            client.expect("hello");
            client.send("abc");
            client.expect("abc");
            client.send("defg");
            client.expect("defg");
            client.shutdownOutput();
            client.expect("bye");
            client.expectClosed();
            proxy.awaitIdle();
        }
    }

    @Test
    void webSocketOfAnHttp2ClientPassesBothWays() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(CHAT);
                EngineHarness proxy = proxy(origin, "ws h2");
                Http2Wire client = Http2Wire.client(proxy.client())) {
            client.headers(1, false, ":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":authority", "a", ":path", "/chat",
                    "sec-websocket-version", "13").data(1, false, "early");
            Http2Wire.Message answer = client.messageOnce(1, m -> m.bodyText().equals("helloearly"));
            assertThat(answer.fields()).containsExactly(":status: 200", "x-more: 1");
            client.data(1, true, "");
            assertThat(client.message(1).bodyText()).isEqualTo("helloearlybye");
            proxy.awaitNoStreams();
        }
    }

    @Test
    void otherStreamsSpeakWhatTheyDidWhereWebSocketHasItsOwnWay() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            while (connection.hasMore()) {
                                connection.readRequest();
                                connection.send(Messages.ok("one"));
                            }
                        }, CHAT);
                EngineHarness proxy = proxy(origin, "ws h2");
                RawClient client = proxy.client()) {
            client.send(Messages.get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("one");
            client.send(UPGRADE);
            client.readHead();
            client.expect("hello");
            client.shutdownOutput();
            client.expect("bye");
            client.expectClosed();
        }
    }

    @Test
    void aServerThatDoesNotCarryWebSocketIsABadOne() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> Http2Wire.server(connection).wire().readToEnd());
                EngineHarness proxy = proxy(origin, "proto h2");
                RawClient client = proxy.client()) {
            client.send(UPGRADE);
            assertThat(client.readResponse().status()).isEqualTo(502);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void aRefusalIsAnAnswerAsAnyOther() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    Http2Wire wire = Http2Wire.server(connection, ENABLE_CONNECT_PROTOCOL, 1);
                    wire.messageOnce(1, m -> !m.fields().isEmpty());
                    wire.headers(1, false, ":status", "403").data(1, true, "no");
                    assertThat(wire.message(1).ended()).isTrue();
                    wire.wire().readToEnd();
                });
                EngineHarness proxy = proxy(origin, "proto h2");
                RawClient client = proxy.client()) {
            client.send(UPGRADE);
            ReceivedMessage refused = client.readResponse();
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.bodyText()).isEqualTo("no");
        }
    }

    @Test
    void aConnectGoesThrough() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    Http2Wire wire = Http2Wire.server(connection);
                    Http2Wire.Message request = wire.messageOnce(1, m -> !m.fields().isEmpty());
                    assertThat(request.fields()).startsWith(":method: CONNECT", ":authority: far:443");
                    assertThat(request.fields()).noneMatch(f -> f.startsWith(":path") || f.startsWith(":scheme"));
                    wire.headers(1, false, ":status", "200");
                    wire.messageOnce(1, m -> m.bodyText().equals("ping"));
                    wire.data(1, true, "pong");
                    wire.wire().readToEnd();
                });
                EngineHarness proxy = proxy(origin, "proto h2");
                RawClient client = proxy.client()) {
            client.send("CONNECT far:443 HTTP/1.1\r\nHost: far:443\r\n\r\n");
            assertThat(client.readHead()).startsWith("HTTP/1.1 200 ");
            client.send("ping");
            client.expect("pong");
            client.close();
            proxy.awaitIdle();
        }
    }

    private static final String HIDDEN = "GET /admin HTTP/1.1\r\nHost: x\r\nX-Client-CN: root\r\n\r\n";

    @Test
    void aConnectWithABodyIsNotSent() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    Http2Wire wire = Http2Wire.server(connection, ENABLE_CONNECT_PROTOCOL, 1);
                    wire.wire().readToEnd();
                    assertThat(new String(wire.wire().received(), StandardCharsets.ISO_8859_1)).doesNotContain("admin", "root");
                });
                EngineHarness proxy = proxy(origin, "proto h2");
                RawClient client = proxy.client()) {
            client.send("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nContent-Length: " + HIDDEN.length() + "\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(502);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void whatStandsBehindAnUpgradeWithABodyIsItsBody() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    Http2Wire wire = Http2Wire.server(connection, ENABLE_CONNECT_PROTOCOL, 1);
                    Http2Wire.Message request = wire.message(1);
                    assertThat(request.fields()).contains(":method: GET", ":path: /chat").noneMatch(f -> f.startsWith(":protocol"));
                    assertThat(request.bodyText()).isEqualTo(HIDDEN);
                    wire.headers(1, false, ":status", "403").data(1, true, "no");
                    wire.wire().readToEnd();
                });
                EngineHarness proxy = proxy(origin, "proto h2");
                RawClient client = proxy.client()) {
            client.send(UPGRADE.replace("\r\n\r\n", "\r\nContent-Length: " + HIDDEN.length() + "\r\n\r\n"));
            client.send(HIDDEN);
            assertThat(client.readResponse().status()).isEqualTo(403);
        }
    }

    @Test
    void behindARefusedTunnelNothingGoesThatWay() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    Http2Wire wire = Http2Wire.server(connection, ENABLE_CONNECT_PROTOCOL, 1);
                    wire.messageOnce(1, m -> !m.fields().isEmpty());
                    wire.headers(1, false, ":status", "403").data(1, true, "no");
                    wire.wire().readToEnd();
                    assertThat(new String(wire.wire().received(), StandardCharsets.ISO_8859_1)).doesNotContain("/next");
                }, connection -> {
                    Http2Wire wire = Http2Wire.server(connection, ENABLE_CONNECT_PROTOCOL, 1);
                    assertThat(wire.message(1).fields()).contains(":method: GET", ":path: /next");
                    wire.headers(1, true, ":status", "204");
                    wire.wire().readToEnd();
                });
                EngineHarness proxy = proxy(origin, "proto h2");
                RawClient client = proxy.client()) {
            client.send("CONNECT far:443 HTTP/1.1\r\nHost: far:443\r\n\r\n");
            assertThat(client.readResponseTo("CONNECT").status()).isEqualTo(403);
            try (RawClient other = proxy.client()) {
                other.send("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(other.readResponse().status()).isEqualTo(204);
            }
        }
    }

    /** A client of HTTP/2 that sends before it is told no: the server's stream ends, and another on the same connection goes on. */
    @Test
    void whatComesBeforeARefusalDisturbsNoOtherStream() {
        CountDownLatch refused = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    Http2Wire wire = Http2Wire.server(connection, ENABLE_CONNECT_PROTOCOL, 1);
                    assertThat(wire.message(1).fields()).contains(":path: /slow");
                    wire.headers(1, false, ":status", "200").data(1, false, "be");
                    wire.messageOnce(3, m -> !m.fields().isEmpty());
                    wire.headers(3, false, ":status", "403").data(3, true, "no");
                    refused.await();
                    wire.data(1, true, "gun");
                    assertThat(wire.message(5).fields()).contains(":path: /next");
                    wire.headers(5, true, ":status", "204");
                    wire.wire().readToEnd();
                });
                EngineHarness proxy = proxy(origin, "proto h2");
                Http2Wire client = Http2Wire.client(proxy.client())) {
            client.headers(1, true, Http2Wire.get("/slow"));
            client.messageOnce(1, m -> m.bodyText().equals("be"));
            client.headers(3, false, ":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":authority", "a", ":path", "/chat",
                    "sec-websocket-version", "13").data(3, false, HIDDEN);
            assertThat(client.message(3).status()).isEqualTo(403);
            client.data(3, true, HIDDEN);
            client.headers(5, true, Http2Wire.get("/next"));
            refused.countDown();
            assertThat(client.message(1).bodyText()).isEqualTo("begun");
            assertThat(client.message(5).status()).isEqualTo(204);
            assertThat(origin.connections()).hasSize(1);
            proxy.awaitNoStreams();
        }
    }
}
