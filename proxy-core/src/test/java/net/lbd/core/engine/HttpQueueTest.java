package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static net.lbd.core.engine.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.Test;

/** The places of a server: who waits for one, who gets it, and that each is given back. */
class HttpQueueTest {

    private static EngineHarness proxy(ScriptedOrigin origin) {
        return EngineHarness.http("", "timeout queue 10s\n" + EngineHarness.server("s1", origin.port(), "maxconn 1"));
    }

    /** Answers one request for each permit. */
    private static Script answersWhenAllowed(Semaphore permits) {
        return connection -> {
            while (connection.hasMore()) {
                String target = connection.readRequest().target();
                permits.acquire();
                connection.send(ok(target));
            }
        };
    }

    @Test
    void requestsGetTheirPlaceInTheOrderInWhichTheyCame() {
        Semaphore permits = new Semaphore(0);
        try (ScriptedOrigin origin = ScriptedOrigin.start(answersWhenAllowed(permits));
                EngineHarness proxy = proxy(origin)) {
            RawClient[] clients = new RawClient[5];
            for (int i = 0; i < 5; i++) {
                clients[i] = proxy.client();
                clients[i].send(i % 2 == 0 ? get("/" + i) : post("/" + i, "body"));
                int waiting = i;
                Await.until(i + " wait", () -> proxy.backend("be").queue().size() == waiting);
                origin.awaitRequest(1);
            }
            for (int i = 0; i < 5; i++) {
                assertThat(origin.requests()).hasSize(i + 1);
                permits.release();
                assertThat(clients[i].readResponse().bodyText()).isEqualTo("/" + i);
                if (i < 4) {
                    origin.awaitRequest(i + 2);
                }
            }
            assertThat(proxy.serverCounters("s1").max.get()).isEqualTo(1);
            for (RawClient client : clients) {
                client.close();
            }
            proxy.awaitIdle();
        }
    }

    @Test
    void aReloadDoesNotSeparateThoseWhoWaitFromThoseWhoFinish() {
        Semaphore permits = new Semaphore(0);
        try (ScriptedOrigin origin = ScriptedOrigin.start(answersWhenAllowed(permits))) {
            String text = EngineHarness.httpText("", "timeout queue 10s\n" + EngineHarness.server("s1", origin.port(), "maxconn 1"));
            try (EngineHarness proxy = EngineHarness.start(text);
                    RawClient before = proxy.client();
                    RawClient waiting = proxy.client()) {
                before.send(get("/before"));
                origin.awaitRequest(1);
                waiting.send(get("/waiting"));
                Await.until("one waits", () -> proxy.backend("be").queue().size() == 1);
                proxy.reload(text);
                try (RawClient after = proxy.client()) {
                    after.send(get("/after"));
                    Await.until("two wait", () -> proxy.backend("be").queue().size() == 2);
                    permits.release();
                    assertThat(before.readResponse().bodyText()).isEqualTo("/before");
                    permits.release();
                    assertThat(waiting.readResponse().bodyText()).isEqualTo("/waiting");
                    permits.release();
                    assertThat(after.readResponse().bodyText()).isEqualTo("/after");
                }
            }
        }
    }

    /** The numbers are those of HAProxy 2.6 for the same requests. */
    @Test
    void theLogCountsConnectionsAndPlacesAsHaproxyDoes() {
        Semaphore permits = new Semaphore(0);
        try (SyslogSink log = SyslogSink.udp();
                ScriptedOrigin origin = ScriptedOrigin.start(answersWhenAllowed(permits));
                EngineHarness proxy = EngineHarness.http("log 127.0.0.1:" + log.port() + " local0\n"
                        + "log-format \"counts %HP %ac/%fc/%bc/%sc/%rc %sq/%bq\"\nhttp-request deny if { path /denied }",
                        "timeout queue 10s\n" + EngineHarness.server("s1", origin.port(), "maxconn 1"))) {
            RawClient[] clients = new RawClient[3];
            for (int i = 0; i < 3; i++) {
                clients[i] = proxy.client();
                clients[i].send(get("/" + i));
                int waiting = i;
                Await.until(i + " wait", () -> proxy.backend("be").queue().size() == waiting);
                origin.awaitRequest(1);
            }
            try (RawClient denied = proxy.client()) {
                denied.send(get("/denied"));
                denied.readResponse();
                log.awaitContaining("counts /denied 4/4/0/0/0 0/0");
            }
            Await.until("three are left", () -> proxy.frontend("fe").counters().current.get() == 3);
            permits.release();
            log.awaitContaining("counts /0 3/3/2/0/0 0/0");
            permits.release();
            log.awaitContaining("counts /1 3/3/1/0/0 0/1");
            permits.release();
            log.awaitContaining("counts /2 3/3/0/0/0 0/2");
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    // ---- a client that leaves gives its place back, whatever it was waiting for

    @Test
    void aClientThatLeavesInAnyStateFreesItsServer() {
        try (ScriptedOrigin silent = ScriptedOrigin.start(
                        Script.silent(), Script.silent(), Script.silent(), Script.silent(),
                        connection -> {
                            connection.readRequest();
                            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome");
                            connection.readToEnd();
                        },
                        connection -> {
                            connection.readRequest();
                            connection.send("HTTP/1.1 200 OK\r\n\r\nsome");
                            connection.readToEnd();
                        });
                EngineHarness proxy = proxy(silent)) {
            String[] begun = {get("/waits-for-the-answer"), "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc", get("/pipelined") + get("/second")};
            int connections = 0;
            for (String request : begun) {
                RawClient client = proxy.client();
                client.send(request);
                silent.awaitConnection(++connections);
                client.reset();
                proxy.awaitIdle();
            }
            for (int i = 0; i < 2; i++) {
                RawClient client = proxy.client();
                client.send(get("/in-the-answer"));
                client.readUntil("some");
                client.reset();
                proxy.awaitIdle();
            }
        }
    }

    @Test
    void aClientThatLeavesTheQueueIsForgotten() {
        Semaphore permits = new Semaphore(0);
        try (ScriptedOrigin origin = ScriptedOrigin.start(answersWhenAllowed(permits));
                EngineHarness proxy = proxy(origin);
                RawClient first = proxy.client();
                RawClient third = proxy.client()) {
            first.send(get("/1"));
            origin.awaitRequest(1);
            RawClient second = proxy.client();
            second.send(get("/2"));
            Await.until("the second waits", () -> proxy.backend("be").queue().size() == 1);
            third.send(get("/3"));
            Await.until("the third waits", () -> proxy.backend("be").queue().size() == 2);
            second.reset();
            Await.until("the second has left", () -> proxy.backend("be").queue().size() == 1);
            permits.release(2);
            assertThat(first.readResponse().bodyText()).isEqualTo("/1");
            assertThat(third.readResponse().bodyText()).isEqualTo("/3");
            assertThat(origin.requests()).noneMatch(r -> r.target().equals("/2"));
        }
    }

    @Test
    void aClientThatLeavesWhileItsConnectionIsMadeFreesItsServer() {
        try (Ports.Blackhole blackhole = new Ports.Blackhole();
                EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s1", blackhole.port(), "maxconn 1"))) {
            RawClient client = proxy.client();
            client.send(get("/"));
            Await.until("the connection is being made", () -> proxy.serverCounters("s1").current.get() == 1);
            client.reset();
            proxy.awaitIdle();
        }
    }

    @Test
    void aClientThatLeavesBetweenTwoAttemptsFreesItsServer() {
        try (EngineHarness proxy = EngineHarness.http("", "retries 100\n" + EngineHarness.server("s1", Ports.free(), "maxconn 1"))) {
            RawClient client = proxy.client();
            client.send(get("/"));
            Await.until("a failed attempt", () -> proxy.serverCounters("s1").retries.sum() == 1);
            client.reset();
            proxy.awaitIdle();
        }
    }

    @Test
    void aHalfClosedClientBehindPipelinedRequestsIsServedAndLetGo() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("http-request deny if { path /denied }", EngineHarness.server("s1", origin.port()))) {
            for (String last : new String[] {get("/denied"), get("/2"), "GET /half HT"}) {
                try (RawClient client = proxy.client()) {
                    client.send(get("/1") + last);
                    client.shutdownOutput();
                    assertThat(client.readResponse().bodyText()).isEqualTo("/1");
                    client.readToEnd();
                    proxy.awaitIdle();
                }
            }
        }
    }

    @Test
    void theTimeInTheQueueIsLoggedOfThoseWhoGiveUp() {
        try (SyslogSink log = SyslogSink.udp();
                ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = EngineHarness.http("log 127.0.0.1:" + log.port() + " local0\n"
                        + "log-format \"waited %HP %Tw %Tc %ts\"",
                        "timeout queue 200ms\n" + EngineHarness.server("s1", origin.port(), "maxconn 1"));
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            first.send(get("/1"));
            origin.awaitConnection(1);
            second.send(get("/2"));
            assertThat(second.readResponse().status()).isEqualTo(503);
            assertThat(log.awaitContaining("waited /2 ").strip()).containsPattern("waited /2 [0-9]{3,4} -1 sQ$");
        }
    }

    // ---- option abortonclose

    @Test
    void withAbortoncloseWhoEndsItsHalfLeavesTheQueue() {
        Semaphore permits = new Semaphore(0);
        try (ScriptedOrigin origin = ScriptedOrigin.start(answersWhenAllowed(permits));
                EngineHarness proxy = EngineHarness.http("", "option abortonclose\ntimeout queue 10s\n"
                        + EngineHarness.server("s1", origin.port(), "maxconn 1"));
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            first.send(get("/1"));
            origin.awaitRequest(1);
            second.send(post("/2", "body"));
            Await.until("the second waits", () -> proxy.backend("be").queue().size() == 1);
            second.shutdownOutput();
            second.expectEof();
            assertThat(proxy.backend("be").queue().size()).isZero();
            permits.release(2);
            assertThat(first.readResponse().bodyText()).isEqualTo("/1");
            assertThat(origin.requests()).hasSize(1);
        }
    }

    @Test
    void withAbortoncloseWhoEndsItsHalfGivesItsServerBack() {
        try (ScriptedOrigin silent = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = EngineHarness.http("", "option abortonclose\n"
                        + EngineHarness.server("s1", silent.port(), "maxconn 1"));
                RawClient client = proxy.client()) {
            client.send(get("/"));
            Await.until("the server has the request", () -> silent.awaitConnection(1).received().length > 0);
            client.shutdownOutput();
            assertThat(client.readResponse().status()).isEqualTo(400);
            client.expectEof();
            proxy.awaitIdle();
            silent.awaitFinished(1);
        }
    }

    @Test
    void withAbortoncloseAnAnswerThatHasBegunGoesOn() {
        Semaphore permits = new Semaphore(0);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
                    permits.acquire();
                    connection.send("half");
                    connection.readToEnd();
                });
                EngineHarness proxy = EngineHarness.http("", "option abortonclose\n" + EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            client.send(get("/"));
            client.readUntil("half");
            client.shutdownOutput();
            permits.release();
            client.expect("half");
            client.expectEof();
        }
    }

    @Test
    void withAbortoncloseATcpClientWithoutAServerIsLetGo() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = EngineHarness.tcp("", "option abortonclose\ntimeout queue 10s\n"
                        + EngineHarness.server("s1", origin.port(), "maxconn 1"));
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            Await.until("one of the two waits", () -> proxy.backend("be").queue().size() == 1);
            second.shutdownOutput();
            second.expectEof();
            assertThat(proxy.backend("be").queue().size()).isZero();
            first.close();
            proxy.awaitIdle();
        }
    }
}
