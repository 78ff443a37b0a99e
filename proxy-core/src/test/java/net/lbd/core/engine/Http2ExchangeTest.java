package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.ok;
import static net.lbd.testkit.Http2Wire.get;
import static net.lbd.testkit.Http2Wire.request;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Exchanges of a client that speaks HTTP/2 with a server that speaks HTTP/1. */
class Http2ExchangeTest {

    static EngineHarness proxy(ScriptedOrigin origin, String... frontendLines) {
        return EngineHarness.http(String.join("\n", frontendLines), EngineHarness.server("s1", origin.port()));
    }

    static Http2Wire client(EngineHarness proxy, int... settings) {
        return Http2Wire.client(proxy.client(), settings);
    }

    @Test
    void aRequestIsTranslatedAndItsAnswerComesBack() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(
                        "HTTP/1.1 200 OK\r\nX-Case: Yes\r\nContent-Length: 5\r\nConnection: keep-alive\r\nKeep-Alive: 5\r\n\r\nhello"));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, true, get("/a/b?c=d", "x-one", "1", "cookie", "a=b", "x-two", "", "cookie", "c=d", "te", "trailers"));
            Http2Wire.Message answer = client.message(1);
            assertThat(answer.fields()).containsExactly(":status: 200", "x-case: Yes", "content-length: 5");
            assertThat(answer.bodyText()).isEqualTo("hello");
            assertThat(answer.ended()).isTrue();
            assertThat(answer.resetCode()).isEqualTo(-1);
            ReceivedMessage got = origin.awaitRequest(1);
            assertThat(got.head()).isEqualTo("GET /a/b?c=d HTTP/1.1\r\nhost: a\r\nx-one: 1\r\nx-two: \r\ncookie: a=b; c=d\r\n\r\n");
        }
    }

    @Test
    void manyStreamsOfOneConnectionAreCarriedAtTheSameTime() {
        Script last = connection -> {
            ReceivedMessage request = connection.readRequest();
            connection.send(ok(request.target()));
            while (connection.hasMore()) {
                connection.send(ok(connection.readRequest().target()));
            }
        };
        try (ScriptedOrigin origin = ScriptedOrigin.start(last);
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 50; i++) {
                    int stream = (round * 50 + i) * 2 + 1;
                    client.headers(stream, true, get("/" + stream));
                }
                for (int i = 49; i >= 0; i--) {
                    int stream = (round * 50 + i) * 2 + 1;
                    assertThat(client.message(stream).bodyText()).isEqualTo("/" + stream);
                }
            }
        }
    }

    @Test
    void aBodyOfKnownLengthAndOneOfUnknownLengthReachTheServer() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(r -> ok(r.bodyText())));
                EngineHarness proxy = proxy(origin);
                Http2Wire client = client(proxy)) {
            client.headers(1, false, request("POST", "/", "content-length", "6")).data(1, false, "abc").data(1, true, "def");
            assertThat(client.message(1).bodyText()).isEqualTo("abcdef");
            client.headers(3, false, request("POST", "/")).data(3, false, "0123456789abcdefg").data(3, false, "").data(3, true, "");
            assertThat(client.message(3).bodyText()).isEqualTo("0123456789abcdefg");
            client.headers(5, true, request("POST", "/"));
            assertThat(client.message(5).bodyText()).isEmpty();
            List<ReceivedMessage> got = origin.requests();
            assertThat(got.get(0).header("content-length")).contains("6");
            assertThat(got.get(1).header("transfer-encoding")).contains("chunked");
            assertThat(got.get(1).header("content-length")).isEmpty();
            assertThat(got.get(1).rawBodyText()).isEqualTo("11\r\n0123456789abcdefg\r\n0\r\n\r\n");
            assertThat(got.get(2).header("content-length")).contains("0");
        }
    }

    /** {@code wait-for-body} and {@code option http-buffer-request} look at what is held of DATA frames, bounded by the window. */
    @Test
    void rulesSeeABodyThatIsWaitedFor() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(r -> ok(r.header("x-seen").orElse("") + "|" + r.bodyText().length())));
                EngineHarness proxy = proxy(origin, "option http-buffer-request", "http-request set-header x-seen \"%[req.body_len] %[req.body_param(b)]\"");
                Http2Wire client = client(proxy)) {
            client.headers(1, false, request("POST", "/", "content-length", "9")).data(1, false, "a=1&").data(1, true, "b=two");
            assertThat(client.message(1).bodyText()).isEqualTo("9 two|9");
            client.headers(3, false, request("POST", "/")).data(3, false, "a=1&b=x").data(3, false, "y").data(3, true, "");
            assertThat(client.message(3).bodyText()).isEqualTo("8 xy|8");
            client.headers(5, true, request("GET", "/"));
            assertThat(client.message(5).bodyText()).isEqualTo("0|0");
            client.headers(7, false, request("POST", "/", "content-length", "40000")).data(7, false, "x".repeat(16_000)).data(7, false, "x".repeat(16_000))
                    .data(7, true, "x".repeat(8_000));
            assertThat(client.message(7).bodyText()).endsWith("|40000");
        }
    }
}
