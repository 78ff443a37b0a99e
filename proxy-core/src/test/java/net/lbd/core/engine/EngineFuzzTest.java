package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import net.lbd.testkit.Mutations;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.Wire;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Thousands of messages that are nearly right, through sockets, from either side: the engine answers the
 * next client as before, nothing stays behind, and no exception escapes to a handler's end. Seeded.
 */
class EngineFuzzTest {

    private static final int MESSAGES = 1500;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger("net.lbd");
    private final Logger netty = (Logger) LoggerFactory.getLogger("io.netty");

    @BeforeEach
    void listen() {
        log.start();
        root.setLevel(Level.DEBUG);
        root.setAdditive(false);
        root.addAppender(log);
        netty.addAppender(log);
    }

    @AfterEach
    void nothingEscaped() {
        root.detachAppender(log);
        netty.detachAppender(log);
        root.setLevel(null);
        root.setAdditive(true);
        assertThat(log.list).filteredOn(e -> e.getThrowableProxy() != null)
                .extracting(e -> e.getFormattedMessage() + ": " + e.getThrowableProxy().getClassName() + " " + e.getThrowableProxy().getMessage())
                .isEmpty();
    }

    @Test
    void requestsThatAreNearlyRight() {
        Random random = new Random(77);
        try (ScriptedOrigin origin = ScriptedOrigin.start(EngineFuzzTest::answerWhatComes);
                EngineHarness proxy = EngineHarness.http("timeout http-request 5s", "retries 0\n" + EngineHarness.server("s1", origin.port()))) {
            for (int i = 0; i < MESSAGES; i++) {
                String text = Mutations.head(random, true) + Mutations.mutate(random, get("/next"));
                try (RawClient client = proxy.client()) {
                    if (random.nextInt(4) == 0) {
                        client.pauseBetweenPieces(java.time.Duration.ofNanos(100_000)).sendSplit(text, Mutations.splits(random, text.length()));
                    } else {
                        client.send(text);
                    }
                    if (random.nextInt(10) == 0) {
                        client.reset();
                    } else {
                        client.shutdownOutput();
                        String answers = new String(client.readToEnd(), java.nio.charset.StandardCharsets.ISO_8859_1);
                        assertThat(answers).as(text).matches("(?s)|HTTP/1\\.1 [1-5][0-9][0-9] .*");
                    }
                } catch (UncheckedIOException e) {
                    // Refused and closed before everything was sent.
                    assertThat(e).hasMessageContaining("could not");
                }
            }
            proxy.awaitIdle();
            try (RawClient client = proxy.client()) {
                client.send(get("/good"));
                assertThat(client.readResponse().status()).isEqualTo(200);
            }
        }
    }

    /** An origin for any bytes: it answers each head, and leaves at the end. */
    private static void answerWhatComes(Wire connection) {
        StringBuilder seen = new StringBuilder();
        while (connection.hasMore()) {
            seen.append(new String(connection.readAvailable(), java.nio.charset.StandardCharsets.ISO_8859_1));
            for (int end = seen.indexOf("\r\n\r\n"); end >= 0; end = seen.indexOf("\r\n\r\n")) {
                seen.delete(0, end + 4);
                try {
                    connection.send(ok("x"));
                } catch (UncheckedIOException e) {
                    // The proxy has left: there is nobody to answer.
                    return;
                }
            }
        }
    }

    @Test
    void responsesThatAreNearlyRight() {
        Random random = new Random(78);
        List<String> tails = List.of("", "5\r\nhello\r\n0\r\n\r\n", "hello", ok("evil"));
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    String text = null;
                    synchronized (random) {
                        text = Mutations.head(random, false) + tails.get(random.nextInt(tails.size()));
                    }
                    if (connection.hasMore()) {
                        String request = connection.readHead();
                        connection.send(request.startsWith("GET /good ") ? ok("good") : text);
                    }
                });
                EngineHarness proxy = EngineHarness.http("", "retries 0\nhttp-reuse never\n" + EngineHarness.server("s1", origin.port()))) {
            for (int i = 0; i < MESSAGES; i++) {
                try (RawClient client = proxy.client()) {
                    client.send(i % 3 == 0 ? "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" : i % 3 == 1 ? get("/") : "GET / HTTP/1.0\r\n\r\n");
                    client.shutdownOutput();
                    String answer = new String(client.readToEnd(), java.nio.charset.StandardCharsets.ISO_8859_1);
                    assertThat(answer).matches("(?s)|HTTP/1\\.1 [1-5][0-9][0-9].*");
                }
            }
            proxy.awaitIdle();
            try (RawClient client = proxy.client()) {
                client.send(get("/good"));
                assertThat(client.readResponse().bodyText()).isEqualTo("good");
            }
        }
    }
}
