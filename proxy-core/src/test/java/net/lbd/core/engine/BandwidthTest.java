package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.chunked;
import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static net.lbd.core.engine.Messages.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits of bandwidth: nothing passes faster, nothing is lost, and no timeout runs for what we hold back. */
class BandwidthTest {

    private static final String BODY = "0123456789".repeat(300);
    /** 3000 bytes at 1000 in 200 ms take two periods at least. */
    private static final String OUT = "filter bwlim-out down default-limit 1000 default-period 200ms\n";
    private static final String IN = "filter bwlim-in up default-limit 1000 default-period 200ms\n";
    private static final long LEAST_MILLIS = 390;

    private static EngineHarness proxy(String front, String back, int port) {
        return EngineHarness.http(front, back + "\n" + EngineHarness.server("s1", port));
    }

    private static Script length() {
        return Script.answering(request -> ok(Integer.toString(request.bodyText().length())));
    }

    private static long since(long begin) {
        return (System.nanoTime() - begin) / 1_000_000;
    }

    @ParameterizedTest
    @ValueSource(strings = {"length", "chunks", "close"})
    void aResponsePassesNoFaster(String framing) {
        String answer = switch (framing) {
            case "length" -> ok(BODY);
            case "chunks" -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(BODY, 700);
            default -> "HTTP/1.1 200 OK\r\n\r\n" + BODY;
        };
        Script script = framing.equals("close") ? connection -> {
            connection.readRequest();
            connection.send(answer);
        } : Script.answering(answer);
        try (ScriptedOrigin origin = ScriptedOrigin.start(script);
                EngineHarness proxy = proxy(OUT + "http-request set-bandwidth-limit down", "", origin.port());
                RawClient client = proxy.client()) {
            for (int i = 0; i < (framing.equals("close") ? 1 : 2); i++) {
                long begin = System.nanoTime();
                client.send(get("/"));
                assertThat(client.readResponse().bodyText()).isEqualTo(BODY);
                assertThat(since(begin)).isGreaterThan(LEAST_MILLIS);
            }
        }
    }

    @Test
    void aRuleAboutTheResponseMayLimitItToo() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok(BODY)));
                EngineHarness proxy = proxy("", OUT + "http-response set-bandwidth-limit down limit 500 period 100ms if { status 200 }", origin.port());
                RawClient client = proxy.client()) {
            long begin = System.nanoTime();
            client.send(get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo(BODY);
            assertThat(since(begin)).isGreaterThan(LEAST_MILLIS);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRequestPassesNoFaster(boolean declared) {
        String request = declared ? post("/", BODY)
                : "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(BODY, 700);
        try (ScriptedOrigin origin = ScriptedOrigin.start(length());
                EngineHarness proxy = proxy(IN + "http-request set-bandwidth-limit up", "", origin.port());
                RawClient client = proxy.client()) {
            for (int i = 0; i < 2; i++) {
                long begin = System.nanoTime();
                client.send(request);
                assertThat(client.readResponse().bodyText()).isEqualTo("3000");
                assertThat(since(begin)).isGreaterThan(LEAST_MILLIS);
            }
        }
    }

    /** 3000 bytes take four seconds at least, which is more than either side would be waited for. */
    @Test
    void noTimeoutRunsForWhatIsHeldBack() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(request -> ok(request.bodyText())));
                EngineHarness proxy = proxy("filter bwlim-in up default-limit 1000 default-period 2s\nfilter bwlim-out down default-limit 1000 default-period 2s\n"
                        + "timeout client 3s\nhttp-request set-bandwidth-limit up if { method POST }\n"
                        + "http-request set-bandwidth-limit down if { method PUT }", "timeout server 3s", origin.port());
                RawClient client = proxy.client()) {
            client.send(post("/", BODY));
            assertThat(client.readResponse().bodyText()).isEqualTo(BODY);
            client.send(post("/", BODY).replace("POST", "PUT"));
            assertThat(client.readResponse().bodyText()).isEqualTo(BODY);
        }
    }

    @Test
    void http2IsLimitedBothWays() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(request -> ok(request.bodyText() + "!")));
                EngineHarness proxy = proxy(IN + OUT + "http-request set-bandwidth-limit up if { method POST }\nhttp-request set-bandwidth-limit down", "",
                        origin.port());
                Http2Wire client = Http2Wire.client(proxy.client())) {
            long begin = System.nanoTime();
            client.headers(1, false, Http2Wire.request("POST", "/")).data(1, true, BODY);
            assertThat(client.message(1).bodyText()).isEqualTo(BODY + "!");
            assertThat(since(begin)).isGreaterThan(2 * LEAST_MILLIS);
        }
    }

    @Test
    void aConnectionInModeTcpIsLimitedBothWays() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.echo());
                EngineHarness proxy = EngineHarness.tcp(IN + "tcp-request content set-bandwidth-limit up", OUT + "tcp-response content set-bandwidth-limit down\n" + EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            long begin = System.nanoTime();
            client.send(BODY);
            client.shutdownOutput();
            assertThat(new String(client.readToEnd(), StandardCharsets.US_ASCII)).isEqualTo(BODY);
            assertThat(since(begin)).isGreaterThan(LEAST_MILLIS);
        }
    }

    @Test
    void streamsWithOneKeyShareALimit() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok(BODY)));
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("filter bwlim-out all limit 1000 key src table t\n"
                        + "http-request set-bandwidth-limit all", EngineHarness.server("s1", origin.port()))
                        + "backend t\n  stick-table type ip size 1k expire 1m store bytes_out_rate(200ms)\n");
                RawClient one = proxy.client();
                RawClient two = proxy.client()) {
            long begin = System.nanoTime();
            one.send(get("/"));
            two.send(get("/"));
            assertThat(one.readResponse().bodyText()).isEqualTo(BODY);
            assertThat(two.readResponse().bodyText()).isEqualTo(BODY);
            assertThat(since(begin)).isGreaterThan(900);
        }
    }

    @Test
    void aClientThatLeavesMeanwhileLeavesNothingBehind() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok(BODY)));
                EngineHarness proxy = proxy(OUT + "http-request set-bandwidth-limit down", "", origin.port())) {
            RawClient client = proxy.client();
            client.send(get("/"));
            client.readHead();
            client.reset();
            proxy.awaitIdle();
        }
    }
}
