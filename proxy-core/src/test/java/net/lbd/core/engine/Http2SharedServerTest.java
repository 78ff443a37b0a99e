package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Several streams on one connection to a server: who may share it, and that none disturbs another. */
class Http2SharedServerTest {

    private static final int INTERNAL_ERROR = 2;
    private static final int CANCEL = 8;
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int WINDOW = 4;

    private static EngineHarness proxy(String backendLines, ScriptedOrigin origin) {
        return EngineHarness.start(EngineHarness.httpText("http-response set-header x-bc %[bc_http_major]",
                backendLines + "\n" + EngineHarness.server("s1", origin.port(), "proto h2")));
    }

    private static Http2Wire client(EngineHarness proxy, int... settings) {
        return Http2Wire.client(proxy.client(), settings);
    }

    private static void ask(Http2Wire client, int... streams) {
        for (int stream : streams) {
            client.headers(stream, true, Http2Wire.get("/" + stream));
        }
    }

    private static void ok(Http2Wire server, int stream, String body) {
        server.headers(stream, false, ":status", "200").data(stream, true, body);
    }

    /** A connection of a server, on which it does as told and which it then reads to the end. */
    private static Script server(Consumer<Http2Wire> play, int... settings) {
        return connection -> {
            Http2Wire wire = Http2Wire.server(connection, settings);
            play.accept(wire);
            wire.wire().readToEnd();
        };
    }

    private static void awaitGate(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theStreamsOfAClientGoOverOneConnection() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(server(wire -> {
                    wire.message(1);
                    ok(wire, 1, "first");
                    for (int stream = 3; stream <= 7; stream += 2) {
                        wire.message(stream);
                    }
                    for (int stream = 7; stream >= 3; stream -= 2) {
                        ok(wire, stream, "answer " + stream);
                    }
                }));
                EngineHarness proxy = proxy("", origin);
                Http2Wire client = client(proxy)) {
            ask(client, 1);
            assertThat(client.message(1).bodyText()).isEqualTo("first");
            ask(client, 3, 5, 7);
            for (int stream = 3; stream <= 7; stream += 2) {
                assertThat(client.message(stream).bodyText()).isEqualTo("answer " + stream);
            }
            assertThat(origin.connections()).hasSize(1);
            proxy.awaitNoStreams();
        }
    }

    /** Two clients, of which the second asks while the first waits. */
    private static int connectionsOfTwoClients(String reuse) {
        Script script = server(wire -> {
            for (int stream = 1;; stream += 2) {
                Http2Wire.Message request;
                try {
                    request = wire.message(stream);
                } catch (AssertionError end) {
                    return;
                }
                if (request.field(":path").equals("/wait")) {
                    wire.headers(stream, false, ":status", "200");
                } else {
                    ok(wire, stream, "fine");
                }
            }
        });
        try (ScriptedOrigin origin = ScriptedOrigin.start(script, script, script);
                EngineHarness proxy = proxy("http-reuse " + reuse, origin);
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            first.send(get("/"));
            assertThat(first.readResponse().bodyText()).isEqualTo("fine");
            first.send(get("/"));
            assertThat(first.readResponse().bodyText()).isEqualTo("fine");
            first.send(get("/wait"));
            first.readHead();
            for (int i = 0; i < 3; i++) {
                second.send(get("/"));
                assertThat(second.readResponse().bodyText()).isEqualTo("fine");
            }
            return origin.connections().size();
        }
    }

    @Test
    void clientsShareAConnectionOnlyWhereTheyMay() {
        assertThat(connectionsOfTwoClients("never")).isEqualTo(2);
        assertThat(connectionsOfTwoClients("safe")).isEqualTo(2);
        assertThat(connectionsOfTwoClients("aggressive")).isEqualTo(1);
        assertThat(connectionsOfTwoClients("always")).isEqualTo(1);
    }

    @Test
    void aClientOfItsOwnNeverGetsWhatAnotherHasLeft() {
        Script script = server(wire -> {
            wire.message(1);
            ok(wire, 1, "fine");
        });
        try (ScriptedOrigin origin = ScriptedOrigin.start(script, script);
                EngineHarness proxy = proxy("http-reuse never", origin);
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            first.send(get("/"));
            assertThat(first.readResponse().bodyText()).isEqualTo("fine");
            second.send(get("/"));
            assertThat(second.readResponse().bodyText()).isEqualTo("fine");
            assertThat(origin.connections()).hasSize(2);
        }
    }

    private static void withOneStreamAtATime(String global, int... settings) {
        CountDownLatch both = new CountDownLatch(2);
        Script script = server(wire -> {
            wire.message(1);
            both.countDown();
            awaitGate(both);
            ok(wire, 1, "fine");
        }, settings);
        Script first = server(wire -> {
            wire.message(1);
            ok(wire, 1, "first");
            wire.message(3);
            both.countDown();
            awaitGate(both);
            ok(wire, 3, "fine");
        }, settings);
        try (ScriptedOrigin origin = ScriptedOrigin.start(first, script);
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("", EngineHarness.server("s1", origin.port(), "proto h2"))
                        .replace("nbthread 1", "nbthread 1\n" + global));
                Http2Wire client = client(proxy)) {
            ask(client, 1);
            client.message(1);
            ask(client, 3, 5);
            assertThat(client.message(3).bodyText()).isEqualTo("fine");
            assertThat(client.message(5).bodyText()).isEqualTo("fine");
            assertThat(origin.connections()).hasSize(2);
        }
    }

    @Test
    void noMoreStreamsThanServerAndConfigurationAllow() {
        withOneStreamAtATime("", MAX_CONCURRENT_STREAMS, 1);
        withOneStreamAtATime("  tune.h2.be.max-concurrent-streams 1");
    }

    @Test
    void whatEndsAStreamLeavesTheOthersAlone() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(server(wire -> {
                    wire.message(1);
                    ok(wire, 1, "first");
                    for (int stream = 3; stream <= 9; stream += 2) {
                        wire.message(stream);
                    }
                    wire.headers(3, false, ":status", "200").data(3, false, "half");
                    wire.send(Http2Wire.resetFrame(3, 2));
                    wire.headers(5, true, ":status", "200", "X-Upper", "1");
                    // The client takes this one back.
                    wire.headers(7, false, ":status", "200").data(7, false, "more");
                    wire.next(Http2Wire.RST_STREAM, 7);
                    ok(wire, 9, "whole");
                    wire.message(11);
                    ok(wire, 11, "next");
                }));
                EngineHarness proxy = proxy("http-response set-header x-g %[bc_glitches]", origin);
                Http2Wire client = client(proxy)) {
            ask(client, 1);
            client.message(1);
            ask(client, 3);
            client.headers(5, true, Http2Wire.request("POST", "/5"));
            ask(client, 7, 9);
            Http2Wire.Message half = client.message(3);
            assertThat(half.bodyText()).isEqualTo("half");
            assertThat(half.ended()).isFalse();
            assertThat(client.message(5).resetCode()).isEqualTo(INTERNAL_ERROR);
            client.messageOnce(7, m -> m.bodyText().equals("more"));
            client.send(Http2Wire.resetFrame(7, CANCEL));
            assertThat(client.message(9).bodyText()).isEqualTo("whole");
            ask(client, 11);
            Http2Wire.Message next = client.message(11);
            assertThat(next.bodyText()).isEqualTo("next");
            assertThat(next.field("x-g")).isEqualTo("1");
            assertThat(origin.connections()).hasSize(1);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void aServerWithTooManyGlitchesIsLeft() {
        CountDownLatch held = new CountDownLatch(1);
        try (ScriptedOrigin origin = ScriptedOrigin.start(server(wire -> {
                    wire.message(1);
                    held.countDown();
                    for (int stream = 3; stream <= 5; stream += 2) {
                        wire.message(stream);
                        wire.headers(stream, true, ":status", "200", "X-Upper", "1");
                    }
                }), server(wire -> {
                    wire.message(1);
                    ok(wire, 1, "better");
                }));
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("",
                        "http-reuse always\n" + EngineHarness.server("s1", origin.port(), "proto h2"))
                        .replace("nbthread 1", "nbthread 1\n  tune.h2.be.glitches-threshold 2"));
                Http2Wire holder = client(proxy);
                RawClient client = proxy.client()) {
            ask(holder, 1);
            awaitGate(held);
            for (int i = 0; i < 2; i++) {
                try (RawClient each = proxy.client()) {
                    each.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
                    assertThat(each.readResponse().status()).isEqualTo(502);
                }
            }
            assertThat(holder.message(1).status()).isEqualTo(502);
            client.send(get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("better");
        }
    }

    @Test
    void aSlowClientHoldsUpNoOther() {
        String big = "x".repeat(60_000);
        try (ScriptedOrigin origin = ScriptedOrigin.start(server(wire -> {
                    wire.message(1);
                    ok(wire, 1, "first");
                    wire.message(3);
                    wire.headers(3, false, ":status", "200").data(3, false, big.substring(0, 16_000)).data(3, false, big.substring(0, 16_000));
                    wire.message(5);
                    ok(wire, 5, "quick");
                    wire.data(3, true, "end");
                }));
                EngineHarness proxy = proxy("", origin);
                Http2Wire client = client(proxy, WINDOW, 100)) {
            ask(client, 1);
            client.message(1);
            ask(client, 3);
            client.messageOnce(3, m -> m.body().length == 100);
            ask(client, 5);
            assertThat(client.message(5).bodyText()).isEqualTo("quick");
            client.windowUpdate(3, 100_000);
            assertThat(client.message(3).body()).hasSize(32_003);
        }
    }

    /** A server that takes no byte of an upload: the client's window stays closed, the others go on, and it ends by {@code timeout server}. */
    @Test
    void aServerThatTakesNoUploadHoldsUpNoOther() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(server(wire -> {
                    wire.messageOnce(1, m -> !m.fields().isEmpty());
                    wire.message(3);
                    ok(wire, 3, "quick");
                    assertThat(wire.message(1).resetCode()).isEqualTo(CANCEL);
                    wire.message(5);
                    ok(wire, 5, "next");
                }, WINDOW, 0));
                EngineHarness proxy = proxy("timeout server 3s", origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, false, Http2Wire.request("POST", "/upload", "content-length", "3000000"));
            ask(client, 3);
            String piece = "x".repeat(13_107);
            int sent = 0;
            // Sends whatever it may: the proxy keeps a window and a buffer of it, and then grants nothing more.
            for (int window = 65_535; window >= piece.length(); window -= piece.length()) {
                client.data(1, false, piece);
                sent += piece.length();
                while (window < 2 * piece.length()) {
                    Http2Wire.Frame more = client.nextOf(Http2Wire.WINDOW_UPDATE, Http2Wire.HEADERS);
                    if (more.stream() == 1 && more.type() == Http2Wire.HEADERS) {
                        client.passOn(more);
                        break;
                    }
                    if (more.stream() == 3) {
                        client.passOn(more);
                        assertThat(client.message(3).bodyText()).isEqualTo("quick");
                    } else if (more.stream() == 1) {
                        window += more.number();
                    }
                }
            }
            assertThat(sent).isLessThan(400_000);
            assertThat(client.message(1).status()).isEqualTo(504);
            ask(client, 5);
            assertThat(client.message(5).bodyText()).isEqualTo("next");
            assertThat(origin.connections()).hasSize(1);
            proxy.awaitNoStreams();
        }
    }

    @Test
    void streamsBelowAGoodbyeAreFinishedAndThoseAboveGoElsewhere() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(server(wire -> {
                    wire.message(1);
                    ok(wire, 1, "first");
                    wire.message(3);
                    wire.message(5);
                    wire.send(Http2Wire.frame(Http2Wire.GOAWAY, 0, 0, (byte) 0, (byte) 0, (byte) 0, (byte) 3, (byte) 0, (byte) 0, (byte) 0, (byte) 0));
                    ok(wire, 3, "served");
                }), server(wire -> {
                    wire.message(1);
                    ok(wire, 1, "elsewhere");
                }));
                EngineHarness proxy = proxy("", origin);
                Http2Wire client = client(proxy)) {
            ask(client, 1);
            client.message(1);
            ask(client, 3, 5);
            assertThat(client.message(3).bodyText()).isEqualTo("served");
            assertThat(client.message(5).bodyText()).isEqualTo("elsewhere");
            proxy.awaitNoStreams();
        }
    }

    @Test
    void aConnectionWithALoginServesItsClientAlone() {
        Script login = server(wire -> {
            wire.message(1);
            ok(wire, 1, "first");
            wire.message(3);
            wire.headers(3, true, ":status", "401", "www-authenticate", "NTLM", "content-length", "0");
            wire.message(5);
            ok(wire, 5, "known");
        });
        Script other = server(wire -> {
            wire.message(1);
            ok(wire, 1, "anybody");
        });
        try (ScriptedOrigin origin = ScriptedOrigin.start(login, other);
                EngineHarness proxy = proxy("http-reuse always", origin);
                RawClient client = proxy.client();
                RawClient stranger = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("first");
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(401);
            stranger.send(get("/"));
            assertThat(stranger.readResponse().bodyText()).isEqualTo("anybody");
            client.send("GET / HTTP/1.1\r\nHost: a\r\nAuthorization: NTLM TlRMTVNTUAAB\r\n\r\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("known");
        }
    }

    @Test
    void aServerThatNeverSpeaksHttp2CannotBeReached() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.send("HTTP/1.1 400 Bad Request\r\n\r\n"));
                EngineHarness proxy = proxy("retries 0", origin);
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(503);
            proxy.awaitNoStreams();
        }
    }
}
