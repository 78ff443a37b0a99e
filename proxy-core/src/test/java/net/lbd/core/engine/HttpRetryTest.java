package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static net.lbd.core.engine.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRetryTest {

    private static EngineHarness proxy(ScriptedOrigin origin, String... lines) {
        return EngineHarness.http("", String.join("\n", lines) + "\n" + EngineHarness.server("s1", origin.port()));
    }

    /** Answers one request, and closes when the second comes: as a server whose idle time was up just then. */
    private static Script closesOnTheSecond() {
        return connection -> {
            connection.readRequest();
            connection.send(ok("first"));
            if (connection.hasMore()) {
                connection.readHead();
            }
        };
    }

    // ---- the idle connection that the server closes just as it is used

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PROPFIND"})
    void aRequestThatDoesNoHarmTwiceIsSentAgain(String method) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(closesOnTheSecond(), Script.answering(ok("again")));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            assertThat(client.readResponse().bodyText()).isEqualTo("first");
            client.send(method + " /2 HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponseTo("HEAD").status()).isEqualTo(200);
            assertThat(origin.awaitRequest(2).startLine()).isEqualTo(method + " /2 HTTP/1.1");
            assertThat(proxy.serverCounters("s1").retries.sum()).isEqualTo(1);
        }
    }

    @Test
    void itIsSentAgainOnANewConnectionAndWithTheSameHead() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(closesOnTheSecond(), closesOnTheSecond(), Script.answering(ok("again")));
                EngineHarness proxy = EngineHarness.http("option forwardfor",
                        "http-reuse always\n" + EngineHarness.server("s1", origin.port()));
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            for (RawClient client : new RawClient[] {first, second}) {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
            }
            origin.awaitConnection(2);
            for (RawClient client : new RawClient[] {first, second}) {
                client.send("x");
                assertThat(client.readResponse().bodyText()).isEqualTo("first");
            }
            second.send(get("/2"));
            assertThat(second.readResponse().bodyText()).isEqualTo("again");
            assertThat(origin.connections()).hasSize(3);
            String head = origin.requests().get(origin.requests().size() - 1).toString();
            assertThat(head).isEqualTo("GET /2 HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 127.0.0.1\r\n\r\n");
        }
    }

    @Test
    void aRequestThatMayDoHarmTwiceIsNotSentAgainAndTheClientDecides() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(closesOnTheSecond(), Script.answering(ok("again")));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            client.readResponse();
            client.send(post("/2", "body"));
            client.expectClosed();
            assertThat(origin.connections()).hasSize(1);
            proxy.awaitIdle();
        }
    }

    @Test
    void aClientsFirstRequestIsToldThatTheServerFailed() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(closesOnTheSecond(), Script.answering(ok("again")));
                EngineHarness proxy = proxy(origin, "http-reuse always");
                RawClient other = proxy.client();
                RawClient client = proxy.client()) {
            other.send(get("/1"));
            other.readResponse();
            client.send(post("/2", "body"));
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void anAnswerThatHasBegunIsNotAskedForAgain() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send(ok("first"));
                            connection.readRequest();
                            connection.send("HTTP/1.1 2");
                        },
                        Script.answering(ok("again")));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            client.readResponse();
            client.send(get("/2"));
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void aServerThatClosesANewConnectionIsNotAskedAgain() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(OriginScripts.closing());
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(origin.connections()).hasSize(1);
            // The client's own connection is none the worse for it.
            client.send(get("/2"));
            assertThat(client.readResponse().status()).isEqualTo(502);
        }
    }

    @Test
    void anIdleConnectionThatTheServerHasClosedIsNotUsed() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send(ok("first"));
                        },
                        Script.answering(ok("second")));
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            client.readResponse();
            origin.awaitFinished(1);
            client.send(post("/2", "body"));
            // Either its end had been seen, or it had not: then only the client may try again.
            if (client.hasMore()) {
                assertThat(client.readResponse().bodyText()).isEqualTo("second");
            } else {
                assertThat(client.end()).contains(Wire.End.RESET);
            }
        }
    }

    // ---- servers that cannot be reached

    @Test
    void aServerThatIsNotThereIsA503AfterItsRetries() {
        try (EngineHarness proxy = EngineHarness.http("", "retries 2\ntimeout connect 100ms\n" + EngineHarness.server("s1", Ports.free()));
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(503);
            assertThat(proxy.serverCounters("s1").connects.sum()).isEqualTo(3);
            assertThat(proxy.serverCounters("s1").retries.sum()).isEqualTo(2);
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(503);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void theLastRetryGoesElsewhereWithItsBody() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("", "option redispatch\nretries 2\ntimeout connect 50ms\n"
                        + EngineHarness.server("dead", Ports.free()) + "\n" + EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            for (int i = 0; i < 4; i++) {
                client.send(post("/" + i, "body"));
                assertThat(client.readResponse().bodyText()).isEqualTo("/" + i);
                assertThat(origin.requests().get(i).bodyText()).isEqualTo("body");
            }
            assertThat(proxy.serverCounters("dead").redispatches.sum()).isPositive();
            proxy.awaitNoStreams();
        }
    }

    @Test
    void aServerThatComesBackBetweenTwoAttemptsIsReached() {
        int port = Ports.free();
        try (EngineHarness proxy = EngineHarness.http("", "retries 50\ntimeout connect 100ms\n" + EngineHarness.server("s1", port));
                RawClient client = proxy.client()) {
            client.send(get("/late"));
            net.lbd.testkit.Await.until("a failed attempt", () -> proxy.serverCounters("s1").retries.sum() > 0);
            try (ScriptedOrigin origin = ScriptedOrigin.startAt(port, java.util.Optional.empty(), Messages.echoTarget())) {
                assertThat(client.readResponse().bodyText()).isEqualTo("/late");
                assertThat(origin.requests()).hasSize(1);
            }
        }
    }
}
