package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** What answers of our own do to the connection, which a comparison of messages does not show. */
class ReplyRulesTest {

    @Test
    void emptyPageClosesTheConnectionWithoutAWord() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("errorfile 403 /dev/null\nhttp-request deny if { path /d }",
                        EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            client.send(Messages.get("/a"));
            assertThat(client.readResponse().bodyText()).isEqualTo("/a");

            client.send(Messages.get("/d"));
            client.expectEof();
        }
    }

    @Test
    void connectionStaysOpenBehindAnAnswerOfOurOwn() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("""
                        http-request return content-type text/plain string here if { path /r }
                        http-after-response set-header X-After yes""", EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            for (int i = 0; i < 3; i++) {
                client.send(Messages.get("/r") + Messages.get("/o"));
                assertThat(client.readResponse().bodyText()).isEqualTo("here");
                assertThat(client.readResponse().header("x-after")).contains("yes");
            }
        }
    }

    @Test
    void pageThatSaysCloseCloses() {
        try (EngineHarness proxy = EngineHarness.http("http-request deny errorfile src/test/resources/pages/close.http",
                "server s1 127.0.0.1:9"); RawClient client = proxy.client()) {
            client.send(Messages.get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("bye");
            client.expectEof();
        }
    }

    @Test
    void silentDropTellsNothingAndFreesTheSession() {
        try (EngineHarness proxy = EngineHarness.http("http-request silent-drop", "server s1 127.0.0.1:9");
                RawClient client = proxy.client()) {
            client.send(Messages.get("/"));
            proxy.awaitIdle();
            assertThat(client.received()).isEmpty();
        }
    }

    @Test
    void clientThatLeavesTheTarpitFreesIt() {
        try (EngineHarness proxy = EngineHarness.http("timeout tarpit 60s\nhttp-request tarpit", "server s1 127.0.0.1:9")) {
            RawClient client = proxy.client();
            client.send(Messages.get("/"));
            client.reset();
            proxy.awaitIdle();
        }
    }

    @Test
    void tarpitTakesItsTime() {
        try (EngineHarness proxy = EngineHarness.http("timeout tarpit 200ms\nhttp-request tarpit status 404", "server s1 127.0.0.1:9");
                RawClient client = proxy.client()) {
            long before = System.nanoTime();
            client.send(Messages.get("/"));
            assertThat(client.readResponse().status()).isEqualTo(404);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(180));
        }
    }
}
