package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.zip.CRC32;
import net.lbd.testkit.Await;
import net.lbd.testkit.OriginConnection;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large bodies arrive whole, and whoever is slow makes the other side slow instead of filling our memory. */
class HttpVolumeTest {

    private static final int SIZE = 50 << 20;
    /** Chunks of the allocator are 4 MiB; a stream may hold a read and the high watermark on each side. */
    private static final long MEMORY_BOUND = 24L << 20;

    private final long before = direct();

    private static byte[] data() {
        byte[] data = new byte[SIZE];
        new Random(5).nextBytes(data);
        return data;
    }

    private static long crc(byte[] data) {
        CRC32 crc = new CRC32();
        crc.update(data);
        return crc.getValue();
    }

    private static long receive(Wire wire, int length) {
        CRC32 crc = new CRC32();
        int left = length;
        while (left > 0) {
            byte[] piece = wire.read(Math.min(left, 1 << 20));
            crc.update(piece);
            left -= piece.length;
        }
        return crc.getValue();
    }

    private static EngineHarness proxy(ScriptedOrigin origin) {
        return EngineHarness.http("", EngineHarness.server("s1", origin.port()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fiftyMegabytesArriveWholeInBothDirectionsAtOnce(boolean chunked) throws Exception {
        byte[] data = data();
        String framing = chunked ? "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(SIZE) + "\r\n" : "Content-Length: " + SIZE + "\r\n\r\n";
        String end = chunked ? "\r\n0\r\n\r\n" : "";
        long[] atOrigin = new long[1];
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.readUntil(chunked ? "\r\n" : "");
                    Thread back = new Thread(() -> {
                        connection.send("HTTP/1.1 200 OK\r\n" + framing);
                        connection.send(data);
                        connection.send(end);
                    });
                    back.start();
                    atOrigin[0] = receive(connection, SIZE);
                    connection.expect(end);
                    back.join();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            Thread sender = new Thread(() -> {
                client.send("POST / HTTP/1.1\r\nHost: a\r\n" + framing);
                client.send(data);
                client.send(end);
            });
            sender.start();
            client.readHead();
            client.readUntil(chunked ? "\r\n" : "");
            assertThat(receive(client, SIZE)).isEqualTo(crc(data));
            client.expect(end);
            sender.join();
            client.close();
            origin.awaitFinished(1);
            assertThat(atOrigin[0]).isEqualTo(crc(data));
        }
    }

    @Test
    void aSlowClientHoldsUpItsServer() {
        CountDownLatch go = new CountDownLatch(1);
        byte[] data = data();
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
                    connection.send(data);
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            client.send(get("/"));
            OriginConnection connection = origin.awaitConnection(1);
            Await.until("the server is held up", () -> HttpTimeoutTest.standsStill(connection::sentBytes));
            assertThat(connection.sentBytes()).isLessThan(SIZE);
            assertThat(direct() - before).isLessThan(MEMORY_BOUND);
            go.countDown();
            client.readHead();
            assertThat(receive(client, SIZE)).isEqualTo(crc(data));
        }
    }

    @Test
    void aSlowServerHoldsUpItsClient() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        byte[] data = data();
        long[] atOrigin = new long[1];
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    go.await();
                    atOrigin[0] = receive(connection, SIZE);
                    connection.send(ok(""));
                    connection.readToEnd();
                });
                EngineHarness proxy = proxy(origin);
                RawClient client = proxy.client()) {
            Thread sender = new Thread(() -> {
                client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + SIZE + "\r\n\r\n");
                client.send(data);
            });
            sender.start();
            Await.until("the client is held up", () -> HttpTimeoutTest.standsStill(client::sentBytes));
            assertThat(client.sentBytes()).isLessThan(SIZE);
            assertThat(direct() - before).isLessThan(MEMORY_BOUND);
            go.countDown();
            assertThat(client.readResponse().status()).isEqualTo(200);
            sender.join();
            assertThat(atOrigin[0]).isEqualTo(crc(data));
        }
    }

    /** Requests without end and no answer taken: neither local answers nor those of servers may pile up. */
    @ParameterizedTest
    @ValueSource(strings = {"/denied", "/x"})
    void aClientThatPipelinesAndDoesNotReadIsHeldUp(String target) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("http-request deny if { path /denied }\ntimeout client 30s",
                        EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            int count = target.equals("/x") ? 60_000 : 200_000;
            byte[] many = get(target).repeat(count).getBytes(StandardCharsets.US_ASCII);
            Thread sender = new Thread(() -> {
                try {
                    client.send(many);
                } catch (java.io.UncheckedIOException e) {
                    // Cut off by the end of this test.
                    assertThat(client.sentBytes()).isLessThan(many.length);
                }
            });
            sender.start();
            Await.until("the client is held up, or done", () -> HttpTimeoutTest.standsStill(client::sentBytes));
            assertThat(direct() - before).isLessThan(MEMORY_BOUND);
            client.deadline(java.time.Duration.ofSeconds(30));
            if (target.equals("/denied")) {
                assertThat(client.sentBytes()).isLessThan(many.length);
                // It is only held up: whoever reads again goes on.
                for (int i = 0; i < 1000; i++) {
                    assertThat(client.readResponse().status()).isEqualTo(403);
                }
            } else {
                for (int i = 0; i < 1000; i++) {
                    assertThat(client.readResponse().bodyText()).isEqualTo("/x");
                }
            }
            client.reset();
            sender.join();
            proxy.awaitIdle();
        } catch (AssertionError e) {
            // The sender and the kit's origin are cut off in the middle, which is how this test ends.
            if (!String.valueOf(e.getMessage()).contains("script of the origin failed")) {
                throw e;
            }
        }
    }

    /** Direct memory of this process: the engine's, but for little. */
    private static long direct() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    }
}
