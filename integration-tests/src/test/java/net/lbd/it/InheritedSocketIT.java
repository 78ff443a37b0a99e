package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code bind "fd@${VAR}"}: the daemon serves on sockets that its supervisor has opened. */
@Timeout(120)
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
}
