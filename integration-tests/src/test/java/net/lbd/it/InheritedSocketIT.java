package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.Await;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bind "fd@${VAR}"}: the daemon serves on sockets that its supervisor has opened. */
@Timeout(300)
class InheritedSocketIT {

    /** Opens a listening socket, runs daemons on it one after the other as a supervisor would, and ends with the last. */
    private static final String SUPERVISOR = """
            import os, socket, sys
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind(("127.0.0.1", int(sys.argv[1])))
            s.listen(100)
            s.setblocking(sys.argv[2] == "blocking")
            os.dup2(s.fileno(), 7, inheritable=True)
            os.environ["WEB_FD"] = "7"
            os.execv(sys.argv[3], sys.argv[3:])
            """;

    private static final String CONFIGURATION = """
            defaults
                mode http
                timeout connect 5s
                timeout client 5s
                timeout server 5s
            frontend web
                bind "fd@%s"
                http-request return status 200 content-type text/plain string served
            """;

    /**
     * Opens two listening sockets, and for each line of its input starts a daemon on them, waits until it is ready, tells the one before to
     * finish, and answers with a line. With the end of its input it stops the last one, waits for all, and ends with the worst code.
     */
    private static final String UPGRADER = """
            import os, signal, socket, subprocess, sys, time
            for number, port in ((7, sys.argv[1]), (8, sys.argv[2])):
                s = socket.socket()
                s.bind(("127.0.0.1", int(port)))
                s.listen(100)
                os.dup2(s.fileno(), number)
                s.close()
            daemons = []
            for line in iter(sys.stdin.readline, ""):
                home = os.path.join(os.getcwd(), str(len(daemons)))
                os.mkdir(home)
                ready = os.path.join(home, "pid")
                out = open(os.path.join(home, "out"), "w")
                daemons.append(subprocess.Popen(sys.argv[3:] + ["-p", ready], pass_fds=(7, 8), stdout=out, stderr=out,
                    stdin=subprocess.DEVNULL, env=dict(os.environ, LBD_SOCKET=os.path.join(home, "lbd.sock"))))
                while not os.path.exists(ready) and daemons[-1].poll() is None:
                    time.sleep(0.05)
                if len(daemons) > 1:
                    daemons[-2].send_signal(signal.SIGUSR1)
                print("ready" if daemons[-1].poll() is None else "failed", flush=True)
            daemons[-1].terminate()
            sys.exit(max(abs(d.wait()) for d in daemons))
            """;

    @TempDir
    private Path dir;

    private static String get(int port) throws IOException {
        HttpURLConnection http = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
        http.setReadTimeout(60_000);
        return new String(http.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    private Daemon supervised(String kind, int port) throws IOException {
        Path supervisor = Files.writeString(dir.resolve("supervisor.py"), SUPERVISOR);
        return Daemon.startUnder(List.of("python3", supervisor.toString(), Integer.toString(port), kind), dir, Map.of(),
                CONFIGURATION.formatted("${WEB_FD}"), port);
    }

    @Test
    void servesOnASocketThatBlocksAndOverReloads() throws Exception {
        int port = Ports.free();
        try (Daemon lbd = supervised("blocking", port)) {
            assertThat(get(port)).isEqualTo("served");
            for (int i = 0; i < 3; i++) {
                CommandResult reload = lbd.reload();
                assertThat(reload.exitCode()).as(reload.output()).isZero();
                assertThat(get(port)).isEqualTo("served");
            }
        }
    }

    @Test
    void refusesADescriptorThatIsNotThere() {
        CommandResult start = Daemon.startToFail(dir, CONFIGURATION.formatted("987654"));
        assertThat(start.exitCode()).isEqualTo(1);
        assertThat(start.output()).contains("cannot listen on fd@987654 of frontend 'web'", "no open descriptor 987654");
    }

    @Test
    void systemdsSocketActivationServesTheClientThatCausedTheStart() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-socket-activate")), "systemd-socket-activate is not installed");
        int port = Ports.free();
        Path file = Files.writeString(dir.resolve("lbd.cfg"), CONFIGURATION.formatted("3"));
        Process systemd = new ProcessBuilder("/usr/bin/systemd-socket-activate", "-l", "127.0.0.1:" + port,
                "-E", "PATH", "-E", "LBD_SOCKET=" + dir.resolve("admin.sock"), Daemon.lbd(), "-f", file.toString())
                .redirectErrorStream(true).redirectOutput(dir.resolve("systemd.out").toFile()).start();
        try {
            Await.until("systemd listens", () -> Ports.isListening(port));
            CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> {
                try {
                    return get(port);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(first.get(60, TimeUnit.SECONDS)).isEqualTo("served");
        } finally {
            systemd.destroy();
            assertThat(systemd.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(Files.readString(dir.resolve("systemd.out"))).doesNotContain("Exception");
    }

    @Test
    void upgradesByASupervisorLoseNoRequest() throws Exception {
        TestCertificates authority = TestCertificates.create();
        Path certificate = authority.server(TestCertificates.KeyKind.ECDSA, "localhost").writePem(dir.resolve("s.pem"));
        Path supervisor = Files.writeString(dir.resolve("upgrader.py"), UPGRADER);
        List<Integer> ports = Ports.free(2);
        try (ExchangeFarm farm = ExchangeFarm.plain(1)) {
            Path file = Daemon.write(dir, """
                    defaults
                        mode http
                        timeout connect 5s
                        timeout client 30s
                        timeout server 30s
                    listen web
                        bind fd@7
                        bind fd@8 ssl crt %s
                        option idle-close-on-response
                        server ex1 127.0.0.1:%d
                    """.formatted(certificate, farm.server(0).port()));
            Process upgrader = new ProcessBuilder("python3", supervisor.toString(), ports.get(0).toString(), ports.get(1).toString(),
                    Daemon.lbd(), "-f", file.toString()).directory(dir.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (BufferedReader answers = upgrader.inputReader()) {
                next(upgrader, answers);
                try (LoadClients clear = LoadClients.start(2, () -> RawClient.connect(ports.get(0)));
                        LoadClients tls = LoadClients.start(2, () -> RawClient.connectTls(ports.get(1), ClientTls.trustAll()))) {
                    for (int upgrade = 0; upgrade < 3; upgrade++) {
                        clear.awaitMore(50);
                        tls.awaitMore(50);
                        next(upgrader, answers);
                    }
                    clear.awaitMore(50);
                    tls.awaitMore(50);
                    assertThat(clear.failures()).as("%s right answers", clear.answered()).isEmpty();
                    assertThat(tls.failures()).as("%s right answers", tls.answered()).isEmpty();
                }
                upgrader.getOutputStream().close();
                assertThat(upgrader.waitFor(60, TimeUnit.SECONDS)).as("all have ended").isTrue();
                assertThat(upgrader.exitValue()).isZero();
            } finally {
                upgrader.descendants().forEach(ProcessHandle::destroyForcibly);
                upgrader.destroyForcibly();
            }
        }
    }

    private static void next(Process upgrader, BufferedReader answers) throws IOException {
        upgrader.getOutputStream().write('\n');
        upgrader.getOutputStream().flush();
        assertThat(answers.readLine()).isEqualTo("ready");
    }
}
