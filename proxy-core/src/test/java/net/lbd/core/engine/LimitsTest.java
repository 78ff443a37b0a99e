package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import net.lbd.core.stats.BadMessage;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** How large a message may be, and what is told of one that is not taken. */
class LimitsTest {

    private static EngineHarness proxy(String global, int port) {
        return EngineHarness.start(EngineHarness.httpText("", EngineHarness.server("s1", port)).replace("nbthread 1", "nbthread 1\n  " + global));
    }

    /** A Kerberos ticket of a user in hundreds of groups: 48 KB, as the guide has it. */
    @Test
    void aLargeTicketPassesWhereTheBufferIsLarge() {
        String ticket = "YII".repeat(16 * 1024);
        String request = "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Negotiate " + ticket + "\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(r -> ok(Integer.toString(r.header("Authorization").orElseThrow().length()))));
                EngineHarness proxy = proxy("tune.bufsize 51200", origin.port());
                RawClient client = proxy.client()) {
            for (int i = 0; i < 3; i++) {
                client.sendSplit(request, 100, 20_000, 40_000);
                assertThat(client.readResponse().bodyText()).isEqualTo(Integer.toString(10 + ticket.length()));
            }
            assertThat(origin.requests().get(2).header("Authorization")).contains("Negotiate " + ticket);
        }
    }

    @Test
    void theReasonAndTheSizeAreTold() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("net.lbd.core.stream.Refusal");
        logger.addAppender(log);
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy("", origin.port());
                RawClient client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: secret\r\nX: " + "x".repeat(16_000) + "\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(431);
            BadMessage kept = proxy.frontend("fe").counters().badMessages.last().orElseThrow();
            assertThat(kept.reason()).startsWith("the head is larger than tune.bufsize less tune.maxrewrite; 15360 bytes and 2 headers were read, "
                    + "at most 15360 and 101 are taken");
            assertThat(new String(kept.bytes(), java.nio.charset.StandardCharsets.ISO_8859_1)).startsWith("GET / HTTP/1.1\r\nHost: a\r\nCookie:*")
                    .doesNotContain("secret");
            assertThat(log.list).hasSize(1).allSatisfy(e -> assertThat(e.getFormattedMessage())
                    .startsWith("LBR001 frontend fe: a request from 127.0.0.1:").contains("15360 bytes"));
        } finally {
            logger.detachAppender(log);
        }
    }

    @ParameterizedTest
    @CsvSource({"tune.http.maxhdr 3,431", "tune.maxrewrite 8192,200"})
    void countsAndRoomAreSettings(String global, int status) {
        String request = "GET / HTTP/1.1\r\nHost: a\r\nX1: 1\r\nX2: 2\r\nX3: " + "x".repeat(8_000) + "\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy(global, origin.port());
                RawClient client = proxy.client()) {
            client.send(request);
            assertThat(client.readResponse().status()).isEqualTo(status);
        }
    }

    @Test
    void aTargetAsLongAsTheBufferIsTooLargeAndAShorterOneIsNot() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget()); EngineHarness proxy = proxy("", origin.port())) {
            try (RawClient client = proxy.client()) {
                client.send(get("/" + "a".repeat(15_000)));
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
            try (RawClient client = proxy.client()) {
                client.send("GET /" + "a".repeat(15_400));
                assertThat(client.readResponse().status()).isEqualTo(414);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "GET / HTTP/1.1~Host: a~X y: 1~~ | 26", "GET / HTTP/1.1~Host: a~Content-Length: 1~Content-Length: 2~~ | 25",
        "GET / HTTP/1.1~Host: a b~~ | 16", "GET /a HTTP/1.1~Host: b~Y: 1\rX: 2~~ | 30", "POST / HTTP/1.1~Host: a~Transfer-Encoding: x~~ | 26",
        "GET /\u0001 HTTP/1.1~Host: a~~ | 5"})
    void thePlaceIsTold(String request, int position) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget()); EngineHarness proxy = proxy("", origin.port());
                RawClient client = proxy.client()) {
            client.send(request.replace("~", "\r\n"));
            assertThat(client.readResponse().status()).isEqualTo(400);
            assertThat(proxy.frontend("fe").counters().badMessages.last().orElseThrow().position()).isEqualTo(position);
        }
    }

    @Test
    void aResponseAndABodyThatAreBadAreKept() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering("HTTP/1.1 200 OK\r\nheader/bizarre: x\r\n\r\n"));
                EngineHarness proxy = proxy("", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(502);
            BadMessage response = proxy.backend("be").counters().badMessages.last().orElseThrow();
            assertThat(response.position()).isEqualTo(23);
            assertThat(response.server()).isEqualTo("s1");
        }
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.silent());
                EngineHarness proxy = proxy("", origin.port());
                RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");
            assertThat(client.readResponse().status()).isEqualTo(400);
            BadMessage request = proxy.frontend("fe").counters().badMessages.last().orElseThrow();
            assertThat(request.reason()).contains("chunk size");
            assertThat(new String(request.bytes(), java.nio.charset.StandardCharsets.ISO_8859_1)).startsWith("\r\nzz");
            assertThat(request.position()).isEqualTo(2);
        }
    }
}
