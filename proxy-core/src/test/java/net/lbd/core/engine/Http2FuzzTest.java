package net.lbd.core.engine;

import static net.lbd.core.engine.Http2ExchangeTest.client;
import static net.lbd.core.engine.Messages.chunked;
import static net.lbd.core.engine.Messages.ok;
import static net.lbd.testkit.Http2Wire.get;
import static net.lbd.testkit.Http2Wire.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.Random;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Frames by chance, most of them right by themselves: whatever they make together, nothing stays behind and others are served. */
class Http2FuzzTest {

    private static final int CONNECTIONS = 150;
    private static final int FRAMES = 60;

    @Test
    void noSequenceOfFramesLeavesAnythingBehind() {
        String big = "z".repeat(100_000);
        Script answers = connection -> {
            try {
                while (connection.hasMore()) {
                    String target = connection.readRequest().target();
                    connection.send(target.endsWith("big") ? ok(big) : target.endsWith("chunks")
                            ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(big, 5000) : ok("fine"));
                }
            } catch (AssertionError | UncheckedIOException e) {
                // A request that was cut, or an answer that nobody wants any more.
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.start(answers);
                EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s1", origin.port()));
                Http2Wire other = client(proxy)) {
            for (int seed = 0; seed < CONNECTIONS; seed++) {
                Random random = new Random(seed);
                try (Http2Wire client = Http2Wire.client(proxy.client(), 4, random.nextInt(200_000))) {
                    for (int i = 0; i < FRAMES; i++) {
                        client.send(frame(random));
                    }
                } catch (UncheckedIOException e) {
                    // The proxy had enough.
                }
                if (seed % 10 == 0) {
                    int stream = seed / 10 * 2 + 1;
                    other.headers(stream, true, get("/"));
                    assertThat(other.message(stream).bodyText()).as("beside seed %d", seed).isEqualTo("fine");
                }
            }
            proxy.awaitNoStreams();
        }
    }

    private static byte[] frame(Random random) {
        int stream = random.nextInt(12) * 2 + (random.nextInt(30) == 0 ? 0 : 1);
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> Http2Wire.headersFrame(stream, true, get(random.nextBoolean() ? "/big" : "/chunks"));
            case 3, 4 -> Http2Wire.headersFrame(stream, random.nextInt(4) == 0, request("POST", "/p"));
            case 5 -> Http2Wire.headersFrame(stream, false, request("POST", "/p", "content-length", "10"));
            case 6 -> Http2Wire.headersFrame(stream, true, "x-trailer", "1");
            case 7, 8, 9 -> Http2Wire.dataFrame(stream, random.nextInt(3) == 0, "0123456789".substring(random.nextInt(10)));
            case 10 -> Http2Wire.resetFrame(stream, random.nextInt(14));
            case 11 -> Http2Wire.windowUpdateFrame(random.nextBoolean() ? 0 : stream, 1 + random.nextInt(100_000));
            case 12 -> Http2Wire.settingsFrame(4, random.nextInt(100_000), 1, random.nextInt(8192));
            case 13 -> Http2Wire.frame(Http2Wire.PING, 0, 0, new byte[8]);
            case 14 -> Http2Wire.frame(random.nextInt(12), random.nextInt(256), stream, bytes(random));
            default -> Http2Wire.headersFrame(stream, true, ":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":authority", "a",
                    ":path", "/ws");
        };
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
        return bytes;
    }
}
