package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static net.lbd.core.engine.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpKeepAliveTest {

    private static EngineHarness proxy(ScriptedOrigin origin, String... lines) {
        return EngineHarness.http("", String.join("\n", lines) + "\n" + EngineHarness.server("s1", origin.port()));
    }

    // ---- one client

    @Test
    void bothConnectionsCarryOneRequestAfterAnother() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            for (int i = 0; i < 20; i++) {
                client.send(i % 2 == 0 ? get("/" + i) : post("/" + i, "body"));
                assertThat(client.readResponse().bodyText()).isEqualTo("/" + i);
            }
            assertThat(origin.connections()).hasSize(1);
            assertThat(proxy.serverCounters("s1").connects.sum()).isEqualTo(1);
            assertThat(proxy.serverCounters("s1").reuses.sum()).isEqualTo(19);
        }
    }

    @Test
    void theHeadPassesByteForByte() {
        String odd = "PROPFIND /a%20b?c=d&&e HTTP/1.1\r\nhOST:a\r\nX-Odd:\t b \r\nCookie: c=d\r\nX-Odd: 2\r\nX-\u00e4:x\r\n\r\n"
                .replace("X-\u00e4", "X-A");
        String answer = "HTTP/1.1 207  Multi\u00e9 Status\r\nset-COOKIE:a=b\r\nX:y\r\nContent-Length:0\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(answer));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(odd);
            assertThat(client.readResponse().toString()).isEqualTo(answer);
            assertThat(origin.awaitRequest(1).toString()).isEqualTo(odd);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("http-request deny if { path /denied }",
                        EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                all.append(i % 5 == 4 ? get("/denied") : i % 2 == 0 ? get("/" + i) : post("/" + i, "x".repeat(i * 100)));
            }
            client.send(all.toString());
            for (int i = 0; i < 50; i++) {
                ReceivedMessage response = client.readResponse();
                assertThat(response.status()).isEqualTo(i % 5 == 4 ? 403 : 200);
                assertThat(i % 5 == 4 || response.bodyText().equals("/" + i)).isTrue();
            }
        }
    }

    @Test
    void requestsCutAtEveryByteAreUnderstood() {
        String two = post("/1", "abc") + get("/2");
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.pauseBetweenPieces(java.time.Duration.ofMillis(1));
            for (int split = 1; split < two.length(); split += 2) {
                client.sendSplit(two, split);
                assertThat(client.readResponse().bodyText()).isEqualTo("/1");
                assertThat(client.readResponse().bodyText()).isEqualTo("/2");
            }
            client.sendByteByByte(two);
            assertThat(client.readResponse().bodyText()).isEqualTo("/1");
            assertThat(client.readResponse().bodyText()).isEqualTo("/2");
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void theEmptyLineBehindAnOldClientsBodyIsSkipped() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(post("/1", "abc") + "\r\n" + get("/2"));
            assertThat(client.readResponse().bodyText()).isEqualTo("/1");
            assertThat(client.readResponse().bodyText()).isEqualTo("/2");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, '', , true", "HTTP/1.1, close, close, false", "HTTP/1.1, 'x, Close', close, false",
        "HTTP/1.0, '', close, false", "HTTP/1.0, keep-alive, keep-alive, true", "HTTP/1.0, 'keep-alive, close', close, false",
    })
    void theClientDecidesWhetherItsConnectionStays(String version, String connection, String told, boolean stays) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            String request = "GET /1 " + version + "\r\nHost: a\r\nConnection: " + connection + "\r\n\r\n";
            client.send(request + request);
            ReceivedMessage response = client.readResponse();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers("Connection")).isEqualTo(told == null ? List.of() : List.of(told));
            if (stays) {
                assertThat(client.readResponse().status()).isEqualTo(200);
            } else {
                client.expectEof();
                assertThat(origin.requests()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"option http-keep-alive, 1, true", "option http-server-close, 2, true", "option httpclose, 2, false"})
    void theConfigurationDecidesWhatIsKept(String option, int serverConnections, boolean clientStays) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy(origin, option)) {
            for (int clients = 0; clients < (clientStays ? 1 : 2); clients++) {
                try (RawClient client = proxy.client()) {
                    client.send(get("/1"));
                    ReceivedMessage response = client.readResponse();
                    assertThat(response.headers("Connection")).isEqualTo(clientStays ? List.of() : List.of("close"));
                    if (clientStays) {
                        client.send(get("/2"));
                        assertThat(client.readResponse().bodyText()).isEqualTo("/2");
                    } else {
                        client.expectEof();
                    }
                }
            }
            assertThat(origin.connections()).hasSize(serverConnections);
            assertThat(origin.requests().get(0).headers("Connection"))
                    .isEqualTo(option.equals("option http-keep-alive") ? List.of() : List.of("close"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi",
    })
    void aServerThatWillCloseIsNotAskedAgainAndTheClientStays(String answer) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(answer));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            for (int i = 1; i <= 3; i++) {
                client.send(get("/"));
                ReceivedMessage response = client.readResponse();
                assertThat(response.startLine()).isEqualTo("HTTP/1.1 200 OK");
                assertThat(response.headers("Connection")).isEmpty();
                assertThat(origin.connections()).hasSize(i);
            }
        }
    }

    @Test
    void aServerOfHttp10ThatKeepsItsConnectionIsAskedAgain() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        Script.answering("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi"));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            for (int i = 0; i < 3; i++) {
                client.send(get("/"));
                assertThat(client.readResponse().startLine()).isEqualTo("HTTP/1.1 200 OK");
            }
            assertThat(origin.connections()).hasSize(1);
        }
    }

    // ---- several clients: http-reuse

    @ParameterizedTest
    @CsvSource({"never, 2", "safe, 2", "aggressive, 1", "always, 1"})
    void reuseDecidesWhoMayHaveAnIdleConnection(String reuse, int serverConnections) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy(origin, "http-reuse " + reuse);
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            for (RawClient client : List.of(first, first, second, first, second)) {
                client.send(get("/x"));
                assertThat(client.readResponse().bodyText()).isEqualTo("/x");
            }
            assertThat(origin.connections()).hasSize(serverConnections);
        }
    }

    @Test
    void aConnectionThatIsNotProvenIsNotForAFirstRequest() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy(origin, "http-reuse aggressive");
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            for (RawClient client : List.of(first, second)) {
                client.send(get("/x"));
                assertThat(client.readResponse().bodyText()).isEqualTo("/x");
            }
            assertThat(origin.connections()).hasSize(2);
        }
    }

    @Test
    void aConnectionOfItsOwnDiesWithItsClient() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy(origin, "http-reuse never")) {
            try (RawClient client = proxy.client()) {
                client.send(get("/x"));
                client.readResponse();
            }
            origin.awaitFinished(1);
            proxy.awaitIdle();
        }
    }

    @Test
    void noMoreConnectionsAreKeptThanThePoolMayHold() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("", "http-reuse always\n"
                        + EngineHarness.server("s1", origin.port(), "pool-max-conn 0"));
                RawClient client = proxy.client()) {
            for (int i = 1; i <= 3; i++) {
                client.send(get("/x"));
                client.readResponse();
                origin.awaitFinished(i);
            }
        }
    }

    // ---- what servers send without being asked

    @ParameterizedTest
    @ValueSource(strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 6\r\n\r\n",
    })
    void whatFollowsAResponseIsNeverGivenToTheNextRequest(String answer) {
        String evil = ok("evil");
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send(answer + evil);
                            connection.readToEnd();
                        },
                        connection -> {
                            connection.readRequest();
                            connection.send(ok("good"));
                            // Only when the client has its answer: then this is nobody's.
                            connection.readRequest();
                            connection.send(ok("good again"));
                            connection.readToEnd();
                        });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            assertThat(client.readResponse().toString()).isEqualTo(answer);
            client.send(get("/2"));
            assertThat(client.readResponse().bodyText()).isEqualTo("good");
            client.send(get("/3"));
            assertThat(client.readResponse().bodyText()).isEqualTo("good again");
            assertThat(origin.connections()).hasSize(2);
        }
    }

    @Test
    void anIdleConnectionThatSpeaksUnaskedIsClosed() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send(ok("good"));
                            connection.readUntil("\r\n\r\n");
                            connection.send(ok("good too"));
                            connection.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n");
                            connection.readToEnd();
                        },
                        Script.answering(ok("other")));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            assertThat(client.readResponse().bodyText()).isEqualTo("good");
            client.send(get("/2"));
            assertThat(client.readResponse().bodyText()).isEqualTo("good too");
            origin.awaitFinished(1);
            client.send(get("/3"));
            assertThat(client.readResponse().bodyText()).isEqualTo("other");
        }
    }

    @Test
    void aHeadAnswerWithABodyDoesNotReachTheNextRequest() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send(ok("evil body of HEAD"));
                            connection.readToEnd();
                        },
                        Script.answering(ok("good")));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponseTo("HEAD").headers("Content-Length")).containsExactly("17");
            client.send(get("/2"));
            assertThat(client.readResponse().bodyText()).isEqualTo("good");
        }
    }

    // ---- what must not pass

    @Test
    void headersOfOneConnectionDoNotPassInEitherDirection() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering("""
                        HTTP/1.1 200 OK\r
                        Connection: keep-alive, X-Secret\r
                        Keep-Alive: timeout=5\r
                        X-Secret: s\r
                        Proxy-Connection: x\r
                        Content-Length: 0\r
                        X: y\r
                        \r
                        """));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nConnection: keep-alive, X-Forwarded-By\r\nHost: a\r\nX-Forwarded-By: me\r\n"
                    + "Keep-Alive: 300\r\nProxy-Connection: keep-alive\r\nTE: trailers\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\nX: y\r\n\r\n");
            assertThat(client.readResponse().toString()).isEqualTo("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: y\r\n\r\n");
            assertThat(origin.awaitRequest(1).toString()).isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n");
        }
    }

    @Test
    void thousandsOfRequestsInOneReadAreAllAnswered() {
        int count = 5000;
        try (EngineHarness proxy = EngineHarness.http("http-request deny", EngineHarness.server("s1", 1));
                RawClient client = proxy.client()) {
            Thread sender = new Thread(() -> client.send(get("/x").repeat(count)));
            sender.start();
            for (int i = 0; i < count; i++) {
                assertThat(client.readResponse().status()).isEqualTo(403);
            }
            assertThat(proxy.frontend("fe").counters().requests.sum()).isEqualTo(count);
        }
    }

    /** {@code server s1 127.0.0.1:+OFFSET}: what was opened for one port is none for a client of another. */
    @Test
    void aConnectionServesThePortThatItWasOpenedFor() {
        try (ScriptedOrigin one = ScriptedOrigin.start(Script.answering(r -> ok("one")));
                ScriptedOrigin two = ScriptedOrigin.start(Script.answering(r -> ok("two")))) {
            int shift = one.port() > 32_768 ? -20_000 : 20_000;
            try (EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("bind 127.0.0.1:%d\n  bind 127.0.0.1:%d"
                            .formatted(one.port() + shift, two.port() + shift),
                            "http-reuse always\n  server s1 127.0.0.1:%+d".formatted(-shift)).replace("  bind 127.0.0.1:@1\n", ""));
                    RawClient first = RawClient.connect(one.port() + shift);
                    RawClient second = RawClient.connect(two.port() + shift)) {
                for (RawClient client : new RawClient[] {first, first, second, second, first}) {
                    client.send(get("/"));
                    assertThat(client.readResponse().bodyText()).isEqualTo(client == first ? "one" : "two");
                    if (client == second) {
                        assertThat(one.connections()).as("used again for its own port").hasSize(1);
                    }
                }
            }
        }
    }
}
