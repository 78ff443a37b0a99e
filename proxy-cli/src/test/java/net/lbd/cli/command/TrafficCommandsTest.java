package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.cli.reload.CoreEngine;
import net.lbd.cli.reload.Engine;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.runtime.EngineOptions;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The commands about sessions, limits and frontends, upon an engine that serves. */
@Timeout(60)
class TrafficCommandsTest {

    private final CommandTable table = new CommandTable();
    private final CoreEngine engine = CoreEngine.create(new EngineOptions());
    private final int port = Ports.free();
    private ScriptedOrigin origin;

    @BeforeEach
    void start() {
        origin = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            connection.hang();
        });
        apply("");
    }

    private void apply(String more) {
        Configuration configuration = new ConfigurationLoader(new Environment(Map.of(), Path.of("").toAbsolutePath())).loadText("lbd.cfg", """
                global
                  maxconn 500
                defaults
                  mode tcp
                  timeout connect 20s
                  timeout client 60s
                  timeout server 60s
                frontend fe
                  bind 127.0.0.1:%d
                  default_backend be
                backend be
                  server s1 127.0.0.1:%d
                  server s2 127.0.0.1:%d disabled
                backend other
                  mode http
                %s""".formatted(port, origin.port(), origin.port(), more)).configuration().orElseThrow();
        assertThat(engine.apply(configuration).applied()).isTrue();
    }

    @AfterEach
    void stop() {
        engine.close();
        origin.close();
    }

    private String run(String line) {
        return table.run(new Daemon(), Level.ADMIN, CommandLine.split(line).get(0));
    }

    private Socket client() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).as("the first byte of the answer").isEqualTo('H');
        return socket;
    }

    private static void awaitEnd(Socket socket) throws IOException {
        try {
            while (socket.getInputStream().read() >= 0) {
                // What was on its way.
                continue;
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    private static String stat(String csv, String column) {
        String[] lines = csv.split("\n");
        return lines[1].split(",", -1)[List.of(lines[0].substring(2).split(",")).indexOf(column)];
    }

    @Test
    void sessionsAreShownAndEnded() throws IOException {
        try (Socket first = client(); Socket second = client()) {
            List<String> lines = run("show sess").lines().toList();
            assertThat(lines).hasSize(2);
            Matcher line = Pattern.compile("(0x[0-9a-f]+): proto=tcpv4 src=127.0.0.1:" + first.getLocalPort()
                    + " fe=fe be=be srv=s1 age=\\d+[sm].* calls=\\d+ st=server in=\\d+ out=\\d+").matcher(lines.get(0));
            assertThat(line.matches()).as(lines.get(0)).isTrue();
            assertThat(run("show sess " + line.group(1))).contains("source=127.0.0.1:" + first.getLocalPort(), "bind=", "server=s1")
                    .doesNotContain(Integer.toString(second.getLocalPort()));
            assertThat(run("show sess all")).contains(":" + first.getLocalPort(), ":" + second.getLocalPort());

            assertThat(run("shutdown session " + line.group(1))).isEmpty();

            awaitEnd(first);
            Await.until("one is left", () -> run("show sess").lines().count() == 1);
            assertThat(run("shutdown sessions server be/s1")).isEmpty();
            awaitEnd(second);
            Await.until("none is left", () -> run("show sess").isEmpty());
        }
        assertThat(run("show sess 0xffffff")).isEqualTo("Session not found.\n");
        assertThat(run("show sess x")).isEqualTo("'show sess' takes 'all', or the number of a session as it shows them.\n");
        assertThat(run("shutdown session 0xffffff")).isEqualTo("No such session (use 'show sess').\n");
        assertThat(run("shutdown session")).isEqualTo("Session pointer expected (use 'show sess').\n");
        assertThat(run("shutdown sessions server be/nope")).isEqualTo("No such server.\n");
    }

    @Test
    void anOldConfigurationIsShownWhileSessionsFollowItAndCanBeEnded() throws IOException {
        assertThat(run("show generations")).matches("generation=1 state=in-force since=\\S+ active=0 long_polls=0 at_rest=0 oldest_ms=0 ends_in=-1\n");
        try (Socket first = client(); Socket second = client()) {
            apply("");
            try (Socket third = client()) {
                List<String> lines = run("show generations").lines().toList();
                assertThat(lines).hasSize(2);
                assertThat(lines.get(0)).matches("generation=1 state=old since=\\S+ active=2 long_polls=0 at_rest=0 oldest_ms=\\d+ ends_in=-1");
                assertThat(lines.get(1)).matches("generation=2 state=in-force since=\\S+ active=1 .*");
                assertThat(run("show sess all").lines().filter(l -> l.endsWith("generation=1"))).hasSize(2);

                assertThat(run("end generation 1 within 1h")).isEqualTo("generation 1: 2 sessions may go on for 1h, and what is left is ended then\n");
                assertThat(run("show generations").lines().findFirst().orElseThrow()).matches("generation=1 state=ending .* ends_in=3(600|5\\d\\d)");
                assertThat(run("end generation 1 within 1s")).startsWith("generation 1: 2 sessions may go on");
                awaitEnd(first);
                awaitEnd(second);

                Await.until("nothing follows it", () -> run("show generations").lines().count() == 1);
                assertThat(run("show sess").lines()).as("the third goes on").hasSize(1);
                apply("");
                assertThat(run("end generation 2")).isEqualTo("generation 2: 1 session ended\n");
                awaitEnd(third);
            }
        }
        assertThat(run("end generation 3")).isEqualTo("Refused: generation 3 is in force: 'soft-stop' and 'stop' end the process.\n");
        assertThat(run("end generation 77")).isEqualTo("Refused: no session follows generation 77 any more.\n");
        assertThat(run("end generation 1 within 5")).startsWith("'end generation' wants the number of an old generation").contains("such as 60s, 5m or 1h");
        assertThat(run("end generation")).startsWith("'end generation' wants the number");
        assertThat(run("show generations xml")).isEqualTo("'show generations' takes 'json', or nothing.\n");
    }

    @Test
    void aFrontendIsDisabledEnabledAndShutDown() throws IOException {
        try (Socket open = client()) {
            assertThat(run("disable frontend fe")).isEmpty();
            assertThat(stat(run("show stat fe"), "status")).isEqualTo("PAUSED");
            assertThatThrownBy(this::client).as("the port is free").isInstanceOf(IOException.class);
            assertThat(run("disable frontend fe")).isEqualTo("All sockets are already disabled.\n");
            assertThat(run("show sess").lines()).as("sessions go on").hasSize(1);

            apply("");
            assertThat(stat(run("show stat fe"), "status")).as("behind a reload").isEqualTo("PAUSED");
            assertThat(run("enable frontend fe")).isEmpty();
            assertThat(run("enable frontend fe")).isEqualTo("All sockets are already enabled.\n");
            try (Socket again = client()) {
                assertThat(run("show sess").lines()).hasSize(2);
            }
        }
        assertThat(run("shutdown frontend fe")).isEmpty();
        assertThat(stat(run("show stat fe"), "status")).isEqualTo("STOP");
        assertThat(run("enable frontend fe")).isEqualTo("Frontend was previously shut down, cannot enable.\n");
        assertThat(run("shutdown frontend fe")).isEqualTo("Frontend was already shut down.\n");
        assertThatThrownBy(this::client).isInstanceOf(IOException.class);
        apply("");
        client().close();
        assertThat(stat(run("show stat fe"), "status")).as("a reload opens it").isEqualTo("OPEN");
        assertThat(run("disable frontend nope")).isEqualTo("No such frontend.\n");
        assertThat(run("enable frontend")).isEqualTo("A frontend name is expected.\n");
    }

    @Test
    void aPortThatIsTakenMeanwhileKeepsAFrontendDisabled() throws IOException {
        run("disable frontend fe");
        try (java.net.ServerSocket taken = new java.net.ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(run("enable frontend fe")).startsWith("Failed to resume frontend, check for port conflict: ");
            assertThat(stat(run("show stat fe"), "status")).isEqualTo("PAUSED");
        }
        assertThat(run("enable frontend fe")).isEmpty();
    }

    @Test
    void limitsAreChanged() throws IOException {
        assertThat(run("set maxconn frontend fe 1")).isEmpty();
        assertThat(stat(run("show stat fe"), "slim")).isEqualTo("1");
        try (Socket first = client(); Socket second = new Socket(InetAddress.getLoopbackAddress(), port)) {
            second.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(run("show sess").lines()).as("the second waits in the kernel").hasSizeLessThanOrEqualTo(2);
            assertThat(run("set maxconn frontend fe 10")).isEmpty();
            second.setSoTimeout(20_000);
            assertThat(second.getInputStream().read()).isEqualTo('H');
        }
        assertThat(run("set maxconn global 100")).isEmpty();
        assertThat(run("show info")).contains("\nMaxconn: 100\n", "\nHard_maxconn: 500\n");
        assertThat(run("set maxconn global 0")).isEmpty();
        assertThat(run("show info")).contains("\nMaxconn: 500\n");
        assertThat(run("set maxconn global 501")).isEqualTo("Value out of range.\n");
        assertThat(run("set maxconn global")).isEqualTo("Expects an integer value.\n");
        assertThat(run("set maxconn frontend fe")).isEqualTo("Integer value expected.\n");
        assertThat(run("set maxconn frontend fe x")).isEqualTo("Integer value expected. 'x' is none.\n");
        assertThat(run("set maxconn frontend nope 3")).isEqualTo("No such frontend.\n");

        assertThat(run("set rate-limit sessions global 7")).isEmpty();
        assertThat(run("set rate-limit connections global 8")).isEmpty();
        assertThat(run("set rate-limit ssl-sessions global 9")).isEmpty();
        assertThat(run("show info")).contains("\nSessRateLimit: 7\n", "\nConnRateLimit: 8\n", "\nSslRateLimit: 9\n");
        assertThat(run("set rate-limit foo global 0")).startsWith("'set rate-limit' only supports :\n   - 'connections global' to set");
        assertThat(run("set rate-limit sessions global")).isEqualTo("Expects an integer value.\n");
    }

    @Test
    void aServersMaxconnMakesStreamsWaitFromThenOn() throws IOException {
        assertThat(run("set maxconn server be/s1 1")).isEmpty();
        assertThat(stat(run("show stat be 4 1"), "slim")).isEqualTo("1");
        try (Socket first = client(); Socket second = new Socket(InetAddress.getLoopbackAddress(), port)) {
            second.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            Await.until("the second waits", () -> stat(run("show stat be 2 -1"), "qcur").equals("1"));
            assertThat(run("show sess")).contains("st=queue");

            assertThat(run("set maxconn server be/s1 2")).isEmpty();

            second.setSoTimeout(20_000);
            assertThat(second.getInputStream().read()).isEqualTo('H');
        }
        apply("");
        assertThat(stat(run("show stat be 4 1"), "slim")).as("behind a reload whose line is the same").isEqualTo("2");
        assertThat(run("set maxconn server be/s1 0")).isEmpty();
        assertThat(stat(run("show stat be 4 1"), "slim")).isEmpty();
        assertThat(run("set maxconn server be/s1")).isEqualTo("Require <maxconn>.\n");
    }

    @Test
    void countersAreCleared() throws IOException {
        client().close();
        Await.until("it is counted", () -> stat(run("show stat be 4 1"), "scur").equals("0") && stat(run("show stat fe"), "scur").equals("0"));
        assertThat(stat(run("show stat fe"), "smax")).isEqualTo("1");
        assertThat(run("clear counters")).isEmpty();
        assertThat(stat(run("show stat fe"), "smax")).isEqualTo("0");
        assertThat(stat(run("show stat fe"), "stot")).isEqualTo("1");
        assertThat(run("clear counters all")).isEmpty();
        assertThat(stat(run("show stat fe"), "stot")).isEqualTo("0");
        assertThat(stat(run("show stat be 4 1"), "bout")).isEqualTo("0");
        assertThat(stat(run("show stat be 4 1"), "lastsess")).isEqualTo("-1");
        assertThat(run("clear counters x")).isEqualTo("'clear counters' takes nothing, or 'all'.\n");
        assertThat(table.run(new Daemon(), Level.OPERATOR, List.of("clear", "counters", "all"))).startsWith("Permission denied");
    }

    @Test
    void backendsAndTheirConnectionsAreListed() throws IOException {
        assertThat(run("show backend")).isEqualTo("# name\nbe\nother\n");
        try (Socket one = client()) {
            List<String> lines = run("show servers conn").lines().toList();
            assertThat(lines.get(0)).startsWith("# bkname/svname bkid/svid addr port - purge_delay used_cur used_max need_est unsafe_nb"
                    + " safe_nb idle_lim idle_cur idle_per_thr[");
            assertThat(lines.get(1)).startsWith("be/s1 3/1 127.0.0.1 " + origin.port() + " - 5000 1 1 0 0 0 -1 0 0");
            assertThat(run("show servers conn nope")).isEqualTo("Can't find backend.\n");
        }
    }

    @Test
    void theInsideIsShown() {
        assertThat(run("show activity")).matches("(?s)threads: [0-9]+\npending_tasks: [0-9]+ \\[.*clients: 0 \\[ 0.*");
        assertThat(run("show fd").lines()).anyMatch(l -> l.contains("socket:["));
        assertThat(run("show fd 1").lines()).hasSize(1);
        assertThat(run("show fd x")).isEqualTo("'show fd' takes the number of a descriptor.\n");
        assertThat(run("show pools")).contains("Buffers of the event loops: ", "JVM ");
        assertThat(run("show threads")).contains("lbd-worker", "        at ");
    }

    @Test
    void waitingForAServerToBeUnused() throws IOException {
        assertThat(run("wait 1ms")).isEqualTo("Done.\n");
        assertThat(run("wait 10s srv-unused be/s2")).isEqualTo("Done.\n");
        assertThat(run("wait 10s srv-unused be/s1")).isEqualTo("Unrecoverable condition: the server is not in maintenance.\n");
        try (Socket busy = client()) {
            run("disable server be/s1");
            assertThat(run("wait 20ms srv-unused be/s1")).isEqualTo("Wait delay expired.\n");
        }
        assertThat(run("wait 20s srv-unused be/s1")).isEqualTo("Done.\n");
        assertThat(run("wait 10s srv-used be/s1")).isEqualTo("'wait': unknown condition 'srv-used'; 'srv-unused <bk>/<srv>' is accepted.\n");
        assertThat(run("wait")).startsWith("'wait' expects a delay");
    }

    @Test
    void weightsAreToldAndSet() {
        assertThat(run("get weight be/s1")).isEqualTo("1 (initial 1)\n");
        assertThat(run("set weight be/s1 7")).isEmpty();
        assertThat(run("get weight be/s1")).isEqualTo("7 (initial 1)\n");
        assertThat(run("set weight be/s1 257")).isEqualTo("Absolute weight can only be between 0 and 256 inclusive.\n");
        assertThat(run("set weight be/s1")).isEqualTo("Require <weight> or <weight%>.\n");
        assertThat(run("get weight be")).isEqualTo("Require 'backend/server'.\n");
        assertThat(run("get weight x/s1")).isEqualTo("No such backend.\n");
    }

    /** A daemon that is nothing but its engine. */
    private final class Daemon implements DaemonControl {
        @Override
        public ReloadResult reload() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void stop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void softStop() {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isStopping() {
            return false;
        }

        @Override
        public Instant startedAt() {
            return Instant.now().minus(Duration.ofMinutes(1));
        }

        @Override
        public Engine engine() {
            return engine;
        }
    }
}
