package net.lbd.core.engine;

import static net.lbd.core.engine.Http2ExchangeTest.client;
import static net.lbd.core.engine.Http2ExchangeTest.proxy;
import static net.lbd.core.engine.Messages.ok;
import static net.lbd.testkit.Http2Wire.get;
import static net.lbd.testkit.Http2Wire.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** How HTTP/2 connections begin and end, what they can be turned into, and what they must not carry. */
class Http2ConnectionTest {

    private static final int CANCEL = 8;
    private static final int HTTP_1_1_REQUIRED = 13;

    @Test
    void anHttp1BindTakesThePrefaceUnlessItIsToldNotTo() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")))) {
            try (EngineHarness proxy = proxy(origin, "option disable-h2-upgrade"); RawClient client = proxy.client()) {
                client.send(Http2Wire.PREFACE);
                assertThat(client.readResponse().status()).isEqualTo(400);
            }
            try (EngineHarness proxy = proxy(origin); RawClient first = proxy.client(); RawClient second = proxy.client()) {
                // Other requests that begin like it.
                first.send("PRI / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(first.readResponse().bodyText()).isEqualTo("fine");
                // Only the first request of a connection may.
                second.send(Messages.get("/"));
                second.readResponse();
                second.send(Http2Wire.PREFACE);
                assertThat(second.readResponse().status()).isEqualTo(400);
            }
        }
    }

    @Test
    void aBindMaySpeakOneVersionOnly() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")))) {
            String text = EngineHarness.httpText("", EngineHarness.server("s1", origin.port()));
            try (EngineHarness proxy = EngineHarness.start(text.replace("127.0.0.1:@1", "127.0.0.1:@1 proto h2"));
                    RawClient old = proxy.client(); Http2Wire client = client(proxy)) {
                client.headers(1, true, get("/"));
                assertThat(client.message(1).bodyText()).isEqualTo("fine");
                old.send(Messages.get("/"));
                assertThat(Http2Wire.bare(old).expectGoAway().code()).isEqualTo(1);
            }
            try (EngineHarness proxy = EngineHarness.start(text.replace("127.0.0.1:@1", "127.0.0.1:@1 proto h1")); RawClient client = proxy.client()) {
                client.send(Http2Wire.PREFACE);
                assertThat(client.readResponse().status()).isEqualTo(400);
            }
        }
    }

    @Test
    void aStreamOfItsOwnHasTheAddressesThatItsRulesChoose() {
        CountDownLatch both = new CountDownLatch(2);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    ReceivedMessage request = connection.readRequest();
                    both.countDown();
                    both.await();
                    connection.send(ok(request.header("x-src").orElseThrow()));
                });
                EngineHarness proxy = proxy(origin, "http-request set-src hdr(x-ip) if { hdr(x-ip) -m found }", "http-request set-header x-src %[src]");
                Http2Wire client = client(proxy)) {
            client.headers(1, true, get("/", "x-ip", "10.1.2.3")).headers(3, true, get("/"));
            assertThat(client.message(1).bodyText()).isEqualTo("10.1.2.3");
            assertThat(client.message(3).bodyText()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void aStopLetsStreamsEndAndTellsWhichWereServed() {
        CountDownLatch goOn = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    goOn.await();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nlate");
                });
                EngineHarness proxy = proxy(origin);
                Http2Wire idle = client(proxy);
                Http2Wire client = client(proxy)) {
            idle.next(Http2Wire.SETTINGS);
            client.headers(1, true, get("/"));
            origin.awaitConnection(1);
            proxy.engine().softStop();
            assertThat(idle.expectGoAway().code()).isZero();
            client.answeringNothing();
            Http2Wire.Frame first = client.next(Http2Wire.GOAWAY);
            assertThat(first.number()).isEqualTo(Integer.MAX_VALUE);
            // A stream that was on its way is served.
            client.headers(3, true, get("/"));
            origin.awaitConnection(2);
            client.send(Http2Wire.frame(Http2Wire.PING, Http2Wire.ACK, 0, client.next(Http2Wire.PING).payload()));
            Http2Wire.Frame last = client.next(Http2Wire.GOAWAY);
            assertThat(last.number()).isEqualTo(3);
            goOn.countDown();
            assertThat(client.message(1).bodyText()).isEqualTo("late");
            assertThat(client.message(3).bodyText()).isEqualTo("late");
            client.wire().readToEnd();
            proxy.awaitIdle();
        }
    }

    /** As in HTTP/1: a bind that a reload takes away lets its clients finish, and sends them elsewhere behind their next exchange. */
    @Test
    void aBindThatIsGoneSaysGoodbyeBehindTheNextStream() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, true, get("/"));
            assertThat(client.message(1).bodyText()).isEqualTo("fine");
            proxy.reload(EngineHarness.httpText("", EngineHarness.server("s1", origin.port())).replace(":@1", ":@2"));
            client.headers(3, true, get("/"));
            assertThat(client.message(3).bodyText()).isEqualTo("fine");
            assertThat(client.next(Http2Wire.GOAWAY).number()).isEqualTo(Integer.MAX_VALUE);
            // A stream that was on its way when the client had not heard yet is served.
            client.headers(5, true, get("/"));
            assertThat(client.message(5).bodyText()).isEqualTo("fine");
            client.wire().readToEnd();
            try (Http2Wire next = client(proxy)) {
                next.headers(1, true, get("/"));
                assertThat(next.message(1).bodyText()).isEqualTo("fine");
            }
        }
    }

    @Test
    void aClientThatLeavesOrResetsFreesItsServer() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent(), Script.silent(), Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin)) {
            try (Http2Wire client = client(proxy)) {
                client.headers(1, true, get("/"));
                origin.awaitConnection(1);
                client.send(Http2Wire.resetFrame(1, CANCEL));
                proxy.awaitNoStreams();
                client.headers(3, true, get("/"));
                origin.awaitConnection(2);
            }
            proxy.awaitIdle();
            try (Http2Wire client = client(proxy)) {
                client.headers(1, true, get("/"));
                assertThat(client.message(1).bodyText()).isEqualTo("fine");
            }
        }
    }

    private static String acceptOf(ReceivedMessage request) throws Exception {
        return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(
                (request.header("sec-websocket-key").orElseThrow() + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII)));
    }

    private static final String[] WEBSOCKET = {":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":authority", "a", ":path", "/chat",
        "sec-websocket-version", "13"};

    @Test
    void webSocketPassesBothWays() {
        Script chat = connection -> {
            ReceivedMessage request = connection.readRequest();
            assertThat(request.startLine()).isEqualTo("GET /chat HTTP/1.1");
            assertThat(request.headers("connection")).containsExactly("Upgrade");
            assertThat(request.headers("upgrade")).containsExactly("websocket");
            connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\nX-More: 1\r\n"
                    + "Sec-WebSocket-Accept: " + acceptOf(request) + "\r\n\r\nhello");
            while (connection.hasMore()) {
                connection.send(connection.readAvailable());
            }
            connection.send("bye");
        };
        try (ScriptedOrigin origin = ScriptedOrigin.start(chat); EngineHarness proxy = proxy(origin); Http2Wire client = client(proxy)) {
            client.headers(1, false, WEBSOCKET).data(1, false, "early");
            Http2Wire.Message answer = client.messageOnce(1, m -> m.bodyText().equals("helloearly"));
            assertThat(answer.fields()).containsExactly(":status: 200", "x-more: 1");
            client.data(1, false, "more");
            client.messageOnce(1, m -> m.bodyText().equals("helloearlymore"));
            client.data(1, true, "");
            assertThat(client.message(1).bodyText()).isEqualTo("helloearlymorebye");
            proxy.awaitNoStreams();
        }
    }

    @Test
    void aServerThatDoesNotSwitchAsItShouldIsNoTunnel() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        Script.answering("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: AAAA\r\n\r\n"),
                        Script.answering("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, false, WEBSOCKET);
            assertThat(client.message(1).status()).isEqualTo(502);
            client.headers(3, false, WEBSOCKET);
            Http2Wire.Message refused = client.message(3);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.bodyText()).isEqualTo("no");
        }
    }

    /** What a client sends into a tunnel before it hears that there is none goes nowhere, least of all to a server as the next request. */
    @Test
    void whatComesBeforeARefusalOfATunnelGoesNowhere() {
        String hidden = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
        Script refusing = connection -> {
            while (connection.hasMore()) {
                ReceivedMessage request = connection.readRequest();
                connection.send(request.target().equals("/chat") ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno" : ok("fine"));
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.start(refusing, refusing, refusing, refusing);
                EngineHarness proxy = proxy(origin, "http-reuse always");
                Http2Wire client = client(proxy)) {
            client.headers(1, false, WEBSOCKET).data(1, false, hidden);
            Http2Wire.Message refused = client.message(1);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.bodyText()).isEqualTo("no");
            client.data(1, true, hidden);
            // Both directions of the connection are as before: windows are given back for what was thrown away.
            for (int stream = 3; stream <= 63; stream += 4) {
                client.headers(stream, false, WEBSOCKET).data(stream, true, hidden.repeat(100));
                assertThat(client.message(stream).status()).isEqualTo(403);
                client.headers(stream + 2, true, get("/"));
                assertThat(client.message(stream + 2).bodyText()).isEqualTo("fine");
            }
            assertThat(origin.requests().stream().map(ReceivedMessage::target).distinct().toList()).containsExactlyInAnyOrder("/chat", "/");
            proxy.awaitNoStreams();
        }
    }

    @Test
    void whatBelongsToAConnectionMustComeWithHttp1() {
        List<String> challenges = List.of("Negotiate", "NTLM", "Basic realm=\"a, b\", NTLM", "negotiate abc=");
        Script asks = connection -> {
            while (connection.hasMore()) {
                ReceivedMessage request = connection.readRequest();
                String challenge = request.header("x-challenge").orElse("Basic realm=\"a\"");
                connection.send("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: " + challenge + "\r\nContent-Length: 0\r\n\r\n");
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.start(asks); EngineHarness proxy = proxy(origin); Http2Wire client = client(proxy)) {
            int stream = 1;
            for (String challenge : challenges) {
                client.headers(stream, true, get("/", "x-challenge", challenge));
                Http2Wire.Message answer = client.message(stream);
                assertThat(answer.resetCode()).as(challenge).isEqualTo(HTTP_1_1_REQUIRED);
                assertThat(answer.status()).as(challenge).isZero();
                stream += 2;
            }
            client.headers(stream, true, get("/"));
            assertThat(client.message(stream).status()).isEqualTo(401);
            int asked = origin.requests().size();
            for (String credentials : List.of("NTLM TlRMTVNTUAAB", "Negotiate YII=", "Kerberos x", "Unheard of")) {
                stream += 2;
                client.headers(stream, true, get("/", "authorization", credentials));
                assertThat(client.message(stream).resetCode()).as(credentials).isEqualTo(HTTP_1_1_REQUIRED);
            }
            assertThat(origin.requests()).hasSize(asked);
            stream += 2;
            client.headers(stream, true, get("/", "authorization", "Basic YTpi"));
            assertThat(client.message(stream).status()).isEqualTo(401);
        }
    }

    @Test
    void whatIsCountedForAConnectionIsCountedForItsStreams() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin, "stick-table type ip size 1k expire 1m store http_req_cnt,http_err_cnt",
                        "tcp-request connection track-sc0 src", "http-request deny deny_status 429 if { sc_http_req_cnt(0) gt 3 }");
                Http2Wire client = client(proxy)) {
            for (int stream = 1; stream <= 9; stream += 2) {
                client.headers(stream, true, get("/"));
                assertThat(client.message(stream).status()).isEqualTo(stream <= 5 ? 200 : 429);
            }
        }
    }

    @Test
    void answersOfRulesAndHintsComeAsFrames() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin, "http-request redirect location /new code 302 if { path /old }",
                        "http-request early-hint Link \"</a.css>\" if { path /hint }",
                        "http-request return status 200 content-type text/plain string hello if { path /here }",
                        "http-after-response set-header X-After yes if { status 302 }");
                Http2Wire client = client(proxy)) {
            client.headers(1, true, get("/old"));
            Http2Wire.Message redirect = client.message(1);
            assertThat(redirect.status()).isEqualTo(302);
            assertThat(redirect.field("location")).isEqualTo("/new");
            assertThat(redirect.field("x-after")).isEqualTo("yes");
            client.headers(3, true, get("/hint"));
            Http2Wire.Message hinted = client.message(3);
            assertThat(hinted.interim()).containsExactly(103);
            assertThat(hinted.bodyText()).isEqualTo("fine");
            client.headers(5, true, get("/here"));
            assertThat(client.message(5).bodyText()).isEqualTo("hello");
            client.headers(7, true, request("HEAD", "/here"));
            Http2Wire.Message head = client.message(7);
            assertThat(head.field("content-length")).isEqualTo("5");
            assertThat(head.body()).isEmpty();
        }
    }

    @Test
    void aReloadIsTakenOverByTheNextStream() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(r -> ok(r.header("x-v").orElse("old"))));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, true, get("/"));
            assertThat(client.message(1).bodyText()).isEqualTo("old");
            proxy.reload(EngineHarness.httpText("http-request set-header x-v new", EngineHarness.server("s1", origin.port())));
            client.headers(3, true, get("/"));
            assertThat(client.message(3).bodyText()).isEqualTo("new");
        }
    }

}
