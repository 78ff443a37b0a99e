package net.lbd.core.engine;

import static net.lbd.core.engine.Http2ExchangeTest.client;
import static net.lbd.core.engine.Http2ExchangeTest.proxy;
import static net.lbd.core.engine.Messages.ok;
import static net.lbd.testkit.Http2Wire.frame;
import static net.lbd.testkit.Http2Wire.get;
import static net.lbd.testkit.Http2Wire.headersFrame;
import static net.lbd.testkit.Http2Wire.number;
import static net.lbd.testkit.Http2Wire.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** What a client can make us do is bounded, and only the client that does it suffers. RFC 9113 §10.5. */
class Http2ConductTest {

    private static final int REFUSED_STREAM = 7;
    private static final int CANCEL = 8;
    private static final int ENHANCE_YOUR_CALM = 11;

    private static byte[] times(int count, IntFunction<byte[]> frame) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            all.writeBytes(frame.apply(i));
        }
        return all.toByteArray();
    }

    private record Flood(String name, byte[] opening, IntFunction<byte[]> frame) { }

    private static final byte[] NOTHING = {};

    private static final List<Flood> FLOODS = List.of(
            new Flood("rapid reset (CVE-2023-44487)", NOTHING, i -> concat(headersFrame(2 * i + 1, true, get("/")), Http2Wire.resetFrame(2 * i + 1, CANCEL))),
            new Flood("SETTINGS (CVE-2019-9515)", NOTHING, i -> Http2Wire.settingsFrame(4, 65_535)),
            new Flood("PING (CVE-2019-9512)", NOTHING, i -> frame(Http2Wire.PING, 0, 0, new byte[8])),
            new Flood("PING acknowledged", NOTHING, i -> frame(Http2Wire.PING, 1, 0, new byte[8])),
            new Flood("SETTINGS acknowledged", NOTHING, i -> frame(Http2Wire.SETTINGS, 1, 0)),
            new Flood("empty CONTINUATION (CVE-2019-9518)", frame(Http2Wire.HEADERS, 1, 1, Http2Wire.block(get("/"))), i -> frame(Http2Wire.CONTINUATION, 0, 1)),
            new Flood("CONTINUATION (CVE-2024-27316)", frame(Http2Wire.HEADERS, 1, 1, Http2Wire.block(get("/"))),
                    i -> frame(Http2Wire.CONTINUATION, 0, 1, Http2Wire.block("x", "y"))),
            new Flood("PRIORITY (CVE-2019-9513)", NOTHING, i -> frame(Http2Wire.PRIORITY, 0, 2 * i + 1, new byte[5])),
            new Flood("WINDOW_UPDATE", NOTHING, i -> Http2Wire.windowUpdateFrame(0, 1)),
            new Flood("empty DATA (CVE-2019-9518)", headersFrame(1, false, request("POST", "/")), i -> frame(Http2Wire.DATA, 0, 1)),
            new Flood("made you reset (CVE-2025-8671)", NOTHING,
                    i -> concat(headersFrame(2 * i + 1, true, get("/")), frame(Http2Wire.WINDOW_UPDATE, 0, 2 * i + 1, number(0)))),
            new Flood("unknown frames", NOTHING, i -> frame(0x77, 0, 0)),
            new Flood("requests that are none", NOTHING, i -> headersFrame(2 * i + 1, true, get("/", "X", "y"))));

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = java.util.Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    @Test
    void aFloodEndsItsConnectionAndNoOther() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin);
                Http2Wire other = client(proxy)) {
            int stream = 1;
            for (Flood flood : FLOODS) {
                try (Http2Wire client = client(proxy)) {
                    try {
                        client.send(flood.opening(), times(30_000, flood.frame()));
                    } catch (java.io.UncheckedIOException e) {
                        // The proxy had enough before all of it was sent.
                    }
                    assertThat(client.expectGoAway().code()).as(flood.name()).isEqualTo(ENHANCE_YOUR_CALM);
                }
                other.headers(stream, true, get("/"));
                assertThat(other.message(stream).bodyText()).as("beside " + flood.name()).isEqualTo("fine");
                stream += 2;
            }
            proxy.awaitNoStreams();
        }
    }

    @Test
    void streamsAboveTheLimitAreRefusedAndTheOthersServed() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("", EngineHarness.server("s1", origin.port()))
                        .replace("nbthread 1", "nbthread 1\n  tune.h2.max-concurrent-streams 3"));
                Http2Wire client = client(proxy)) {
            for (int stream = 1; stream <= 9; stream += 2) {
                client.headers(stream, true, get("/"));
            }
            assertThat(client.message(7).resetCode()).isEqualTo(REFUSED_STREAM);
            assertThat(client.message(9).resetCode()).isEqualTo(REFUSED_STREAM);
            origin.awaitConnection(3);
            // A place that comes free can be used, and streams that were refused may not.
            client.send(Http2Wire.resetFrame(1, CANCEL));
            client.headers(11, true, get("/"));
            origin.awaitConnection(4);
        }
    }

    @Test
    void aConnectionCarriesNoMoreThanItsTotalOfStreams() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")));
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("", EngineHarness.server("s1", origin.port()))
                        .replace("nbthread 1", "nbthread 1\n  tune.h2.fe.max-total-streams 2"));
                Http2Wire client = client(proxy)) {
            client.headers(1, true, get("/"));
            assertThat(client.message(1).bodyText()).isEqualTo("fine");
            client.headers(3, true, get("/"));
            assertThat(client.message(3).bodyText()).isEqualTo("fine");
            Http2Wire.Frame last = client.expectGoAway();
            assertThat(last.code()).isZero();
        }
    }

    @Test
    void breachesAreCountedAndMayEndTheConnection() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(r -> ok(r.header("x-g").orElseThrow())));
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText(
                        "http-request set-header x-g \"%[fc_glitches] %[fc_http_major] %[fc_nb_streams] %[fc_settings_streams_limit]\"",
                        EngineHarness.server("s1", origin.port())).replace("nbthread 1", "nbthread 1\n  tune.h2.fe.glitches-threshold 3"));
                Http2Wire client = client(proxy)) {
            for (int stream = 1; stream <= 3; stream += 2) {
                client.headers(stream, true, get("/", "X", "y"));
                client.message(stream);
            }
            client.headers(5, true, get("/"));
            assertThat(client.message(5).bodyText()).isEqualTo("2 2 1 100");
            client.headers(7, true, get("/", "X", "y"));
            assertThat(client.expectGoAway().code()).isEqualTo(ENHANCE_YOUR_CALM);
        }
    }

    @Test
    void glitchesAreCountedForWhoIsTracked() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(r -> ok(r.header("x-g").orElse("none"))));
                EngineHarness proxy = proxy(origin, "stick-table type ip size 1k expire 1m store glitch_cnt,glitch_rate(10m)",
                        "tcp-request connection track-sc0 src",
                        "http-request set-header x-g \"%[sc_glitch_cnt(0)] %[sc_glitch_rate(0)] %[fc_glitches]\"")) {
            try (Http2Wire client = client(proxy)) {
                client.headers(1, true, get("/"));
                assertThat(client.message(1).bodyText()).isEqualTo("0 0 0");
                // A name in upper case; a window that gets smaller while streams are about.
                client.headers(3, true, get("/", "X", "y")).settings(4, 1000);
                client.message(3);
                client.headers(5, true, get("/"));
                assertThat(client.message(5).bodyText()).isEqualTo("2 2 2");
                client.data(0, false, "no stream");
                assertThat(client.expectGoAway().code()).isEqualTo(1);
            }
            try (Http2Wire client = client(proxy)) {
                client.headers(1, true, get("/"));
                assertThat(client.message(1).bodyText()).isEqualTo("3 3 0");
            }
        }
    }

    @Test
    void whoWasSentAwayIsNotReadForLong() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin, "timeout client 10m");
                Http2Wire client = client(proxy)) {
            client.data(0, false, "no stream");
            client.next(Http2Wire.GOAWAY);
            long begun = System.nanoTime();
            assertThatThrownBy(() -> {
                while (true) {
                    client.send(frame(Http2Wire.PING, 0, 0, new byte[8]));
                }
            }).isInstanceOf(java.io.UncheckedIOException.class);
            // Half a minute if it had only left.
            assertThat(System.nanoTime() - begun).isLessThan(20_000_000_000L);
            proxy.awaitIdle();
        }
    }

    @Test
    void aClientThatNeverOpensItsWindowHoldsNothingForLong() {
        String big = "x".repeat(3_000_000);
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    try {
                        connection.send(ok(big));
                    } catch (java.io.UncheckedIOException e) {
                        // The proxy gives the exchange up.
                    }
                });
                EngineHarness proxy = proxy(origin, "timeout client 300ms");
                Http2Wire client = client(proxy, 4, 0)) {
            client.headers(1, true, get("/"));
            assertThat(client.message(1, false).resetCode()).isEqualTo(CANCEL);
            proxy.awaitNoStreams();
        }
    }

    /** Thirty answers of three megabytes that nobody takes: what has been read of each waits, and no more is read. */
    @Test
    void whatStalledStreamsHoldIsLittleAndTheirConnectionsOthersGoOn() {
        String big = "x".repeat(3_000_000);
        int stalled = 30;
        Script script = connection -> {
            try {
                while (connection.hasMore()) {
                    connection.send(ok(connection.readRequest().target().equals("/big") ? big : "fine"));
                }
            } catch (java.io.UncheckedIOException e) {
                // The proxy gives the exchange up.
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.start(script, java.util.Collections.nCopies(stalled + 10, script).toArray(new Script[0]));
                EngineHarness proxy = proxy(origin);
                Http2Wire other = client(proxy);
                Http2Wire client = client(proxy, 4, 0)) {
            long before = proxy.engine().bufferBytes();
            for (int i = 0; i < stalled; i++) {
                client.headers(2 * i + 1, true, get("/big"));
            }
            for (int i = 0; i < stalled; i++) {
                int stream = 2 * i + 1;
                client.messageOnce(stream, m -> !m.fields().isEmpty());
                other.headers(stream, true, get("/"));
                assertThat(other.message(stream).bodyText()).isEqualTo("fine");
            }
            // The pool grows by chunks of four megabytes; everything would be ninety.
            assertThat(proxy.engine().bufferBytes() - before).isLessThan(20_000_000);
            client.close();
            other.close();
            proxy.awaitIdle();
        }
    }

    @Test
    void aResponseThatItsClientDoesNotTakeToItsEndIsGivenUp() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("some bytes")));
                EngineHarness proxy = proxy(origin, "timeout client 300ms");
                Http2Wire client = client(proxy, 4, 3)) {
            client.headers(1, true, get("/"));
            Http2Wire.Message cut = client.message(1, false);
            assertThat(cut.bodyText()).isEqualTo("som");
            assertThat(cut.resetCode()).isEqualTo(CANCEL);
        }
    }

    @Test
    void aClientThatDoesNotSendItsBodyIsToldSo() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = proxy(origin, "timeout client 300ms");
                Http2Wire client = client(proxy)) {
            client.headers(1, false, request("POST", "/", "content-length", "10")).data(1, false, "abc");
            assertThat(client.message(1).status()).isEqualTo(408);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void anIdleConnectionAndOneThatDoesNotFinishItsHeadEnd() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok("fine")));
                EngineHarness proxy = proxy(origin, "timeout http-keep-alive 200ms\ntimeout http-request 300ms")) {
            List<Http2Wire> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(client(proxy));
            }
            // An acknowledgement of settings in the middle of a head would be an error of its own.
            clients.get(1).answeringNothing().send(frame(Http2Wire.HEADERS, 1, 1, Http2Wire.block(get("/"))));
            clients.get(2).headers(1, true, get("/"));
            assertThat(clients.get(2).message(1).bodyText()).isEqualTo("fine");
            for (Http2Wire client : clients) {
                assertThat(client.expectGoAway().code()).isZero();
                client.close();
            }
            proxy.awaitIdle();
        }
    }
}
