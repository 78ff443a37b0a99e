package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.testkit.Await;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.Test;

/** Streams that arrive while the first connection to a server of HTTP/2 is being made: they wait for it, and share it. */
class Http2ComingServerTest {

    private static final int CANCEL = 8;
    private static final int MAX_CONCURRENT_STREAMS = 3;

    /** Opens once everybody is there that shall wait. */
    private final CountDownLatch gate = new CountDownLatch(1);

    private static EngineHarness proxy(String backendLines, ScriptedOrigin origin, String... options) {
        return EngineHarness.start(EngineHarness.httpText("", backendLines + "\n"
                + EngineHarness.server("s1", origin.port(), options.length == 0 ? new String[] {"proto h2"} : options)));
    }

    private static Http2Wire client(EngineHarness proxy) {
        return Http2Wire.client(proxy.client());
    }

    private static void ask(Http2Wire client, int... streams) {
        for (int stream : streams) {
            client.headers(stream, true, Http2Wire.get("/" + stream));
        }
    }

    private static void expectAnswers(Http2Wire client, int... streams) {
        for (int stream : streams) {
            Http2Wire.Message answer = client.message(stream);
            assertThat(answer.status()).as("stream %d", stream).isEqualTo(200);
            assertThat(answer.bodyText()).isEqualTo("answer");
        }
    }

    private static Server server(EngineHarness proxy, String name) {
        return proxy.backend("be").servers().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    private static void awaitWaiting(EngineHarness proxy, int streams) {
        Await.until(streams + " streams wait for the server", () -> server(proxy, "s1").load() == streams);
    }

    private static void pass(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Says nothing before the gate opens, and answers then whatever comes. */
    private Script late(int... settings) {
        return late(wire -> { }, settings);
    }

    private Script late(Consumer<Http2Wire> before, int... settings) {
        return connection -> {
            pass(gate);
            Http2Wire wire = Http2Wire.server(connection, settings);
            before.accept(wire);
            answerAll(wire);
        };
    }

    private static void answerAll(Http2Wire wire) {
        while (true) {
            Http2Wire.Frame frame;
            try {
                frame = wire.nextOf(Http2Wire.HEADERS, Http2Wire.GOAWAY);
            } catch (AssertionError end) {
                return;
            }
            if (frame.type() == Http2Wire.GOAWAY) {
                return;
            }
            wire.headers(frame.stream(), false, ":status", "200").data(frame.stream(), true, "answer");
        }
    }

    @Test
    void theyShareOneConnection() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(late());
                EngineHarness proxy = proxy("", origin);
                Http2Wire client = client(proxy)) {
            ask(client, 1, 3, 5, 7);
            awaitWaiting(proxy, 4);
            gate.countDown();
            expectAnswers(client, 1, 3, 5, 7);
            assertThat(origin.connections()).hasSize(1);
            assertThat(proxy.serverCounters("s1").connects.sum()).isEqualTo(1);
            assertThat(proxy.serverCounters("s1").reuses.sum()).isEqualTo(3);
            proxy.awaitNoStreams();
        }
    }

    /** What the first connection takes is known for those after it: they are made at the same time, and no more than needed. */
    @Test
    void thoseForWhomThereIsNoRoomShareOthers() {
        CountDownLatch all = new CountDownLatch(5);
        Script two = connection -> {
            pass(gate);
            Http2Wire wire = Http2Wire.server(connection, MAX_CONCURRENT_STREAMS, 2);
            int streams = connection.index() == 2 ? 1 : 2;
            for (int i = 0; i < streams; i++) {
                wire.next(Http2Wire.HEADERS, 1 + 2 * i);
                all.countDown();
            }
            pass(all);
            for (int i = 0; i < streams; i++) {
                wire.headers(1 + 2 * i, false, ":status", "200").data(1 + 2 * i, true, "answer");
            }
            wire.wire().readToEnd();
        };
        try (ScriptedOrigin origin = ScriptedOrigin.start(two, two, two);
                EngineHarness proxy = proxy("", origin);
                Http2Wire client = client(proxy)) {
            ask(client, 1, 3, 5, 7, 9);
            awaitWaiting(proxy, 5);
            gate.countDown();
            expectAnswers(client, 1, 3, 5, 7, 9);
            assertThat(origin.connections()).hasSize(3);
            proxy.awaitNoStreams();
        }
    }

    private int connectionsOfTwoClients(String reuse) {
        CountDownLatch start = new CountDownLatch(1);
        Script script = connection -> {
            pass(start);
            answerAll(Http2Wire.server(connection));
        };
        try (ScriptedOrigin origin = ScriptedOrigin.start(script, script);
                EngineHarness proxy = proxy("http-reuse " + reuse, origin);
                Http2Wire first = client(proxy);
                Http2Wire second = client(proxy)) {
            ask(first, 1, 3);
            awaitWaiting(proxy, 2);
            ask(second, 1, 3);
            awaitWaiting(proxy, 4);
            start.countDown();
            expectAnswers(first, 1, 3);
            expectAnswers(second, 1, 3);
            return origin.connections().size();
        }
    }

    @Test
    void clientsWaitTogetherOnlyWhereTheyMayShare() {
        assertThat(connectionsOfTwoClients("never")).isEqualTo(2);
        assertThat(connectionsOfTwoClients("safe")).isEqualTo(2);
        // A first request wants a connection that has been proven: none has, so it opens one.
        assertThat(connectionsOfTwoClients("aggressive")).isEqualTo(2);
        assertThat(connectionsOfTwoClients("always")).isEqualTo(1);
    }

    @Test
    void aServerThatAgreesOnHttp1IsConnectedToByEach() throws Exception {
        TestCertificates certificates = TestCertificates.create();
        Script http1 = connection -> {
            pass(gate);
            while (connection.hasMore()) {
                connection.readRequest();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanswer");
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.startTls(certificates.server(TestCertificates.KeyKind.ECDSA, "localhost").serverContext(),
                        http1, http1, http1);
                EngineHarness proxy = proxy("", origin, "ssl verify none alpn h2,http/1.1");
                Http2Wire client = client(proxy)) {
            ask(client, 1, 3, 5);
            awaitWaiting(proxy, 3);
            gate.countDown();
            expectAnswers(client, 1, 3, 5);
            assertThat(origin.connections()).hasSizeBetween(1, 3);
            assertThat(proxy.serverCounters("s1").connects.sum()).isEqualTo(3);
            assertThat(proxy.serverCounters("s1").reuses.sum()).isZero();
            proxy.awaitNoStreams();
        }
    }

    @Test
    void aConnectionThatFailsFailsThemAll() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> pass(gate));
                EngineHarness proxy = proxy("retries 0", origin);
                Http2Wire client = client(proxy)) {
            ask(client, 1, 3, 5);
            awaitWaiting(proxy, 3);
            gate.countDown();
            for (int stream = 1; stream <= 5; stream += 2) {
                assertThat(client.message(stream).status()).isEqualTo(503);
            }
            assertThat(origin.connections()).hasSize(1);
            assertThat(proxy.serverCounters("s1").connectErrors.sum()).isEqualTo(3);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void eachRetriesAsItMayAndTheyShareAgain() {
        AtomicInteger others = new AtomicInteger();
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> pass(gate));
                ScriptedOrigin other = ScriptedOrigin.start(connection -> {
                    others.incrementAndGet();
                    answerAll(Http2Wire.server(connection));
                });
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("", "balance first\noption redispatch\nretries 1\n"
                        + EngineHarness.server("s1", origin.port(), "proto h2") + "\n"
                        + EngineHarness.server("s2", other.port(), "proto h2")));
                Http2Wire client = client(proxy)) {
            ask(client, 1, 3, 5);
            awaitWaiting(proxy, 3);
            gate.countDown();
            expectAnswers(client, 1, 3, 5);
            assertThat(others).hasValue(1);
            assertThat(proxy.serverCounters("s1").redispatches.sum()).isEqualTo(3);
            proxy.awaitNoStreams();
        }
    }

    /** The connection that took too long is none for the second attempt. */
    @Test
    void eachWaitsAsLongAsItMayConnect() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.hang(), connection -> answerAll(Http2Wire.server(connection)));
                EngineHarness proxy = proxy("retries 1\ntimeout connect 2s", origin);
                Http2Wire client = client(proxy)) {
            ask(client, 1, 3);
            expectAnswers(client, 1, 3);
            assertThat(origin.connections()).hasSize(2);
            assertThat(proxy.serverCounters("s1").retries.sum()).isEqualTo(2);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void theOthersGoOnWhenOneLeaves() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(late());
                EngineHarness proxy = proxy("option abortonclose", origin);
                Http2Wire client = client(proxy)) {
            ask(client, 1, 3, 5);
            awaitWaiting(proxy, 3);
            client.send(Http2Wire.resetFrame(1, CANCEL), Http2Wire.resetFrame(5, CANCEL));
            awaitWaiting(proxy, 1);
            gate.countDown();
            expectAnswers(client, 3);
            assertThat(origin.connections()).hasSize(1);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void theConnectionIsClosedWhenAllLeave() {
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.hang();
                    closed.countDown();
                }, connection -> answerAll(Http2Wire.server(connection)));
                EngineHarness proxy = proxy("option abortonclose", origin);
                Http2Wire client = client(proxy)) {
            try (Http2Wire leaving = client(proxy)) {
                ask(leaving, 1, 3);
                awaitWaiting(proxy, 2);
                origin.awaitConnection(1);
            }
            pass(closed);
            proxy.awaitNoStreams();
            ask(client, 1);
            expectAnswers(client, 1);
        }
    }

    /** As with HAProxy, what has been sent on its way to a server goes on; those that come later go elsewhere. */
    @Test
    void aServerThatGoesDownMeanwhileServesThoseThatWait() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(late());
                EngineHarness proxy = proxy("", origin);
                Http2Wire client = client(proxy)) {
            ask(client, 1, 3);
            awaitWaiting(proxy, 2);
            server(proxy, "s1").state().setAdmin(ServerState.Admin.MAINT);
            ask(client, 5);
            assertThat(client.message(5).status()).isEqualTo(503);
            gate.countDown();
            expectAnswers(client, 1, 3);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void aServerThatIsGoneFailsThemAll() {
        int nobody = Ports.free();
        try (EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("", "retries 0\n" + EngineHarness.server("s1", nobody, "proto h2")));
                Http2Wire client = client(proxy)) {
            ask(client, 1, 3, 5);
            for (int stream = 1; stream <= 5; stream += 2) {
                assertThat(client.message(stream).status()).isEqualTo(503);
            }
            proxy.awaitNoStreams();
        }
    }

    @Test
    void aBusyServerTakesNoMoreThanItsMaxconn() {
        AtomicInteger atOnce = new AtomicInteger();
        AtomicReference<Server> running = new AtomicReference<>();
        Script counting = connection -> {
            pass(gate);
            Http2Wire wire = Http2Wire.server(connection);
            // Both that may be there have come before the first is answered, and the third must not.
            for (int stream = 1; stream <= 11; stream += 4) {
                wire.next(Http2Wire.HEADERS, stream);
                wire.next(Http2Wire.HEADERS, stream + 2);
                atOnce.set(running.get().load());
                for (int s = stream; s <= stream + 2; s += 2) {
                    wire.headers(s, false, ":status", "200").data(s, true, "answer");
                }
            }
            wire.wire().readToEnd();
        };
        try (ScriptedOrigin origin = ScriptedOrigin.start(counting);
                EngineHarness proxy = proxy("", origin, "proto h2 maxconn 2");
                Http2Wire client = client(proxy)) {
            running.set(server(proxy, "s1"));
            ask(client, 1, 3, 5, 7, 9, 11);
            awaitWaiting(proxy, 2);
            Await.until("the others queue", () -> proxy.backend("be").queue().size() == 4);
            gate.countDown();
            expectAnswers(client, 1, 3, 5, 7, 9, 11);
            assertThat(atOnce).hasValue(2);
            assertThat(origin.connections()).hasSize(1);
            proxy.awaitNoStreams();
        }
    }

    /** A login is for one client's own connection: nobody waits for it, and it waits for nobody. */
    @Test
    void aLoginWaitsForNobody() {
        Script script = connection -> {
            pass(gate);
            answerAll(Http2Wire.server(connection));
        };
        try (ScriptedOrigin origin = ScriptedOrigin.start(script, script);
                EngineHarness proxy = proxy("http-reuse always", origin);
                Http2Wire client = client(proxy);
                RawClient login = proxy.client()) {
            ask(client, 1);
            awaitWaiting(proxy, 1);
            login.send("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: NTLM TlRMTVNTUAAB\r\n\r\n");
            awaitWaiting(proxy, 2);
            ask(client, 3);
            awaitWaiting(proxy, 3);
            gate.countDown();
            expectAnswers(client, 1, 3);
            assertThat(login.readResponse().bodyText()).isEqualTo("answer");
            assertThat(origin.connections()).hasSize(2);
            login.send(get("/"));
            assertThat(login.readResponse().status()).isEqualTo(200);
        }
    }
}
