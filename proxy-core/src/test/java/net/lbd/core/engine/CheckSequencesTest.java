package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import net.lbd.core.NoLeaks;
import net.lbd.core.backend.Server;
import net.lbd.health.HealthSnapshot;
import net.lbd.health.check.CheckResult;
import net.lbd.testkit.Await;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Checks whose steps use the language of samples, in the running engine; what HAProxy 2.6 reports of them was observed. */
@ExtendWith(NoLeaks.class)
class CheckSequencesTest {

    @Test
    void variablesReachWhatIsSentAndExpectedAndReported() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(sending("220 ready\r\n", "x=be/s\r\n"));
                EngineHarness engine = checkedTcp("option tcp-check\n"
                        + "tcp-check set-var-fmt(check.who) \"%[be_name]/%[srv_name]\"\n"
                        + "tcp-check set-var(check.word) str(220)\n"
                        + "tcp-check expect string-lf \"%[var(check.word)] \"\n"
                        + "tcp-check send-lf \"x=%[var(check.who)]\\r\\n\"\n"
                        + "tcp-check expect string-lf \"x=%[var(check.who)]\" on-success \"seen %[var(check.who)]\"", origin)) {
            assertThat(firstResult(engine)).isEqualTo("Layer7 check passed, code: 0, info: \"seen be/s\"");
        }
    }

    @Test
    void aPortMayBeAnExpression() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(sending("+OK\r\n", ""));
                EngineHarness engine = EngineHarness.tcp("", "option tcp-check\n"
                        + "tcp-check set-var(check.port) int(" + origin.port() + ")\n"
                        + "tcp-check connect port var(check.port)\ntcp-check expect string +OK\n"
                        + "server s 127.0.0.1:1 check inter 5s")) {
            assertThat(firstResult(engine)).isEqualTo("Layer7 check passed, code: 0, info: \"(tcp-check)\"");
        }
    }

    @Test
    void messagesOfHttpChecksMayQuoteTheAnswer() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(answering("200 OK", "X-A: v\r\nX-Code: 77\r\n"));
                EngineHarness engine = checked("option httpchk GET /\n"
                        + "http-check expect status-code res.hdr(x-code) on-success \"%[res.hdr(x-a)] %[status]\" status 200", origin)) {
            assertThat(firstResult(engine)).isEqualTo("Layer7 check passed, code: 77, info: \"v 200\"");
        }
    }

    @Test
    void aStepThatFailsIsNamed() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                connection.send("220 mail\r\n");
                connection.shutdownOutput();
                connection.hang();
            });
                EngineHarness engine = checkedTcp("option tcp-check\ntcp-check set-var(check.w) str(250)\n"
                        + "tcp-check expect comment greeting string-lf %[var(check.w)]", origin)) {
            assertThat(firstResult(engine)).isEqualTo("Layer7 invalid response, info: "
                    + "\"TCPCHK did not match content (log-format string) at step 2 comment: greeting\"");
        }
    }

    @Test
    void whatTheServerSaidIsThereForTheTexts() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                connection.send("220 mail\r\n");
                connection.hang();
            });
                EngineHarness engine = checkedTcp("option tcp-check\n"
                        + "tcp-check expect on-success \"%[res.payload(0,3)] %[res.len]\" string mail", origin)) {
            assertThat(firstResult(engine)).contains("info: \"220 10\"");
        }
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                connection.readRequest();
                connection.send(Messages.ok("fine"));
                connection.hang();
            });
                EngineHarness engine = checked("option httpchk GET /\nhttp-check expect on-success %[res.body] string fine", origin)) {
            assertThat(firstResult(engine)).contains("info: \"fine\"");
        }
    }

    @Test
    void aServerThatAnswers404UnderDisableOn404GetsNoNewStreams() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(answering("404 Not Found", ""));
                EngineHarness engine = checked("option httpchk GET /\nhttp-check disable-on-404", origin)) {
            assertThat(firstResult(engine)).isEqualTo("Layer7 check conditionally passed, code: 404");
            Server server = engine.backend("be").servers().get(0);
            assertThat(server.state().isUp()).isTrue();
            assertThat(server.isUsable()).isFalse();
            assertThat(server.acceptsPersistent()).isTrue();
        }
    }

    @Test
    void theServerIsToldHowItIsSeen() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                seen.add(connection.readRequest().header("x-haproxy-server-state").orElse(""));
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                connection.hang();
            });
                EngineHarness engine = checked("option httpchk GET /\nhttp-check send-state", origin)) {
            assertThat(seen.poll(10, TimeUnit.SECONDS)).matches(
                    "UP 1/3; address=127.0.0.1; port=" + origin.port() + "; name=be/s; node=[^;]+; weight=1/1; scur=0/0; qcur=0");
        }
    }

    private static EngineHarness checked(String lines, ScriptedOrigin origin) {
        return EngineHarness.http("", lines + "\nserver s 127.0.0.1:" + origin.port() + " check inter 5s");
    }

    private static EngineHarness checkedTcp(String lines, ScriptedOrigin origin) {
        return EngineHarness.tcp("", lines + "\nserver s 127.0.0.1:" + origin.port() + " check inter 5s");
    }

    /** Says something, and something else once a line has come. */
    private static Script sending(String greeting, String answer) {
        return connection -> {
            connection.send(greeting);
            if (!answer.isEmpty()) {
                connection.readUntil("\n");
                connection.send(answer);
            }
            connection.hang();
        };
    }

    private static Script answering(String status, String headers) {
        return connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 " + status + "\r\n" + headers + "Content-Length: 0\r\n\r\n");
            connection.hang();
        };
    }

    /** Without the time that it took. */
    static String firstResult(EngineHarness engine) {
        Server server = engine.backend("be").servers().get(0);
        Await.until("a check is done", () -> server.state().health().flatMap(HealthSnapshot::last).isPresent());
        return server.state().health().flatMap(HealthSnapshot::last).map(CheckResult::reason).orElseThrow()
                .replaceAll(", check duration: .*", "");
    }
}
