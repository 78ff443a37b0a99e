package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Semaphore;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code http-response wait-for-body} and the fetches of a response's body: rules see it, bounded by time and by the buffer, and nothing is lost. */
class ResponseBodyTest {

    private static final String SEEN = "http-response set-header X-Seen \"%[res.body_len] %[res.body_size] %[res.body]\"";
    private static final String WAIT = "http-response wait-for-body time 9s\n";
    private static final String LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello there";
    private static final String CHUNKS = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n there\r\n0\r\n\r\n";

    private static EngineHarness proxy(String front, String back, int port) {
        return EngineHarness.http(front, back + "\n" + EngineHarness.server("s1", port));
    }

    /** Answers every request with these bytes, cut in two. */
    private static Script split(String bytes, int at, Semaphore second) {
        return connection -> {
            while (connection.hasMore()) {
                connection.readRequest();
                connection.send(bytes.substring(0, at));
                second.acquireUninterruptibly();
                connection.send(bytes.substring(at));
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {LENGTH, CHUNKS})
    void rulesSeeTheWholeBodyWhereverTheNetworkCutsIt(String bytes) {
        for (int at = bytes.indexOf("\r\n\r\n") + 4; at < bytes.length(); at += 2) {
            Semaphore second = new Semaphore(0);
            try (ScriptedOrigin origin = ScriptedOrigin.start(split(bytes, at, second));
                    EngineHarness proxy = proxy("http-response add-header X-Once 1\n" + WAIT + SEEN, "http-response add-header X-Once 2", origin.port());
                    RawClient client = proxy.client()) {
                for (int i = 0; i < 2; i++) {
                    client.send(get("/" + i));
                    second.release();
                    ReceivedMessage response = client.readResponse();
                    assertThat(response.bodyText()).as("split at %s", at).isEqualTo("hello there");
                    assertThat(response.header("X-Seen")).contains("11 11 hello there");
                    assertThat(response.headers("X-Once")).containsExactly("2", "1");
                }
            }
        }
    }

    @Test
    void withoutWaitingRulesSeeWhatCameWithTheHead() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(LENGTH));
                EngineHarness proxy = proxy(SEEN, "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().header("X-Seen")).contains("11 11 hello there");
        }
    }

    @Test
    void asMuchAsIsAskedForIsEnough() {
        String bytes = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nabcdefgh";
        Semaphore second = new Semaphore(0);
        try (ScriptedOrigin origin = ScriptedOrigin.start(split(bytes, bytes.indexOf("efgh"), second));
                EngineHarness proxy = proxy("http-response wait-for-body time 9s at-least 4\n" + SEEN, "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readHead()).contains("4 8 abcd");
            client.expect("abcd");
            second.release();
            client.expect("efgh");
        }
    }

    @Test
    void aBodyLargerThanTheBufferGoesOnWhenTheBufferIsFull() {
        String body = "x".repeat(300_000);
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(ok(body)));
                EngineHarness proxy = proxy(WAIT + "http-response set-header X-Full yes if { res.body_len gt 16000 } { res.body_size 300000 }", "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/"));
            ReceivedMessage response = client.readResponse();
            assertThat(response.bodyText()).isEqualTo(body);
            assertThat(response.header("X-Full")).contains("yes");
        }
    }

    @Test
    void aServerThatIsTooSlowIsTakenForOneThatDoesNotAnswer() {
        try (SyslogSink log = SyslogSink.udp();
                ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
                    connection.hang();
                });
                EngineHarness proxy = proxy("log 127.0.0.1:" + log.port() + " local0\noption httplog\nhttp-response wait-for-body time 100ms", "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/x"));
            assertThat(client.readResponse().status()).isEqualTo(504);
            assertThat(log.awaitContaining("GET /x")).contains(" 504 ").contains(" sR-- ").contains("/-1/");
        }
    }

    /** As HAProxy does: what came is looked at and passed on, and the cut is seen. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aServerThatLeavesEarlyEndsTheWait(boolean declared) {
        try (SyslogSink log = SyslogSink.udp();
                ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\n" + (declared ? "Content-Length: 5\r\n" : "") + "\r\nhe");
                });
                EngineHarness proxy = proxy("log 127.0.0.1:" + log.port() + " local0\noption httplog\n" + WAIT + SEEN, "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/x"));
            assertThat(client.readHead()).contains(declared ? "2 5 he" : "2 2 he");
            client.expect("he");
            client.expectClosed();
            assertThat(log.awaitContaining("GET /x")).contains(declared ? " SD-- " : " ---- ");
        }
    }

    @Test
    void aBadBodyIsRefusedBeforeAnythingOfItPasses() {
        Semaphore second = new Semaphore(0);
        String bad = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\nzz\r\n";
        try (SyslogSink log = SyslogSink.udp();
                ScriptedOrigin origin = ScriptedOrigin.start(split(bad, bad.indexOf("zz"), second));
                EngineHarness proxy = proxy("log 127.0.0.1:" + log.port() + " local0\noption httplog\n" + WAIT, "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/x"));
            second.release();
            assertThat(client.readResponse().status()).isEqualTo(502);
            assertThat(log.awaitContaining("GET /x")).contains(" PH-- ");
        }
    }

    @Test
    void bodilessResponsesAreNotWaitedFor() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(request -> request.startLine().startsWith("HEAD")
                        ? "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n" : "HTTP/1.1 204 No Content\r\n\r\n"));
                EngineHarness proxy = proxy(WAIT + SEEN, "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/").replace("GET", "HEAD"));
            assertThat(client.readResponseTo("HEAD").header("X-Seen")).contains("0 0");
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(204);
        }
    }

    @Test
    void aClientThatLeavesMeanwhileLeavesNothingBehind() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
                    connection.hang();
                });
                EngineHarness proxy = proxy(WAIT, "", origin.port())) {
            RawClient client = proxy.client();
            client.send(get("/"));
            origin.awaitConnection(1);
            client.reset();
            proxy.awaitIdle();
        }
    }

    /** A rule may deny by what the body says; then nothing of it passes. */
    @Test
    void aBodyCanBeDenied() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(LENGTH));
                EngineHarness proxy = proxy(WAIT + "http-response deny deny_status 503 if { res.body -m sub there }\nhttp-after-response set-header X-Page %[res.body_len]",
                        "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/"));
            ReceivedMessage response = client.readResponse();
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.bodyText()).doesNotContain("there");
            assertThat(response.header("X-Page")).contains(Integer.toString(response.bodyText().length()));
        }
    }

}
