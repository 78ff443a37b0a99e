package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import net.lbd.core.NoLeaks;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.health.Watch;
import net.lbd.testkit.Await;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What decides the state of a server besides its check, and what follows from a change; the sentences are HAProxy 2.6's. */
@ExtendWith(NoLeaks.class)
class ServerStatesTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    /** An origin that answers every connection with what is in the reference at that time. */
    private static ScriptedOrigin saying(AtomicReference<String> answer, boolean asked) {
        return ScriptedOrigin.start(connection -> {
            if (asked) {
                connection.readRequest();
            }
            connection.send(answer.get());
            connection.shutdownOutput();
            connection.hang();
        });
    }

    @Test
    void aServerThatTracksAnotherHasItsState() {
        AtomicReference<String> answer = new AtomicReference<>(OK);
        try (ScriptedOrigin origin = saying(answer, true);
                EngineHarness engine = EngineHarness.http("", "option httpchk GET /\ntimeout check 5s\n"
                        + "server s 127.0.0.1:" + origin.port() + " check inter 3s fastinter 20ms downinter 20ms rise 1 fall 1\n"
                        + "server t 127.0.0.1:1 track s\nserver u 127.0.0.1:1 track be/t")) {
            Server s = server(engine, "s");
            Server u = server(engine, "u");
            Await.until("checked", () -> s.state().health().flatMap(h -> h.last()).isPresent());

            engine.engine().forceHealth(s, Watch.Forced.DOWN);
            Await.until("u is down, and told", () -> !u.state().isUp() && !texts(u).isEmpty());
            assertThat(texts(u)).last().asString().isEqualTo("Server be/u is DOWN via be/t. 0 active and 0 backup servers left."
                    + " 0 sessions active, 0 requeued, 0 remaining in queue.");
            Await.until("u is up again", () -> u.state().isUp());

            engine.engine().setAdmin(engine.backend("be"), s, Admin.MAINT);
            assertThat(u.state().admin()).isEqualTo(Admin.MAINT);
            assertThat(texts(u)).last().asString().startsWith("Server be/u is going DOWN for maintenance via be/t. 0 active");
            engine.engine().setAdmin(engine.backend("be"), s, Admin.READY);
            assertThat(u.isUsable()).isTrue();
            assertThat(texts(u)).last().asString().isEqualTo("Server be/u is UP/READY (leaving maintenance).");
        }
    }

    @Test
    void anAgentTakesItsServerOutAndBackAndWeighsIt() {
        AtomicReference<String> answer = new AtomicReference<>("up 50%\n");
        try (ScriptedOrigin agent = saying(answer, false);
                EngineHarness engine = EngineHarness.tcp("", "timeout check 5s\nserver s 127.0.0.1:1 weight 100 agent-check agent-port "
                        + agent.port() + " agent-inter 30ms")) {
            Server s = server(engine, "s");
            Await.until("half the weight", () -> s.weight() == 50);

            answer.set("down # being patched\n");
            Await.until("down, and told", () -> !s.state().isUp() && !texts(s).isEmpty());
            assertThat(texts(s)).last().asString().matches("Server be/s is DOWN, reason: Layer7 wrong status, code: 0, "
                    + "info: \"via agent : down\", check duration: [0-9]+ms. 0 active and 0 backup servers left. .*");
            assertThat(s.state().isDownByAgent()).isTrue();

            answer.set("up 100%\n");
            Await.until("up", () -> s.state().isUp() && s.weight() == 100);

            answer.set("drain\n");
            Await.until("draining", () -> s.state().admin() == Admin.DRAIN);
            answer.set("maint\n");
            Await.until("in maintenance", () -> s.state().admin() == Admin.MAINT);
            answer.set("ready up\n");
            Await.until("ready", () -> s.state().admin() == Admin.READY && s.isUsable());
            answer.set("no such word\n");
            Await.until("told", () -> s.state().agent().filter(a -> a.info().equals("agent reports an error : no such word")).isPresent());
            assertThat(s.isUsable()).isTrue();
        }
    }

    @Test
    void anAgentLimitsTheStreamsOfItsServer() {
        AtomicReference<String> answer = new AtomicReference<>("up maxconn:1\n");
        try (ScriptedOrigin agent = saying(answer, false);
                ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.hang());
                EngineHarness engine = EngineHarness.tcp("", "timeout check 5s\nserver s 127.0.0.1:" + origin.port() + " agent-check agent-port "
                        + agent.port() + " agent-inter 30ms")) {
            Server s = server(engine, "s");
            Await.until("limited", () -> s.maxConnections() == 1);
            try (RawClient first = engine.client()) {
                Await.until("the place is taken", () -> s.load() == 1);
                try (RawClient second = engine.client()) {
                    Await.until("the second waits", () -> engine.backend("be").queue().size() == 1);
                    answer.set("up maxconn:2\n");
                    Await.until("the second is served", () -> s.load() == 2);
                }
            }
            answer.set("up maxconn:0\n");
            Await.until("without limit", () -> s.maxConnections() == 0);
        }
    }

    @Test
    void whatAServerIsTakenForAtFirst() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.hang());
                EngineHarness engine = EngineHarness.http("", "option httpchk GET /\ntimeout check 1h\n"
                        + "default-server check inter 1h fastinter 1h downinter 1h rise 2 fall 3 disabled\n"
                        + "server a 127.0.0.1:" + origin.port() + " init-state fully-up\nserver b 127.0.0.1:" + origin.port() + "\nserver c 127.0.0.1:"
                        + origin.port() + " init-state down\nserver d 127.0.0.1:" + origin.port() + " init-state fully-down")) {
            assertThat(List.of("a", "b", "c", "d").stream().map(name -> server(engine, name).state().health().orElseThrow().counted()))
                    .containsExactly("3/3 UP", "1/3 UP", "1/2 DOWN", "0/2 DOWN");

            // Behind maintenance it is as at first, whatever was known.
            Server d = server(engine, "d");
            engine.engine().setAdmin(engine.backend("be"), d, Admin.READY);
            engine.engine().forceHealth(d, Watch.Forced.UP);
            Await.until("up", () -> d.state().isUp());
            engine.engine().setAdmin(engine.backend("be"), d, Admin.MAINT);
            engine.engine().setAdmin(engine.backend("be"), d, Admin.READY);
            assertThat(d.state().isUp()).isFalse();
        }
    }

    @Test
    void checksAreCounted() {
        AtomicReference<String> answer = new AtomicReference<>(OK);
        try (ScriptedOrigin origin = saying(answer, true);
                EngineHarness engine = EngineHarness.http("", "option httpchk GET /\ntimeout check 10s\nserver s 127.0.0.1:" + origin.port()
                        + " check inter 20ms")) {
            ServerState state = server(engine, "s").state();
            Await.until("three have passed", () -> state.checks().passed() >= 3);
            assertThat(state.checks().nanos()).isPositive();
            assertThat(state.checks().failed()).isZero();
            answer.set("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n");
            Await.until("two have failed", () -> state.checks().failed() >= 2);
        }
    }

    @Test
    void errorsOfTheTrafficCountAsChecks() {
        AtomicReference<String> answer = new AtomicReference<>(OK);
        try (ScriptedOrigin origin = saying(answer, true);
                EngineHarness engine = EngineHarness.http("", "option httpchk GET /\ntimeout check 5s\nserver s 127.0.0.1:" + origin.port()
                        + " check inter 30s fastinter 30s downinter 30s observe layer7 error-limit 2 on-error mark-down")) {
            Server s = server(engine, "s");
            Await.until("checked", () -> s.state().health().flatMap(h -> h.last()).isPresent());
            ask(engine, 200);
            answer.set("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n");
            ask(engine, 500);
            answer.set(OK);
            ask(engine, 200);
            answer.set("HTTP/1.1 500 Broken\r\nContent-Length: 0\r\n\r\n");
            ask(engine, 500);
            assertThat(s.state().isUp()).isTrue();
            ask(engine, 500);

            Await.until("marked down, and told", () -> !s.state().isUp() && !texts(s).isEmpty());
            assertThat(texts(s)).last().asString().startsWith("Server be/s is DOWN, reason: Health analyze, info: "
                    + "\"Detected 2 consecutive errors, last one was: Wrong http response\"");
            assertThat(s.state().failedObservations()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatComesUpTakesItsLoadUpSlowly() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.hang());
                EngineHarness engine = EngineHarness.tcp("", "server s 127.0.0.1:" + origin.port() + " weight 10 check inter 30s slowstart 60s")) {
            Server s = server(engine, "s");
            assertThat(s.effectiveWeight()).isEqualTo(10 * Server.WEIGHT_PARTS);
            Await.until("checked", () -> s.state().health().flatMap(h -> h.last()).isPresent());
            engine.engine().forceHealth(s, Watch.Forced.DOWN);
            Await.until("down", () -> !s.state().isUp());
            engine.engine().forceHealth(s, Watch.Forced.UP);
            Await.until("up", () -> s.state().isUp());

            assertThat(s.effectiveWeight()).isBetween(1, 2 * Server.WEIGHT_PARTS);
            assertThat(s.state().rampPercent()).isLessThan(20);
        }
    }

    @Test
    void whatWasSaidOfAServerAndWhatHappenedToItSurvivesAReload() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> connection.hang())) {
            String text = EngineHarness.httpText("", "server s 127.0.0.1:" + origin.port() + " weight 10 check inter 30s");
            try (EngineHarness engine = EngineHarness.start(text)) {
                Server s = server(engine, "s");
                Await.until("checked", () -> s.state().health().flatMap(h -> h.last()).isPresent());
                engine.engine().forceHealth(s, Watch.Forced.DOWN);
                Await.until("down, and told", () -> !s.state().isUp() && texts(s).size() == 1);
                engine.engine().setAdmin(engine.backend("be"), s, Admin.DRAIN);
                s.state().setWeight(3);
                List<String> before = texts(s);

                engine.reload(text.replace("inter 30s", "inter 29s"));

                Server again = server(engine, "s");
                assertThat(again).isNotSameAs(s);
                assertThat(again.state().isUp()).isFalse();
                assertThat(again.state().admin()).isEqualTo(Admin.DRAIN);
                assertThat(again.weight()).isEqualTo(3);
                assertThat(texts(again)).isEqualTo(before);
                assertThat(again.state().downTransitions()).isEqualTo(1);
            }
        }
    }

    private static void ask(EngineHarness engine, int status) {
        try (RawClient client = engine.client()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(status);
        }
    }

    private static Server server(EngineHarness engine, String name) {
        return engine.backend("be").servers().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<String> texts(Server server) {
        return server.state().events().stream().map(ServerState.Event::text).toList();
    }
}
