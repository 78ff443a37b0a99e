package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.lbd.cli.reload.CoreEngine;
import net.lbd.cli.reload.Engine;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.backend.Server;
import net.lbd.core.runtime.EngineOptions;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands about checks, upon an engine that runs, with two servers that answer like Exchange. */
class HealthCommandsTest {

    private static final String INACTIVE = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    private static final String BROKEN = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";

    private final CommandTable table = new CommandTable();
    private final CoreEngine engine = CoreEngine.create(new EngineOptions());
    private ScriptedOrigin one;
    private ScriptedOrigin two;

    @BeforeEach
    void start() {
        one = ScriptedOrigin.start(exchange("EX1", page("EX1"), page("EX1")));
        two = ScriptedOrigin.start(exchange("EX2", INACTIVE, BROKEN));
        String text = """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                  timeout check 5s
                frontend f
                  bind 127.0.0.1:%d
                  default_backend bk_owa
                backend bk_owa
                  option httpchk GET /owa/HealthCheck.htm
                  server EX1 127.0.0.1:%d check inter 4s
                  server EX2 127.0.0.1:%d check inter 4s
                backend bk_ews
                  option httpchk GET /ews/HealthCheck.htm
                  server EX1 127.0.0.1:%d check inter 4s
                  server EX2 127.0.0.1:%d check inter 4s
                backend other
                  server s 127.0.0.1:%d
                """.formatted(Ports.free(), one.port(), two.port(), one.port(), two.port(), one.port());
        assertThat(engine.apply(new ConfigurationLoader(new Environment(Map.of(), Path.of("").toAbsolutePath()))
                .loadText("lbd.cfg", text).configuration().orElseThrow()).applied()).isTrue();
    }

    @AfterEach
    void stop() {
        engine.close();
        one.close();
        two.close();
    }

    private static String page(String name) {
        return "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n200 OK<br/>" + name + ".EXAMPLE.LOCAL";
    }

    private static Script exchange(String name, String owa, String ews) {
        return connection -> {
            connection.send(connection.readRequest().target().startsWith("/owa") ? owa : ews);
            connection.hang();
        };
    }

    @Test
    void aCheckAtOnceTellsEveryStepAndChangesNothing() {
        Server server = server("bk_owa", "EX2");
        Await.until("checked", () -> server.state().health().flatMap(h -> h.last()).isPresent());
        long before = server.state().failedChecks();

        List<String> said = run("check now bk_owa/EX1").lines().map(line -> line.replaceFirst("^ *[0-9]+ ms +", "")).toList();
        run("check now bk_owa/EX2");

        assertThat(said.subList(0, said.size() - 1)).containsExactly(
                "connect to 127.0.0.1:" + one.port(),
                "step 1 connect",
                "sent 37 bytes: GET /owa/HealthCheck.htm HTTP/1.0\\r\\n\\r\\n",
                "step 2 send GET /owa/HealthCheck.htm",
                "received 67 bytes: HTTP/1.1 200 OK\\r\\nContent-Length: 28\\r\\n\\r\\n200 OK<br/>EX1.EXAMPLE.LOCAL",
                "step 3 expect status 200-399");
        assertThat(said.get(said.size() - 1)).matches("passed: L7OK Layer7 check passed, code: 200, check duration: [0-9]+ms");
        assertThat(server.state().failedChecks()).isEqualTo(before);
    }

    @Test
    void aFailureIsToldWithItsReason() {
        assertThat(run("check now bk_ews/EX2")).containsPattern(
                "failed: L7STS Layer7 wrong status, code: 500, info: \"Internal Server Error\", check duration: [0-9]+ms\n$");
        assertThat(run("check now other/s")).isEqualTo(
                "Server 'other/s' has no check that runs: it has none, is in maintenance, or its checks are disabled.\n");
        assertThat(run("check now other/nope")).isEqualTo("No such server.\n");
    }

    @Test
    void exchangeTellsInactiveFromBroken() {
        assertThat(run("show exchange").lines()).containsExactly(
                "# service\tbackend\tserver\tstate\tname\tdetail",
                "OWA\tbk_owa\tEX1\tok\tEX1.EXAMPLE.LOCAL\tL7OK Layer7 check passed, code: 200",
                "OWA\tbk_owa\tEX2\tinactive\t\tL7STS Layer7 wrong status, code: 503, info: \"Service Unavailable\"",
                "EWS\tbk_ews\tEX1\tok\tEX1.EXAMPLE.LOCAL\tL7OK Layer7 check passed, code: 200",
                "EWS\tbk_ews\tEX2\tbroken\t\tL7STS Layer7 wrong status, code: 500, info: \"Internal Server Error\"");
    }

    @Test
    void healthIsForcedRememberedAndSwitchedOff() {
        Server server = server("bk_owa", "EX1");
        Await.until("checked", () -> server.state().health().flatMap(h -> h.last()).isPresent());

        assertThat(run("set server bk_owa/EX1 health down")).isEmpty();
        // The state is there a moment before the sentence is.
        Await.until("down, and told", () -> !server.state().isUp()
                && run("show health bk_owa/EX1").contains("Server bk_owa/EX1 is DOWN, changed from CLI. "));
        assertThat(run("set server bk_owa/EX1 health up")).isEmpty();
        Await.until("up", () -> server.state().isUp());

        assertThat(run("disable health bk_owa/EX1")).isEmpty();
        assertThat(run("check now bk_owa/EX1")).contains("has no check that runs");
        assertThat(run("set server bk_owa/EX1 health down")).contains("is not checked");
        assertThat(run("enable health bk_owa/EX1")).isEmpty();
        assertThat(run("check now bk_owa/EX1")).contains("passed: L7OK");
    }

    @Test
    void whatCannotBeDoneIsTold() {
        assertThat(run("set server bk_owa/EX1 health ill")).isEqualTo("'set server <srv> health' expects 'up', 'stopping', or 'down'.\n");
        assertThat(run("set server bk_owa/EX1 agent up")).isEqualTo("agent checks are not enabled on this server.\n");
        assertThat(run("enable agent bk_owa/EX1")).isEqualTo("Agent was not configured on this server, cannot enable.\n");
        assertThat(run("enable health other/s")).isEqualTo("Health check was not configured on this server, cannot enable.\n");
        assertThat(run("show health other/s")).isEqualTo("No transition of other/s since the start.\n");
    }

    private Server server(String backend, String name) {
        return engine.runtime().orElseThrow().backend(backend).orElseThrow().servers().stream()
                .filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    private String run(String line) {
        return table.run(new Daemon(), Level.ADMIN, CommandLine.split(line).get(0));
    }

    /** A daemon that is nothing but its engine. */
    private final class Daemon implements DaemonControl {
        @Override
        public ReloadResult reload() {
            return new ReloadResult(true, List.of(), "", Duration.ZERO);
        }

        @Override
        public void stop() {
            throw new IllegalStateException("nobody asked for it");
        }

        @Override
        public void softStop() {
            throw new IllegalStateException("nobody asked for it");
        }

        @Override
        public boolean isStopping() {
            return false;
        }

        @Override
        public Instant startedAt() {
            return Instant.EPOCH;
        }

        @Override
        public Engine engine() {
            return engine;
        }
    }
}
