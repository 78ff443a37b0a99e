package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.lbd.cli.Fixtures;
import net.lbd.cli.command.ControlSocketSet;
import net.lbd.cli.command.DaemonControl;
import net.lbd.cli.command.SocketLocations;
import net.lbd.cli.reload.CoreEngine;
import net.lbd.cli.reload.Engine;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.config.model.Configuration;
import net.lbd.core.backend.Server;
import net.lbd.core.runtime.EngineOptions;
import net.lbd.health.Watch;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lbctl health}, {@code check-now} and {@code exchange status} upon an engine with two servers that answer like Exchange. */
class LbctlHealthTest {

    private static final String PAGE = "HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n200 OK<br/>";
    private static final String INACTIVE = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n";
    private static final String BROKEN = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    private Path folder;
    private Path socket;
    private final CoreEngine engine = CoreEngine.create(new EngineOptions());
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ScriptedOrigin one;
    private ScriptedOrigin two;
    private ControlSocketSet sockets;

    @BeforeEach
    void serve() throws IOException {
        one = ScriptedOrigin.start(exchange(PAGE + "EX1.EXAMPLE.LOCAL", PAGE + "EX1.EXAMPLE.LOCAL"));
        two = ScriptedOrigin.start(exchange(INACTIVE, BROKEN));
        Configuration configuration = Fixtures.configuration("""
                defaults
                  mode http
                  timeout connect 10s
                  timeout client 10s
                  timeout server 10s
                  timeout check 10s
                frontend f
                  bind 127.0.0.1:%d
                  default_backend bk_owa
                backend bk_owa
                  option httpchk GET /owa/HealthCheck.htm
                  server EX1 127.0.0.1:%d check inter 1h
                  server EX2 127.0.0.1:%d check inter 1h
                backend bk_ews
                  option httpchk GET /ews/HealthCheck.htm
                  server EX1 127.0.0.1:%d check inter 1h
                  server EX2 127.0.0.1:%d check inter 1h
                backend other
                  server s 127.0.0.1:%d
                """.formatted(Ports.free(), one.port(), two.port(), one.port(), two.port(), one.port()));
        assertThat(engine.apply(configuration).applied()).isTrue();
        socket = folder.resolve("admin.sock");
        sockets = new ControlSocketSet(new EngineDaemon(), SocketLocations.only(socket));
        sockets.prepare(configuration).commit();
    }

    @AfterEach
    void stop() {
        sockets.close();
        engine.close();
        one.close();
        two.close();
    }

    private static Script exchange(String owa, String ews) {
        return connection -> {
            connection.send(connection.readRequest().target().startsWith("/owa") ? owa : ews);
            connection.hang();
        };
    }

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);
        String[] all = new String[words.length + 2];
        all[0] = "-s";
        all[1] = socket.toString();
        System.arraycopy(words, 0, all, 2, words.length);
        return Lbctl.run(SocketLocations.only(folder.resolve("other.sock")), terminal, all);
    }

    private Server server(String backend, String name) {
        return engine.runtime().orElseThrow().backend(backend).orElseThrow().servers().stream()
                .filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void aCheckAtOnceTellsItsVerdictAndWithVEveryStep() {
        assertThat(run("check-now", "bk_owa/EX1")).isZero();
        assertThat(out.toString()).matches("passed: L7OK Layer7 check passed, code: 200, check duration: [0-9]+ms\n");

        assertThat(run("check-now", "bk_owa/EX1", "-v")).isZero();
        assertThat(out.toString()).contains("connect to 127.0.0.1:" + one.port(), "sent 37 bytes: GET /owa/HealthCheck.htm HTTP/1.0\\r\\n\\r\\n",
                "received 67 bytes: HTTP/1.1 200 OK\\r\\nContent-Length: 28\\r\\n\\r\\n200 OK<br/>EX1.EXAMPLE.LOCAL", "passed: L7OK");

        assertThat(run("check-now", "bk_ews/EX2")).isEqualTo(ExitCode.ERROR);
        assertThat(out.toString()).contains("failed: L7STS Layer7 wrong status, code: 500, info: \"Internal Server Error\"");
        assertThat(run("check-now", "other/s")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("other/s: Server 'other/s' has no check that runs");
        assertThat(run("check-now", "other/nope")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("other/nope: No such server.");
    }

    @Test
    void healthShowsAllServersOrOneWithItsTransitions() {
        Server server = server("bk_owa", "EX1");
        engine.checks().force(server, Watch.Forced.DOWN);
        Await.until("down, and told", () -> server.state().events().size() == 1);

        assertThat(run("health")).isZero();
        assertThat(out.toString().lines().limit(1)).allMatch(l -> l.matches("SERVER +STATE +FOR +CHECK +CODE +SAYS +TOOK +FAILED +DOWN +DOWNTIME"));
        assertThat(out.toString()).containsPattern("bk_owa/EX1 +DOWN ").contains("bk_ews/EX2", "other/s");

        assertThat(run("health", "bk_owa/EX1")).isZero();
        assertThat(out.toString()).doesNotContain("bk_ews").contains("Server bk_owa/EX1 is DOWN, changed from CLI.");
        assertThat(run("health", "--json", "bk_owa/EX1")).isZero();
        assertThat(out.toString()).contains("\"backend\": \"bk_owa\"", "\"server\": \"EX1\"", "\"timesDown\": 1", "\"transitions\": [")
                // The first check may come before or behind what was forced.
                .containsPattern("\"state\": \"DOWN( 1/2)?\"")
                .contains("Server bk_owa/EX1 is DOWN, changed from CLI.").doesNotContain("bk_ews", "SERVER ");
        assertThat(run("health", "bk_owa/nope")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("bk_owa/nope: no such server");
    }

    @Test
    void exchangeStatusIsATableThatTellsInactiveFromBroken() {
        assertThat(run("exchange", "status")).isEqualTo(ExitCode.ERROR);
        List<String> lines = out.toString().lines().map(String::stripTrailing).toList();
        assertThat(lines.get(0)).matches("SERVICE +EX1 +EX2");
        assertThat(lines.get(1)).matches("OWA +ok +inactive");
        assertThat(lines.get(2)).matches("EWS +ok +broken");
        assertThat(lines).contains("EX1 calls itself EX1.EXAMPLE.LOCAL")
                .anyMatch(l -> l.startsWith("OWA on EX2 (bk_owa) is inactive: L7STS"))
                .anyMatch(l -> l.startsWith("EWS on EX2 (bk_ews) is broken: L7STS"));
    }

    /** A daemon that is nothing but its engine. */
    private final class EngineDaemon implements DaemonControl {
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
