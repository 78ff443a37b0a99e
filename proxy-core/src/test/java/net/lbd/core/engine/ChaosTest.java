package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.OriginConnection;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import net.lbd.testkit.Wire;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients and servers that do whatever they like, many at a time, against one server with two places: behind it nothing is
 * counted any more, nobody waits, and the next client is served. Seeded; the interleaving is not.
 */
@Timeout(120)
class ChaosTest {

    private static final int CLIENTS = 6;
    private static final int EACH = 25;
    private static final String UPGRADE = "GET /tunnel HTTP/1.1\r\nHost: a\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n";

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whateverPeersDoNothingStaysBehind(boolean tls) throws Exception {
        TestCertificates.create().server(TestCertificates.KeyKind.ECDSA, "a").writePem(dir.resolve("a.pem"));
        Random seeds = new Random(5);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    Random random = new Random(connection.index());
                    try {
                        while (connection.hasMore() && answer(random, connection)) {
                            // The next request may come on the same connection.
                        }
                    } catch (UncheckedIOException | AssertionError e) {
                        // The proxy has left in the middle of it, as it may.
                        assertThat(connection.index()).isNotNegative();
                    }
                });
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("""
                        timeout http-request 400ms
                        timeout client 400ms
                        http-request deny if { path /denied }""", """
                        option redispatch
                        timeout server 400ms
                        timeout queue 300ms
                        timeout tunnel 500ms
                        http-reuse always
                        """ + EngineHarness.server("s1", origin.port(), "maxconn 2"))
                        .replace("nbthread 1", "nbthread 2")
                        .replace(":@1", tls ? ":@1 ssl crt " + dir.resolve("a.pem") : ":@1"))) {
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(seeds.nextLong());
                Thread thread = new Thread(() -> {
                    for (int n = 0; n < EACH; n++) {
                        visit(random, proxy, tls);
                    }
                });
                clients.add(thread);
                thread.start();
            }
            for (Thread client : clients) {
                client.join();
            }
            proxy.awaitIdle();
            try (RawClient last = tls ? proxy.tlsClient(ClientTls.trustAll()) : proxy.client()) {
                last.send(get("/denied"));
                assertThat(last.readResponse().status()).isEqualTo(403);
            }
        }
    }

    private static void visit(Random random, EngineHarness proxy, boolean tls) {
        try {
            RawClient client = tls && random.nextInt(8) > 0 ? proxy.tlsClient(ClientTls.trustAll()) : proxy.client();
            client.deadline(Duration.ofMillis(50 + random.nextInt(700)));
            client.send(request(random));
            end(random, client);
        } catch (UncheckedIOException | AssertionError e) {
            // Cut, or too slow for what this client had in mind: both are fine.
            assertThat(random).isNotNull();
        }
    }

    private static String request(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> get("/denied") + get("/1") + get("/2");
            case 1 -> "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(random.nextInt(100_000));
            case 2 -> "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
            case 3 -> "POST /p HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n" + (random.nextBoolean() ? "0\r\n\r\n" : "zz");
            case 4 -> UPGRADE + "tunnel bytes";
            case 5 -> "GET /half HTTP/1.1\r\nHo";
            case 6 -> "GET /auth HTTP/1.1\r\nHost: a\r\nAuthorization: NTLM x\r\n\r\n" + get("/behind");
            default -> get("/" + random.nextInt(10)) + (random.nextBoolean() ? get("/more") : "");
        };
    }

    private static void end(Random random, RawClient client) {
        switch (random.nextInt(7)) {
            case 0 -> client.reset();
            case 1 -> client.close();
            case 2 -> {
                client.shutdownOutput();
                client.readToEnd();
                client.close();
            }
            case 3 -> {
                LockSupport.parkNanos(random.nextInt(300) * 1_000_000L);
                client.reset();
            }
            case 4 -> {
                client.readAvailable();
                client.cut();
            }
            default -> {
                try (client) {
                    client.readToEnd();
                }
            }
        }
    }

    /** Whether the connection is kept. */
    private static boolean answer(Random random, OriginConnection connection) {
        connection.deadline(Duration.ofMillis(500));
        int what = random.nextInt(12);
        String head = connection.readHead();
        if (head.contains("Upgrade: x") && what < 8) {
            connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n" + "y".repeat(random.nextInt(200_000)));
            if (random.nextBoolean()) {
                connection.shutdownOutput();
                connection.readToEnd();
            }
            return false;
        }
        switch (what) {
            case 0 -> {
                return false;
            }
            case 1 -> {
                connection.reset();
                return false;
            }
            case 2 -> {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome");
                return false;
            }
            case 3 -> {
                connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
                connection.reset();
                return false;
            }
            case 4 -> connection.readToEnd();
            case 5 -> connection.send("HTTP/1.1 100 Continue\r\n\r\n".repeat(random.nextInt(20)) + ok("after"));
            case 6 -> connection.send("HTTP/1.1 200 OK\r\n\r\nto the end");
            case 7 -> connection.send("HTTP/1.1 401 No\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n");
            case 8 -> connection.send(ok("x".repeat(3_000_000)));
            case 9 -> connection.send("garbage\r\n\r\n");
            default -> {
                connection.send(ok("fine"));
                return true;
            }
        }
        return what == 5 || what == 7 || what == 8;
    }
}
