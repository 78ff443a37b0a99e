package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import net.lbd.core.NoLeaks;
import net.lbd.core.backend.Server;
import net.lbd.health.HealthSnapshot;
import net.lbd.testkit.Await;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code option external-check}: the program's arguments and environment, its exit code, and its end when it takes too long. */
@ExtendWith(NoLeaks.class)
class ExternalCheckTest {

    @TempDir
    private Path dir;

    @Test
    void theProgramIsToldWhatItChecks() throws IOException {
        Path program = program("env >" + dir + "/env; echo \"$@\" >" + dir + "/args");
        try (EngineHarness engine = start(program, "server s 127.0.0.1:1234 maxconn 7 check inter 5s")) {
            assertThat(result(engine)).isEqualTo("External check passed, code: 0");
            assertThat(dir.resolve("args")).hasContent("NOT_USED NOT_USED 127.0.0.1 1234");
            assertThat(Files.readString(dir.resolve("env"))).contains("HAPROXY_PROXY_NAME=be\n", "HAPROXY_SERVER_ADDR=127.0.0.1\n",
                    "HAPROXY_SERVER_PORT=1234\n", "HAPROXY_SERVER_NAME=s\n", "HAPROXY_SERVER_MAXCONN=7\n", "HAPROXY_SERVER_CURCONN=0\n",
                    "HAPROXY_SERVER_SSL=0\n", "PATH=/usr/bin:/bin\n").doesNotContain("HOME=");
        }
    }

    @Test
    void anotherExitCodeFails() throws IOException {
        try (EngineHarness engine = start(program("exit 3"), "server s 127.0.0.1:1234 check inter 5s")) {
            assertThat(result(engine)).isEqualTo("External check error, code: 3");
        }
    }

    @Test
    void aProgramThatIsNotThereFails() throws IOException {
        try (EngineHarness engine = start(dir.resolve("none"), "server s 127.0.0.1:1234 check inter 5s")) {
            assertThat(result(engine)).startsWith("Socket error, info: \"Cannot run program");
        }
    }

    @Test
    void aProgramThatTakesTooLongIsKilled() throws IOException {
        Path program = program("echo $$ >" + dir + "/pid; exec sleep 300");
        try (EngineHarness engine = start(program, "timeout check 700ms\nserver s 127.0.0.1:1234 check inter 5s")) {
            assertThat(result(engine)).isEqualTo("External check timeout, code: 0");
            long pid = Long.parseLong(Files.readString(dir.resolve("pid")).strip());
            Await.until("the program is gone", () -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        }
    }

    private Path program(String script) throws IOException {
        Path program = Files.writeString(dir.resolve("check.sh"), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private static EngineHarness start(Path program, String backend) {
        String text = EngineHarness.httpText("mode tcp", "mode tcp\noption external-check\nexternal-check path /usr/bin:/bin\n"
                + "external-check command " + program + "\n" + backend);
        return EngineHarness.start(text.replace("global\n", "global\n  external-check\n  insecure-fork-wanted\n"));
    }

    private static String result(EngineHarness engine) {
        Server server = engine.backend("be").servers().get(0);
        Await.until("a check is done", () -> server.state().health().flatMap(HealthSnapshot::last).isPresent());
        return server.state().health().flatMap(HealthSnapshot::last).orElseThrow().reason().replaceAll(", check duration: .*", "");
    }
}
