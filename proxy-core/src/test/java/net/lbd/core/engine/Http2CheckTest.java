package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.lbd.core.NoLeaks;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** HTTP checks of servers that speak HTTP/2. */
@ExtendWith(NoLeaks.class)
class Http2CheckTest {

    private final BlockingQueue<List<String>> asked = new LinkedBlockingQueue<>();

    /** Answers one request of each connection. */
    private Script answering(String status) {
        return connection -> {
            Http2Wire wire = Http2Wire.server(connection);
            Http2Wire.Message request = wire.message(1);
            asked.add(List.copyOf(request.fields()));
            wire.headers(1, false, ":status", status).data(1, true, "all is well");
            wire.wire().readToEnd();
        };
    }

    private static EngineHarness engine(ScriptedOrigin origin, String words) {
        return EngineHarness.http("", "option httpchk\nhttp-check send meth GET uri /health ver HTTP/1.1 hdr Host mail.example.com\n"
                + "http-check expect string well\n" + EngineHarness.server("s1", origin.port(), "check inter 1h " + words));
    }

    @Test
    void aCheckSpeaksWhatTheServerDoesOrCheckProtoSays() throws InterruptedException {
        for (String words : List.of("proto h2", "check-proto h2", "proto h1 check-proto h2")) {
            try (ScriptedOrigin origin = ScriptedOrigin.start(answering("200")); EngineHarness engine = engine(origin, words)) {
                assertThat(CheckSequencesTest.firstResult(engine)).as(words).startsWith("Layer7 check passed, code: 200");
                assertThat(asked.poll(10, TimeUnit.SECONDS)).contains(":method: GET", ":path: /health", ":authority: mail.example.com");
            }
        }
    }

    @Test
    void aServerThatDoesNotSpeakItFails() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readAvailable();
                    connection.send("HTTP/1.1 400 Bad Request\r\n\r\n");
                });
                EngineHarness engine = engine(origin, "check-proto h2")) {
            assertThat(CheckSequencesTest.firstResult(engine)).startsWith("Layer7 invalid response, info: \"the server does not speak HTTP/2");
        }
    }

    @Test
    void aRefusalIsOneInEitherVersion() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(answering("503")); EngineHarness engine = EngineHarness.http("",
                "option httpchk\n" + EngineHarness.server("s1", origin.port(), "check inter 1h check-proto h2"))) {
            assertThat(CheckSequencesTest.firstResult(engine)).startsWith("Layer7 wrong status, code: 503");
        }
    }
}
