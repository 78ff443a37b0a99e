package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import net.lbd.testkit.Await;
import net.lbd.testkit.OriginConnection;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one side had sent before a relay ended arrives at the other, however slowly that reads. */
@Timeout(60)
class LastBytesTest {

    private static final String ASK = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    private static final String SWITCH = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n";

    private static EngineHarness proxy(String mode, ScriptedOrigin origin) {
        String server = EngineHarness.server("s1", origin.port());
        return mode.equals("tcp") ? EngineHarness.tcp("", server) : EngineHarness.http("", server);
    }

    private static void open(String mode, OriginConnection connection) {
        if (mode.equals("http")) {
            connection.readRequest();
            connection.send(SWITCH);
        }
    }

    /** Returns the length of what the client has received. */
    private static int open(String mode, RawClient client) {
        if (mode.equals("tcp")) {
            return 0;
        }
        client.send(ASK);
        return client.readHead().length();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "http"})
    void aSlowServerThatEndedItsHalfFirstGetsEveryByte(String mode) throws Exception {
        int size = 48_000_000;
        CountDownLatch sent = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    open(mode, connection);
                    connection.shutdownOutput();
                    int left = 40_000_000;
                    connection.skip(size - left);
                    // From here on it is slow: when the client's end comes, bytes wait for it in the proxy.
                    sent.await();
                    for (; left > 0; left -= 200_000) {
                        connection.skip(200_000);
                        Thread.sleep(2);
                    }
                    connection.expectEof();
                });
                EngineHarness proxy = proxy(mode, origin);
                RawClient client = proxy.client()) {
            open(mode, client);
            client.expectEof();
            Thread sender = new Thread(() -> {
                client.send(new byte[size]);
                client.shutdownOutput();
            });
            sender.start();
            Await.until("the client is held up, or done", () -> HttpTimeoutTest.standsStill(client::sentBytes));
            sent.countDown();
            sender.join();
            origin.awaitFinished(1);
            proxy.awaitIdle();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "http"})
    void aSlowClientThatIsStillSendingGetsEveryByte(String mode) throws Exception {
        int size = 2_500_000;
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    open(mode, connection);
                    connection.send(new byte[size]);
                    connection.shutdownOutput();
                    connection.expect("x");
                    connection.reset();
                });
                EngineHarness proxy = proxy(mode, origin);
                RawClient client = proxy.client()) {
            long head = open(mode, client);
            int read = 0;
            for (; read < size && proxy.backend("be").counters().bytesOut.sum() < head + size; read += 1000) {
                client.skip(1000);
            }
            // The proxy has all of it, the client has not; and now the server goes.
            client.send("x");
            for (; read < size; read += 1000) {
                client.send("y");
                client.skip(1000);
                Thread.sleep(1);
            }
            assertThat(client.hasMore()).isFalse();
            client.close();
            proxy.awaitIdle();
        }
    }
}
