package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

class HttpTunnelTest {

    private static final String ASK = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nX: y\r\n\r\n";
    private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";

    private static EngineHarness proxy(ScriptedOrigin origin, String... lines) {
        return EngineHarness.http("", String.join("\n", lines) + "\n" + EngineHarness.server("s1", origin.port()));
    }

    /** Switches, then returns every byte, and ends when the client does. */
    private static Script echo() {
        return connection -> {
            assertThat(connection.readRequest().headers("Connection")).containsExactly("Upgrade");
            connection.send(SWITCH + "hello");
            while (connection.hasMore()) {
                connection.send(connection.readAvailable());
            }
            connection.send("bye");
        };
    }

    @Test
    void bytesPassBothWaysUntilBothSidesHaveEnded() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(ASK + "early\0\1\r\n");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
            client.expect("helloearly\0\1\r\n");
            client.send("GET / HTTP/1.1\r\n\r\n");
            client.expect("GET / HTTP/1.1\r\n\r\n");
            client.shutdownOutput();
            client.expect("bye");
            client.expectEof();
            proxy.awaitIdle();
        }
    }

    @Test
    void theServerMayEndItsHalfFirst() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(SWITCH + "bye");
                    connection.shutdownOutput();
                    connection.expect("one more");
                    connection.expectEof();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(ASK);
            client.readHead();
            client.expect("bye");
            client.expectEof();
            client.send("one more");
            client.shutdownOutput();
            origin.awaitFinished(1);
            proxy.awaitIdle();
        }
    }

    @Test
    void aClientThatEndsItsHalfBeforeTheSwitchHasEndedTheTunnelsHalf() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(SWITCH);
                    connection.expect("early");
                    connection.expectEof();
                    connection.send("late");
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(ASK + "early");
            client.shutdownOutput();
            client.readHead();
            client.expect("late");
            client.expectEof();
            proxy.awaitIdle();
        }
    }

    @Test
    void aResetOfEitherSideEndsTheOther() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readRequest();
                            connection.send(SWITCH);
                            connection.expect("x");
                            connection.reset();
                        },
                        connection -> {
                            connection.readRequest();
                            connection.send(SWITCH);
                            connection.readToEnd();
                        });
                EngineHarness proxy = proxy(origin)) {
            try (RawClient client = proxy.client()) {
                client.send(ASK);
                client.readHead();
                client.send("x");
                client.expectClosed();
            }
            proxy.awaitIdle();
            RawClient client = proxy.client();
            client.send(ASK);
            client.readHead();
            client.reset();
            origin.awaitFinished(2);
            proxy.awaitIdle();
        }
    }

    @Test
    void aServerThatDoesNotSwitchAnswersAsUsual() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(ASK + get("/next"));
            assertThat(client.readResponse().bodyText()).isEqualTo("/ws");
            assertThat(client.readResponse().bodyText()).isEqualTo("/next");
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void aSwitchThatNobodyAskedForIsABadAnswer() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(SWITCH));
                EngineHarness proxy = proxy(origin)) {
            for (String request : List.of(get("/"), "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n",
                    "GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n",
                    "GET / HTTP/1.0\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n")) {
                try (RawClient client = proxy.client()) {
                    client.send(request);
                    assertThat(client.readResponse().status()).as(request).isEqualTo(502);
                }
            }
            assertThat(origin.requests()).allSatisfy(r -> assertThat(r.headers("Upgrade")).isEmpty());
        }
    }

    @Test
    void connectOpensATunnelOnSuccessOnly() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(
                        connection -> {
                            connection.readHead();
                            connection.send("HTTP/1.1 200 Connected\r\nContent-Length: 7\r\n\r\n");
                            while (connection.hasMore()) {
                                connection.send(connection.readAvailable());
                            }
                        },
                        Script.answering("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno"));
                EngineHarness proxy = proxy(origin)) {
            try (RawClient client = proxy.client()) {
                client.send("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n");
                assertThat(client.readHead()).isEqualTo("HTTP/1.1 200 Connected\r\n\r\n");
                client.send("bytes");
                client.expect("bytes");
                client.shutdownOutput();
                client.expectEof();
            }
            try (RawClient client = proxy.client()) {
                client.send("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n");
                ReceivedMessage refused = client.readResponse();
                assertThat(refused.status()).isEqualTo(403);
                assertThat(refused.bodyText()).isEqualTo("no");
            }
            proxy.awaitIdle();
        }
    }

    @Test
    void aTunnelHasItsOwnTimeAlsoBehindASlowMoment() {
        byte[] burst = new byte[4 << 20];
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(SWITCH);
                    connection.send(burst);
                    connection.expect("go on");
                    connection.send("still here");
                    connection.readToEnd();
                });
                EngineHarness proxy = EngineHarness.http("timeout client 300ms",
                        "timeout server 300ms\ntimeout tunnel 10s\n" + EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            client.send(ASK);
            client.readHead();
            client.skip(burst.length);
            // Longer than timeout client and timeout server: only the tunnel's own may count.
            client.deadline(java.time.Duration.ofMillis(700));
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> client.read(1)).hasMessageContaining("nothing more within");
            client.deadline(java.time.Duration.ofSeconds(5));
            client.send("go on");
            client.expect("still here");
        }
    }

    @Test
    void aSilentTunnelEndsAfterItsTime() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = EngineHarness.http("",
                        "timeout tunnel 200ms\n" + EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            client.send(ASK);
            client.readHead();
            client.expect("hello");
            client.readToEnd();
            proxy.awaitIdle();
        }
    }

    @Test
    void aTunnelsConnectionServesNobodyElse() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echo(), Script.answering(ok("other")));
                EngineHarness proxy = proxy(origin, "http-reuse always")) {
            try (RawClient client = proxy.client()) {
                client.send(ASK);
                client.readHead();
                client.shutdownOutput();
                client.readUntil("bye");
            }
            proxy.awaitIdle();
            try (RawClient client = proxy.client()) {
                client.send(get("/"));
                assertThat(client.readResponse().bodyText()).isEqualTo("other");
            }
        }
    }
}
