package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections in mode tcp that go over to HTTP: by a rule, or since the backend is in mode http; what was known stays known. */
class ModeSwitchTest {

    private static final String SWITCH = "tcp-request content switch-mode http if HTTP";
    private static final String ACCEPT = "tcp-request content accept if HTTP";

    private static EngineHarness proxy(String rule, String front, String back, int port) {
        return EngineHarness.start(EngineHarness.httpText("mode tcp\ntcp-request inspect-delay 60s\n" + rule + "\n" + front,
                back + "\n" + EngineHarness.server("s1", port)));
    }

    private static Script echo() {
        return Script.answering(request -> ok(request.startLine() + "|" + request.headers("X-Seen") + "|" + request.bodyText()));
    }

    @ParameterizedTest
    @ValueSource(strings = {SWITCH, ACCEPT})
    void aRequestIsReadWhereverTheNetworkCutsIt(String rule) {
        String bytes = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
        try (ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = proxy(rule, "http-request set-header X-Seen %[path]", "", origin.port())) {
            for (int split = 1; split < bytes.length(); split++) {
                try (RawClient client = proxy.client()) {
                    client.sendSplit(bytes, split);
                    assertThat(client.readResponse().bodyText()).as("split at %s", split).isEqualTo("POST /x HTTP/1.1|[/x]|abc");
                    client.send(get("/next"));
                    assertThat(client.readResponse().bodyText()).isEqualTo("GET /next HTTP/1.1|[/next]|");
                }
            }
            try (RawClient client = proxy.client()) {
                client.sendByteByByte(bytes);
                assertThat(client.readResponse().bodyText()).contains("abc");
            }
            proxy.awaitIdle();
        }
    }

    /** What is no HTTP goes its way as before. */
    @Test
    void otherProtocolsPassAsBytes() {
        try (ScriptedOrigin http = ScriptedOrigin.start(echo()); ScriptedOrigin raw = ScriptedOrigin.start(Script.echo());
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("mode tcp\ntcp-request inspect-delay 60s\n" + SWITCH
                        + "\ntcp-request content accept if { req.len gt 3 }\nuse_backend raw if !HTTP", EngineHarness.server("s1", http.port()))
                        + "backend raw\n  mode tcp\n  " + EngineHarness.server("s1", raw.port()) + "\n")) {
            try (RawClient client = proxy.client()) {
                client.send("SSH-2.0-x\r\n");
                client.expect("SSH-2.0-x\r\n");
            }
            try (RawClient client = proxy.client()) {
                client.send(get("/x"));
                assertThat(client.readResponse().bodyText()).startsWith("GET /x");
            }
        }
    }

    /** A request that would go to a backend in mode tcp behind one that went over cannot: HAProxy says 500 as well. */
    @Test
    void thereIsNoWayBack() {
        try (SyslogSink log = SyslogSink.udp(); ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("mode tcp\nlog 127.0.0.1:" + log.port()
                        + " local0\nlog-format \"%ST %ts %b\"\ntcp-request inspect-delay 60s\n"
                        + "tcp-request content switch-mode http if { path /one }\nuse_backend raw if { path /raw }",
                        EngineHarness.server("s1", origin.port())) + "backend raw\n  mode tcp\n  " + EngineHarness.server("s1", origin.port()) + "\n");
                RawClient client = proxy.client()) {
            client.send(get("/one"));
            assertThat(client.readResponse().status()).isEqualTo(200);
            client.send(get("/raw"));
            assertThat(client.readResponse().status()).isEqualTo(500);
            assertThat(log.awaitContaining("500")).contains("500 IR raw");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SWITCH, ACCEPT, "tcp-request content switch-mode http proto h2 if HTTP"})
    void http2IsReadBehindItsPreface(String rule) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = proxy(rule, "http-request set-header X-Seen %[path]", "", origin.port());
                Http2Wire client = Http2Wire.client(proxy.client())) {
            for (int stream = 1; stream < 9; stream += 2) {
                client.headers(stream, true, Http2Wire.get("/a"));
                assertThat(client.message(stream).bodyText()).isEqualTo("GET /a HTTP/1.1|[/a]|");
            }
        }
    }

    @Test
    void aProtocolThatIsAskedForCounts() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = proxy("tcp-request content switch-mode http proto h1 if HTTP", "", "", origin.port());
                RawClient client = proxy.client()) {
            client.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(400);
        }
    }

    /** What is tracked for the connection's first stream is counted for its first request, and given back once. */
    @Test
    void whatIsTrackedGoesAlong() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("mode tcp\ntcp-request inspect-delay 60s\n"
                        + "tcp-request content track-sc0 src table t\n" + SWITCH
                        + "\nhttp-request set-header X-Seen \"%[sc0_http_req_cnt(t)] %[sc0_trackers(t)]\"",
                        EngineHarness.server("s1", origin.port())) + "backend t\n  stick-table type ip size 1k expire 1m store http_req_cnt\n");
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            assertThat(client.readResponse().bodyText()).contains("[1 1]");
            client.send(get("/2"));
            assertThat(client.readResponse().bodyText()).contains("[2 1]");
        }
    }

    @Test
    void aClientThatSaysNothingLeavesNothingBehind() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("mode tcp", EngineHarness.server("s1", origin.port())))) {
            proxy.client().close();
            try (RawClient client = proxy.client()) {
                client.send("GET /").shutdownOutput();
                client.expectClosed();
            }
            proxy.awaitIdle();
            assertThat(origin.connections()).isEmpty();
        }
    }
}
