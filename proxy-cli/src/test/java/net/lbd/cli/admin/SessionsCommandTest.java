package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.lbd.cli.Fixtures;
import net.lbd.cli.admin.SessionList.Session;
import net.lbd.cli.command.ControlSocketSet;
import net.lbd.cli.command.DaemonControl;
import net.lbd.cli.command.SocketLocations;
import net.lbd.cli.reload.CoreEngine;
import net.lbd.cli.reload.Engine;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.config.model.Configuration;
import net.lbd.core.runtime.EngineOptions;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** {@code lbctl sessions} against an engine that serves: a web request that is not answered, and a mail connection. */
@Timeout(60)
class SessionsCommandTest {

    @TempDir
    private Path folder;
    private final CoreEngine engine = CoreEngine.create(new EngineOptions());
    private final int webPort = Ports.free();
    private final int mailPort = Ports.free();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ScriptedOrigin origin;
    private Configuration configuration;
    private ControlSocketSet sockets;
    private Socket web;
    private Socket mail;

    @BeforeEach
    void serve() throws IOException {
        origin = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            connection.hang();
        });
        configuration = Fixtures.configuration("""
                defaults
                  timeout connect 20s
                  timeout client 60s
                  timeout server 60s
                frontend web
                  mode http
                  bind 127.0.0.1:%d
                  default_backend owa
                backend owa
                  mode http
                  server ex1 127.0.0.1:%d
                listen mail
                  mode tcp
                  bind 127.0.0.1:%d
                  server ex2 127.0.0.1:%d
                """.formatted(webPort, origin.port(), mailPort, origin.port()));
        assertThat(engine.apply(configuration).applied()).isTrue();
        sockets = new ControlSocketSet(new Daemon(), SocketLocations.only(folder.resolve("admin.sock")));
        sockets.prepare(configuration).commit();
        web = client(webPort);
        mail = client(mailPort);
        Await.until("both are with their server", () -> sessions().stream().filter(s -> s.state().equals("server")).count() == 2);
    }

    @AfterEach
    void stop() throws IOException {
        web.close();
        mail.close();
        sockets.close();
        engine.close();
        origin.close();
    }

    private static Socket client(int port) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write("GET /poll HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private List<Session> sessions() {
        try {
            return SessionList.parse(new DaemonClient(List.of(folder.resolve("admin.sock"))).send(SessionList.QUESTION, Duration.ofSeconds(10)));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Lbctl.run(SocketLocations.only(folder.resolve("admin.sock")),
                new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false), words);
    }

    /** The addresses of the clients that are listed. */
    private List<String> listed(String... filters) {
        String[] words = new String[filters.length + 1];
        words[0] = "sessions";
        System.arraycopy(filters, 0, words, 1, filters.length);
        assertThat(run(words)).as(err.toString()).isZero();
        return out.toString().lines().filter(l -> l.startsWith("0x")).map(l -> l.split(" +")[1]).toList();
    }

    private String address(Socket client) {
        return "127.0.0.1:" + client.getLocalPort();
    }

    @Test
    void theListShowsWhoIsWhereAndHowManyThereAre() {
        assertThat(listed()).containsExactlyInAnyOrder(address(web), address(mail));

        assertThat(out.toString().lines().findFirst().orElseThrow().split(" +"))
                .containsExactly("ID", "FROM", "FRONTEND", "SERVER", "STATE", "HTTP", "TLS", "AGE", "OPEN", "REQUESTS", "IN", "OUT");
        assertThat(out.toString()).containsPattern(address(web) + " +web +owa/ex1 +server +1 +- +\\d+s +\\d+s +1 ")
                .containsPattern(address(mail) + " +mail +mail/ex2 +server +- +- +\\d+s +- ")
                .endsWith("\n2 sessions\n");
    }

    @Test
    void filtersChooseAndAllMustBeMet() {
        assertThat(listed("--service", "owa")).containsExactly(address(web));
        assertThat(listed("--service", "mail")).containsExactly(address(mail));
        assertThat(listed("--server", "ex1")).containsExactly(address(web));
        assertThat(listed("--server", "mail/ex2")).containsExactly(address(mail));
        assertThat(listed("--server", "owa/ex2")).isEmpty();
        assertThat(out.toString()).isEqualTo("0 of 2 sessions\n");
        assertThat(listed("--from", "127.0.0.0/8")).hasSize(2);
        assertThat(listed("--from", "192.0.2.0/24")).isEmpty();
        assertThat(listed("--from", "::1")).isEmpty();
        assertThat(listed("--from", "127.0.0.1", "--service", "mail")).containsExactly(address(mail));
        assertThat(out.toString()).endsWith("\n1 of 2 sessions\n");
        assertThat(listed("--older-than", "1h")).isEmpty();
    }

    @Test
    void aLongPollIsARequestOfHttpThatIsOpen() {
        assertThat(listed("--long-polls")).as("none is open for 30 s").isEmpty();

        Await.until("the request is open for a tenth of a second", () -> listed("--long-polls", "100ms").equals(List.of(address(web))));
    }

    @Test
    void jsonHoldsTheSame() {
        assertThat(run("sessions", "--json", "--service", "web")).isZero();

        Map<String, Object> root = new Yaml().load(out.toString());
        assertThat(root).containsEntry("total", 2).containsOnlyKeys("total", "sessions");
        Map<?, ?> session = (Map<?, ?>) ((List<?>) root.get("sessions")).get(0);
        assertThat(session.get("source")).isEqualTo(address(web));
        assertThat(session.get("backend")).isEqualTo("owa");
        assertThat(session.get("server")).isEqualTo("ex1");
        assertThat(session.get("tls")).isEqualTo(false);
        assertThat(((Number) session.get("requestOpenMilliseconds")).longValue()).isBetween(0L, 60_000L);

        assertThat(run("sessions", "--json", "--service", "mail")).isZero();
        assertThat(out.toString()).doesNotContain("requestOpenMilliseconds").doesNotContain("\"http\"");
    }

    @Test
    void killEndsOneAndLeavesTheOther() throws IOException {
        String id = sessions().stream().filter(s -> s.frontend().equals("mail")).findFirst().orElseThrow().id();

        assertThat(run("sessions", "kill", id)).isZero();

        assertThat(out.toString()).isEqualTo(id + " is ended" + System.lineSeparator());
        Await.until("it is gone", () -> sessions().size() == 1);
        assertThat(listed()).containsExactly(address(web));
        assertThat(run("sessions", "kill", id)).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).isEqualTo("lbctl: " + id + ": there is no such session any more; 'lbctl sessions' lists them"
                + System.lineSeparator());
    }

    @Test
    void generationsAreListedAndEnded() throws IOException {
        assertThat(run("generations")).isZero();
        assertThat(out.toString().lines().map(l -> l.strip().split("  +")).toList().get(1)).startsWith("1", "in force");
        assertThat(engine.apply(configuration).applied()).isTrue();

        assertThat(run("generations", "--json")).isZero();
        Map<String, List<Map<String, Object>>> root = new Yaml().load(out.toString());
        assertThat(root.get("generations")).extracting("generation", "state", "active").containsExactly(tuple(1, "old", 2), tuple(2, "in-force", 0));
        assertThat(run("generations", "end", "1", "--within", "1h")).isZero();
        assertThat(out.toString()).isEqualTo("generation 1: 2 sessions may go on for 1h, and what is left is ended then" + System.lineSeparator());
        run("generations");
        assertThat(out.toString()).contains("ends in ");
        assertThat(run("generations", "end", "1")).isZero();
        assertThat(mail.getInputStream().read()).isEqualTo(-1);

        assertThat(run("generations", "end", "2")).isEqualTo(ExitCode.ERROR);
        assertThat(err.toString()).contains("Refused: generation 2 is in force");
        assertThat(run("generations", "end", "1", "--within", "soon")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void wrongWordsAreWrongUsage() {
        assertThat(run("sessions", "--from", "here")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'here' is not an address or network");
        assertThat(run("sessions", "--older-than", "10q")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'--older-than'", "unknown unit 'q'");
        assertThat(run("sessions", "kill")).isEqualTo(ExitCode.USAGE);
        assertThat(run("sessions", "kill", sessions().get(0).id(), "1;stop")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("'1;stop' is no ID of a session");
        assertThat(listed()).as("none was ended").hasSize(2);
    }

    @Test
    void anAnswerThatIsNoListIsTold() {
        assertThatThrownBy(() -> SessionList.parse("Permission denied: 'show sess' needs level operator.\n"))
                .hasMessage("Permission denied: 'show sess' needs level operator.");
        assertThatThrownBy(() -> SessionList.parse("0x1: proto=tcpv4 source=192.0.2.1:5 destination=192.0.2.2:443\n"))
                .hasMessageContaining("has no 'frontend'").hasMessageContaining("another version");
    }

    /** What is asked of it here is only its engine. */
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
            return Instant.now();
        }

        @Override
        public Engine engine() {
            return engine;
        }
    }
}
