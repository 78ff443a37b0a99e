package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.ok;
import static net.lbd.testkit.Http2Wire.frame;
import static net.lbd.testkit.Http2Wire.get;
import static net.lbd.testkit.Http2Wire.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** What each {@code tune.h2.*} word grants is told to the peer, and held. */
class Http2LimitsTest {

    private static final int HEADER_TABLE_SIZE = 1;
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int MAX_FRAME_SIZE = 5;
    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final int PROTOCOL_ERROR = 1;
    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int FRAME_SIZE_ERROR = 6;
    private static final int REFUSED_STREAM = 7;
    private static final int COMPRESSION_ERROR = 9;

    private static final Script ANSWERING = connection -> {
        try {
            while (connection.hasMore()) {
                connection.readRequest();
                connection.send(ok("fine"));
            }
        } catch (AssertionError | UncheckedIOException cut) {
            // A request that its client does not finish as it may is cut.
        }
    };

    private static EngineHarness proxy(ScriptedOrigin origin, String global) {
        return EngineHarness.start(EngineHarness.httpText("", EngineHarness.server("s1", origin.port()))
                .replace("nbthread 1", "nbthread 1\n  " + global));
    }

    private static Map<Integer, Integer> settingsOf(Http2Wire peer) {
        ByteBuffer payload = ByteBuffer.wrap(peer.next(Http2Wire.SETTINGS).payload());
        Map<Integer, Integer> settings = new HashMap<>();
        while (payload.hasRemaining()) {
            settings.put((int) payload.getShort(), payload.getInt());
        }
        return settings;
    }

    private interface Play {
        void with(Http2Wire client, Map<Integer, Integer> told);
    }

    private static void told(String global, Play play) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ANSWERING);
                EngineHarness proxy = proxy(origin, global);
                Http2Wire client = Http2Wire.client(proxy.client())) {
            play.with(client, settingsOf(client));
        }
    }

    @Test
    void theDefaultsAreThoseOfHaproxy() {
        told("", (client, told) -> assertThat(told).containsEntry(HEADER_TABLE_SIZE, 4096).containsEntry(MAX_CONCURRENT_STREAMS, 100)
                .containsEntry(INITIAL_WINDOW_SIZE, 65_535).containsEntry(MAX_FRAME_SIZE, 16_384).containsEntry(ENABLE_CONNECT_PROTOCOL, 1));
    }

    @Test
    void aStreamSendsNoMoreThanItsWindow() {
        for (String word : new String[] {"tune.h2.initial-window-size 100", "tune.h2.initial-window-size 5\n  tune.h2.fe.initial-window-size 100"}) {
            told(word, (client, told) -> {
                assertThat(told).containsEntry(INITIAL_WINDOW_SIZE, 100);
                client.headers(1, false, request("POST", "/")).data(1, true, "x".repeat(100));
                assertThat(client.message(1).bodyText()).isEqualTo("fine");
                client.headers(3, false, request("POST", "/")).data(3, true, "x".repeat(101));
                assertThat(client.message(3).resetCode()).isEqualTo(FLOW_CONTROL_ERROR);
            });
        }
    }

    @Test
    void aFrameIsNoLongerThanGranted() {
        told("tune.h2.max-frame-size 20000", (client, told) -> {
            assertThat(told).containsEntry(MAX_FRAME_SIZE, 20_000);
            client.headers(1, false, request("POST", "/")).data(1, true, "x".repeat(20_000));
            assertThat(client.message(1).bodyText()).isEqualTo("fine");
            client.send(frame(Http2Wire.PING, 0, 0, new byte[20_001]));
            assertThat(client.expectGoAway().code()).isEqualTo(FRAME_SIZE_ERROR);
        });
    }

    @Test
    void noMoreThanTheFrameSizeThatWeReadAsAWhole() {
        told("tune.h2.max-frame-size 16777215", (client, told) -> assertThat(told).containsEntry(MAX_FRAME_SIZE, 1 << 18));
    }

    @Test
    void noMoreStreamsThanGranted() {
        for (String word : new String[] {"tune.h2.max-concurrent-streams 2", "tune.h2.max-concurrent-streams 9\n  tune.h2.fe.max-concurrent-streams 2"}) {
            told(word, (client, told) -> {
                assertThat(told).containsEntry(MAX_CONCURRENT_STREAMS, 2);
                client.headers(1, false, request("POST", "/")).headers(3, false, request("POST", "/")).headers(5, true, get("/"));
                assertThat(client.message(5).resetCode()).isEqualTo(REFUSED_STREAM);
            });
        }
    }

    /** A request that begins with the size of the table from there on: RFC 7541 §6.3. */
    private static byte[] tableOf(int bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x3f);
        int left = bytes - 31;
        for (; left > 127; left >>>= 7) {
            out.write(left & 127 | 128);
        }
        out.write(left);
        out.writeBytes(Http2Wire.block(get("/")));
        return out.toByteArray();
    }

    @Test
    void aHeaderTableIsNoLargerThanGranted() {
        told("tune.h2.header-table-size 1000", (client, told) -> {
            assertThat(told).containsEntry(HEADER_TABLE_SIZE, 1000);
            // Behind the acknowledgement the smaller table counts, which the block must begin by saying.
            client.send(frame(Http2Wire.HEADERS, 5, 1, tableOf(1000)));
            assertThat(client.message(1).bodyText()).isEqualTo("fine");
            client.send(frame(Http2Wire.HEADERS, 5, 3, tableOf(1001)));
            assertThat(client.expectGoAway().code()).isEqualTo(COMPRESSION_ERROR);
        });
        told("tune.h2.header-table-size 8000", (client, told) -> {
            assertThat(told).containsEntry(HEADER_TABLE_SIZE, 8000);
            client.send(frame(Http2Wire.HEADERS, 5, 1, tableOf(8000)));
            assertThat(client.message(1).bodyText()).isEqualTo("fine");
        });
    }

    @Test
    void webSocketIsNotOfferedWhereItsClientsFail() {
        told("h2-workaround-bogus-websocket-clients", (client, told) -> assertThat(told).containsEntry(ENABLE_CONNECT_PROTOCOL, 0));
    }

    /** A long value goes into the table once and is then named thousands of times, by a byte each. */
    @Test
    void whatGrowsWhenItIsDecodedIsNotKept() {
        told("", (client, told) -> {
            ByteArrayOutputStream bomb = new ByteArrayOutputStream();
            bomb.writeBytes(Http2Wire.block(get("/")));
            byte[] entry = Http2Wire.block("x-bomb", "b".repeat(4000));
            entry[0] = 0x40;
            bomb.writeBytes(entry);
            for (int i = 0; i < 10_000; i++) {
                bomb.write(0x80 | 62);
            }
            for (int stream = 1; stream <= 5; stream += 2) {
                // The first of the table each time: it was put in again.
                client.send(frame(Http2Wire.HEADERS, 5, stream, bomb.toByteArray()));
                assertThat(client.message(stream).status()).isEqualTo(431);
            }
            client.headers(7, true, get("/"));
            assertThat(client.message(7).bodyText()).isEqualTo("fine");
        });
    }

    @Test
    void aServerIsToldWhatItMaySend() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    Http2Wire wire = Http2Wire.server(connection);
                    assertThat(settingsOf(wire)).containsEntry(INITIAL_WINDOW_SIZE, 100).containsEntry(MAX_FRAME_SIZE, 20_000)
                            .containsEntry(2, 0);
                    wire.message(1);
                    wire.headers(1, false, ":status", "200").data(1, false, "x".repeat(100));
                    // As it is read, the window opens again.
                    assertThat(wire.next(Http2Wire.WINDOW_UPDATE, 1).number()).isEqualTo(100);
                    wire.data(1, false, "x".repeat(101));
                    assertThat(wire.next(Http2Wire.RST_STREAM, 1).code()).isEqualTo(PROTOCOL_ERROR);
                    wire.wire().readToEnd();
                });
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("", EngineHarness.server("s1", origin.port(), "proto h2"))
                        .replace("nbthread 1", "nbthread 1\n  tune.h2.be.initial-window-size 100\n  tune.h2.max-frame-size 20000"));
                RawClient client = proxy.client()) {
            client.send(Messages.get("/"));
            client.readHead();
            client.expect("64\r\n" + "x".repeat(100) + "\r\n");
            client.expectClosed();
            proxy.awaitNoStreams();
        }
    }
}
