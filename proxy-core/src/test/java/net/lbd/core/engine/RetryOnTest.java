package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static net.lbd.core.engine.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code retry-on}: which requests are sent again that a server has got, what goes again, and to whom. */
class RetryOnTest {

    private static final String NTLM = "Authorization: NTLM T\r\n";

    private static Script status(int status) {
        return Script.answering("HTTP/1.1 " + status + " X\r\nContent-Length: 4\r\n\r\nfail");
    }

    private static Script sending(String text) {
        return connection -> {
            connection.readRequest();
            connection.send(text);
        };
    }

    private static EngineHarness proxy(String lines, ScriptedOrigin... origins) {
        StringBuilder text = new StringBuilder(lines);
        for (int i = 0; i < origins.length; i++) {
            text.append('\n').append(EngineHarness.server("s" + (i + 1), origins[i].port()));
        }
        return EngineHarness.http("", text.toString());
    }

    private static String with(String header, String request) {
        return request.replaceFirst("\r\n", "\r\n" + header);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 408, 425, 429, 500, 501, 502, 503, 504})
    void statusThatIsNamedIsTriedAgainAndOthersPass(int status) {
        int other = status == 503 ? 500 : 503;
        try (ScriptedOrigin origin = ScriptedOrigin.start(status(status), status(other), Script.answering(ok("again")));
                EngineHarness proxy = proxy("retry-on " + status, origin);
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(other);
            assertThat(origin.connections()).hasSize(2);
            assertThat(proxy.serverCounters("s1").retries.sum()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"500,1", "502,1", "503,1", "504,1", "501,0", "404,0", "401,0"})
    void allRetryableErrorsMeansTheseStatuses(int status, int retries) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(status(status), Script.answering(ok("again")));
                EngineHarness proxy = proxy("retry-on all-retryable-errors", origin);
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(retries == 1 ? 200 : status);
            assertThat(proxy.backend("be").counters().retries.sum()).isEqualTo(retries);
        }
    }

    @Test
    void bodyGoesAgainAsItCame() {
        String body = "0123456789".repeat(1000);
        String chunks = Messages.chunked(body, 777);
        String inChunks = "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(status(503), status(503), Script.answering(ok("again")));
                EngineHarness proxy = proxy("retry-on 503\nretries 2", origin);
                RawClient client = proxy.client()) {
            client.send(post("/l", body).substring(0, 3000)).send(post("/l", body).substring(3000));
            assertThat(client.readResponse().bodyText()).isEqualTo("again");
            client.send(inChunks).send(chunks);
            assertThat(client.readResponse().bodyText()).isEqualTo("again");
            assertThat(origin.requests()).hasSize(4).allSatisfy(request -> assertThat(request.bodyText()).isEqualTo(body));
        }
    }

    @Test
    void requestThatDoesNotFitIntoABufferIsSentOnce() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(status(503), Script.answering(ok("again")));
                EngineHarness proxy = proxy("retry-on 503", origin);
                RawClient client = proxy.client()) {
            client.send(post("/", "x".repeat(16_384)));
            assertThat(client.readResponse().status()).isEqualTo(503);
            assertThat(origin.connections()).hasSize(1);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void answerThatComesBeforeTheRequestIsWholePasses() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readHead();
                            connection.send("HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n");
                            connection.hasMore();
                        },
                        Script.answering(ok("again")));
                EngineHarness proxy = proxy("retry-on 503", origin);
                RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n1234");
            assertThat(client.readResponse().status()).isEqualTo(503);
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void ruleKeepsARequestFromBeingSentAgain() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(status(503), Script.answering(ok("again")));
                EngineHarness proxy = proxy("retry-on 503\nhttp-request disable-l7-retry if METH_POST", origin);
                RawClient client = proxy.client()) {
            client.send(post("/", "x"));
            assertThat(client.readResponse().status()).isEqualTo(503);
            client.send(get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("again");
        }
    }

    @ParameterizedTest
    @CsvSource({"empty-response,''", "junk-response,'no response\r\n\r\n'", "junk-response,'HTTP/1.1 200 OK\r\nConte'",
        "junk-response,'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n'"})
    void failedAnswerIsTriedAgainUnderItsName(String event, String answer) {
        String other = event.startsWith("empty") ? "junk-response" : "empty-response";
        for (String name : new String[] {event, "all-retryable-errors", other}) {
            try (ScriptedOrigin origin = ScriptedOrigin.start(sending(answer), Script.answering(ok("again")));
                    EngineHarness proxy = proxy("retry-on " + name, origin);
                    RawClient client = proxy.client()) {
                client.send(post("/", "body"));
                assertThat(client.readResponse().status()).as(name).isEqualTo(name.equals(other) ? 502 : 200);
                assertThat(origin.connections()).as(name).hasSize(name.equals(other) ? 1 : 2);
            }
        }
    }

    @Test
    void silenceIsTriedAgainUntilTheRetriesAreUsedUp() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                            connection.readRequest();
                            connection.hasMore();
                        });
                EngineHarness proxy = proxy("retry-on response-timeout\nretries 2\ntimeout server 100ms", origin);
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(504);
            assertThat(origin.connections()).hasSize(3);
            assertThat(proxy.serverCounters("s1").responseErrors.sum()).isEqualTo(1);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void redispatchTakesTheRequestToAnotherServerAtOnce() {
        try (ScriptedOrigin bad = ScriptedOrigin.start(status(503)); ScriptedOrigin good = ScriptedOrigin.start(Script.answering(ok("again")));
                EngineHarness proxy = proxy("retry-on 503\noption redispatch", bad, good);
                RawClient client = proxy.client()) {
            client.send(post("/", "body"));
            assertThat(client.readResponse().bodyText()).isEqualTo("again");
            assertThat(bad.requests()).hasSize(1);
            assertThat(good.requests().get(0).bodyText()).isEqualTo("body");
            assertThat(proxy.serverCounters("s1").redispatches.sum()).isEqualTo(1);
            assertThat(proxy.serverCounters("s1").retries.sum()).isZero();
        }
    }

    // ---- identities

    @Test
    void requestOnAConnectionThatSpeaksForItsClientIsNotSentOnAnother() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send(ok("logged in"));
                            connection.readRequest();
                            connection.send("HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n");
                            connection.hasMore();
                        },
                        Script.answering(ok("somebody else")));
                EngineHarness proxy = proxy("retry-on all-retryable-errors 401\noption redispatch 1", origin);
                RawClient client = proxy.client()) {
            client.send(with(NTLM, get("/")));
            assertThat(client.readResponse().bodyText()).isEqualTo("logged in");
            // Without credentials: the connection has them.
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(503);
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"401", "503"})
    void requestWithCredentialsForTheConnectionIsSentOnce(int status) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(status(status), Script.answering(ok("again")));
                EngineHarness proxy = proxy("retry-on 401 503", origin);
                RawClient client = proxy.client()) {
            client.send(with(NTLM, get("/")));
            assertThat(client.readResponse().status()).isEqualTo(status);
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void idleConnectionOfALoginThatDiesIsNotReplaced() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send(ok("logged in"));
                            connection.readRequest();
                        },
                        Script.answering(ok("somebody else")));
                EngineHarness proxy = proxy("retry-on empty-response", origin);
                RawClient client = proxy.client()) {
            client.send(with(NTLM, get("/")));
            client.readResponse();
            client.send(get("/"));
            client.expectClosed();
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void requestThatBringsItsOwnPasswordIsSentAgainBehindA401() {
        String basic = "Authorization: Basic YTpi\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send("HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n");
                            connection.readRequest();
                        },
                        Script.answering(ok("again")));
                EngineHarness proxy = proxy("", origin);
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(401);
            client.send(with(basic, get("/")));
            assertThat(client.readResponse().bodyText()).isEqualTo("again");
        }
    }
}
