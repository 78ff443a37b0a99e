package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lbctl service}, with a systemctl of its own and without systemd. */
class ServiceIT {

    private static final int NOT_RUNNING = 3;
    private static final int NOT_CONFIGURED = 6;
    private static final int NOTHING_TO_RELOAD = 7;

    @TempDir
    private Path dir;

    private CommandResult service(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(SourceTree.TOP.resolve("lbctl").toString(), "service", "--run-dir", dir.resolve("run").toString()));
        command.addAll(List.of(words));
        // Not by CommandResult: the daemon that is started would hold its pipe.
        Path out = dir.resolve("said");
        ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().put("LBD_SOCKET", dir.resolve("s.sock").toString());
        builder.environment().put("PATH", dir.resolve("bin") + ":" + System.getenv("PATH"));
        Process process = builder.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new CommandResult(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() throws Exception {
        service("stop", "-f", "x");
    }

    private static int status(int port) {
        try (RawClient client = RawClient.connect(port)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            return client.readResponse().status();
        }
    }

    private Path configuration(int port, int status) throws IOException {
        return Files.writeString(dir.resolve("lbd.cfg"), """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 30s
                  timeout server 30s
                frontend web
                  bind 127.0.0.1:%d
                  http-request return status %d
                """.formatted(port, status));
    }

    @Test
    void withoutSystemdItStartsReloadsRestartsAndStops() throws Exception {
        int port = Ports.free();
        String file = configuration(port, 200).toString();
        Path pidFile = dir.resolve("run/lbd/lbd.pid");

        assertThat(service("status", "-f", file).exitCode()).isEqualTo(NOT_RUNNING);
        assertThat(service("reload", "-f", file).exitCode()).isEqualTo(NOTHING_TO_RELOAD);
        CommandResult start = service("start", "-f", file);
        assertThat(start.exitCode()).as(start.output()).isZero();
        assertThat(status(port)).isEqualTo(200);
        assertThat(service("status", "-f", file).output()).isEqualTo("lbd runs (pid " + Files.readString(pidFile).strip() + ")" + System.lineSeparator());
        CommandResult again = service("start", "-f", file);
        assertThat(again.exitCode()).isZero();
        assertThat(again.output()).startsWith("lbd runs already");

        configuration(port, 404);
        assertThat(service("reload", "-f", file).exitCode()).isZero();
        assertThat(status(port)).isEqualTo(404);

        Files.writeString(dir.resolve("lbd.cfg"), "frontend\n");
        CommandResult broken = service("restart", "-f", file);
        assertThat(broken.exitCode()).as(broken.output()).isEqualTo(NOT_CONFIGURED);
        assertThat(broken.output()).contains("nothing was changed");
        assertThat(status(port)).as("it serves on").isEqualTo(404);

        configuration(port, 200);
        String before = Files.readString(pidFile);
        assertThat(service("restart", "-f", file).exitCode()).isZero();
        assertThat(Files.readString(pidFile)).isNotEqualTo(before);
        assertThat(status(port)).isEqualTo(200);

        assertThat(service("stop", "-f", file).exitCode()).isZero();
        assertThat(pidFile).doesNotExist();
        assertThat(service("stop", "-f", file).exitCode()).as("stopped already").isZero();
        Files.writeString(pidFile, "999999\n");
        CommandResult dead = service("status", "-f", file);
        assertThat(dead.exitCode()).isEqualTo(1);
        assertThat(dead.output()).contains("lbd is dead, and its pid file " + pidFile + " (999999) is there");

        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            CommandResult failed = service("start", "-f", file);
            assertThat(failed.exitCode()).as("the old pid file tells of nothing: %s", failed.output()).isEqualTo(1);
            assertThat(failed.output()).contains("lbd has ended with code 1");
        }
    }

    @Test
    void oneThatDoesNotAnswerIsStoppedBySignal() throws Exception {
        int port = Ports.free();
        String file = configuration(port, 200).toString();
        assertThat(service("start", "-f", file).exitCode()).isZero();
        // Nobody answers on it any more.
        Files.delete(dir.resolve("s.sock"));
        Files.createFile(dir.resolve("s.sock"));

        CommandResult stop = service("stop", "-f", file);

        assertThat(stop.exitCode()).as(stop.output()).isZero();
        assertThat(stop.output()).contains("has stopped, by SIGTERM");
    }

    @Test
    void withSystemdItsWordsAndExitCodesAreSystemctls() throws Exception {
        Files.createDirectories(dir.resolve("run/systemd/system"));
        Path systemctl = Files.createDirectories(dir.resolve("bin")).resolve("systemctl");
        Files.writeString(systemctl, "#!/bin/sh\n[ \"$1\" != is-active ] || exit 3\necho \"$@\"\n[ \"$2\" != status ] || exit 3\n");
        Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwxr-xr-x"));

        CommandResult status = service("status");
        assertThat(status.exitCode()).isEqualTo(3);
        assertThat(status.output()).isEqualTo("--no-pager status lbd.service\n");
        CommandResult restart = service("restart");
        assertThat(restart.exitCode()).isZero();
        assertThat(restart.output()).isEqualTo("--no-pager restart lbd.service\n");
        assertThat(service("reload").exitCode()).as("it is not active").isEqualTo(NOTHING_TO_RELOAD);
        CommandResult wrong = service("begin");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.output()).contains("'begin' is no word of a service; use start, stop, restart, reload, status");
    }
}
