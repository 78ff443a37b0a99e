package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code wait-for-body} and {@code option http-buffer-request}: rules see the body, bounded by time and by the buffer, and nothing is lost. */
class BufferedBodyTest {

    private static final String SEEN = "http-request set-header X-Seen \"%[req.body_len] %[req.body_size] %[req.body_param(b)] %[req.body]\"";
    private static final String ONCE = "http-request add-header X-Once 1\n";

    private static Script echo() {
        return Script.answering(request -> ok(request.header("X-Seen").orElse("") + "|" + request.bodyText() + "|" + request.headers("X-Once")));
    }

    private static EngineHarness proxy(String front, String back, int port) {
        return EngineHarness.http(front, back + "\n" + EngineHarness.server("s1", port));
    }

    private static String post(String body, String... headers) {
        return "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n" + String.join("", headers) + "\r\n" + body;
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-request wait-for-body time 5s", "option http-buffer-request"})
    void rulesSeeTheWholeBodyWhereverTheNetworkCutsIt(String line) {
        String length = post("a=1&b=two");
        String chunks = "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na=1&\r\n5\r\nb=two\r\n0\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = proxy(ONCE + line + "\n" + SEEN, "", origin.port())) {
            for (Map.Entry<String, String> each : Map.of(length, "9 9 two a=1&b=two|a=1&b=two|[1]", chunks, "9 9 two a=1&b=two|a=1&b=two|[1]").entrySet()) {
                for (int split = 1; split < each.getKey().length(); split += 3) {
                    try (RawClient client = proxy.client()) {
                        client.sendSplit(each.getKey(), split);
                        assertThat(client.readResponse().bodyText()).as("split at %s of %s", split, each.getKey()).isEqualTo(each.getValue());
                        client.send(get("/next"));
                        assertThat(client.readResponse().bodyText()).isEqualTo("0 0||[1]");
                    }
                }
            }
        }
    }

    @Test
    void asMuchAsIsAskedForIsEnough() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = proxy("http-request wait-for-body time 9s at-least 4\n" + SEEN, "", origin.port());
                RawClient client = proxy.client()) {
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\na=1&");
            origin.awaitConnection(1);
            client.send("rest");
            assertThat(client.readResponse().bodyText()).isEqualTo("4 8  a=1&|a=1&rest|[]");
        }
    }

    @Test
    void aBodyLargerThanTheBufferGoesOnWhenTheBufferIsFull() {
        String body = "x".repeat(300_000);
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(request -> ok(request.header("X-Seen").orElse("") + " " + request.bodyText().length())));
                EngineHarness proxy = proxy("option http-buffer-request\nhttp-request set-header X-Seen %[req.body_size]", "", origin.port());
                RawClient client = proxy.client()) {
            client.send(post(body));
            assertThat(client.readResponse().bodyText()).isEqualTo("300000 300000");
        }
    }

    @Test
    void aClientThatIsTooSlowIsToldSo() {
        try (SyslogSink log = SyslogSink.udp();
                ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = proxy("log 127.0.0.1:" + log.port() + " local0\noption httplog\nhttp-request wait-for-body time 100ms if { path /x }\n"
                        + "timeout http-request 150ms", "option http-buffer-request", origin.port())) {
            for (String target : new String[] {"/x", "/y"}) {
                log.clear();
                try (RawClient client = proxy.client()) {
                    client.send(post("abc").replace("/x", target).replace("abc", "ab"));
                    assertThat(client.readResponse().status()).isEqualTo(408);
                    client.expectEof();
                }
                assertThat(log.awaitContaining("POST " + target)).contains(" 408 ").contains(" cR-- ");
            }
            assertThat(origin.connections()).isEmpty();
        }
    }

    /** Who waits for the body must ask for it; the server does not ask again. */
    @Test
    void aClientThatWaitsForItsHundredGetsOneAndOnlyOne() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = proxy("http-request wait-for-body time 9s if { path /x }\n" + SEEN, "", origin.port());
                RawClient client = proxy.client()) {
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(client.readHead()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
            client.send("abc");
            assertThat(client.readResponse().bodyText()).isEqualTo("3 3  abc|abc|[]");
            assertThat(origin.requests().get(0).header("Expect")).isEmpty();
        }
    }

    @Test
    void whereNobodyWaitsForTheBodyTheServerAnswersTheExpectation() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    assertThat(connection.readHead()).contains("Expect: 100-continue");
                    connection.send("HTTP/1.1 100 Continue\r\nX-By: server\r\n\r\n");
                    connection.expect("abc");
                    connection.send(ok("done"));
                });
                EngineHarness proxy = proxy(SEEN, "", origin.port());
                RawClient client = proxy.client()) {
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
            assertThat(client.readHead()).contains("X-By: server");
            client.send("abc");
            assertThat(client.readResponse().bodyText()).isEqualTo("done");
        }
    }

    @Test
    void aClientThatLeavesWhileItsBodyIsWaitedForLeavesNothingBehind() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echo());
                EngineHarness proxy = proxy("http-request wait-for-body time 9s", "", origin.port())) {
            try (RawClient client = proxy.client()) {
                client.send(post("abcdef").replace("abcdef", "abc")).shutdownOutput();
                client.expectClosed();
            }
            try (RawClient client = proxy.client()) {
                client.send(post("abcdef").replace("abcdef", "abc"));
                client.reset();
            }
            proxy.awaitIdle();
            assertThat(origin.connections()).isEmpty();
        }
    }

    @Test
    void aBadBodyIsRefusedAndNotWaitedFor() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = proxy("http-request wait-for-body time 9s", "", origin.port());
                RawClient client = proxy.client()) {
            client.send("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
            assertThat(client.readResponse().status()).isEqualTo(400);
        }
    }

    /** The routing of a request by its body, as the manual's reason for it has it. */
    @Test
    void aBodyCanChooseTheBackend() {
        try (ScriptedOrigin one = ScriptedOrigin.start(Script.answering(ok("one"))); ScriptedOrigin two = ScriptedOrigin.start(Script.answering(ok("two")));
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText("option http-buffer-request\nuse_backend two if { req.body -m sub mapi }",
                        EngineHarness.server("s1", one.port())) + "backend two\n  " + EngineHarness.server("s1", two.port()) + "\n");
                RawClient client = proxy.client()) {
            client.sendSplit(post("this is mapi"), 50);
            assertThat(client.readResponse().bodyText()).isEqualTo("two");
            client.send(post("this is not"));
            ReceivedMessage second = client.readResponse();
            assertThat(second.bodyText()).isEqualTo("one");
        }
    }
}
