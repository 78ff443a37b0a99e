package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions, several files, a folder of files. */
class CommandLineIT {

    @TempDir
    private Path dir;

    @Test
    void versionIsTold() {
        CommandResult brief = Daemon.run(dir, "-v");
        assertThat(brief.exitCode()).as(brief.output()).isZero();
        assertThat(brief.output()).containsIgnoringCase("lbd").containsPattern("\\d+\\.\\d+");
        CommandResult full = Daemon.run(dir, "-vv");
        assertThat(full.exitCode()).as(full.output()).isZero();
        assertThat(full.output().length()).isGreaterThan(brief.output().length());
    }

    @Test
    void missingFileIsToldWithoutAStackTrace() {
        CommandResult missing = Daemon.run(dir, "-c", "-f", "missing.cfg");
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.output()).contains("missing.cfg").doesNotContain("\tat ").doesNotContain("Exception");
    }

    @Test
    void noFileIsAMistake() {
        assertThat(Daemon.run(dir).exitCode()).isNotZero();
    }

    @Test
    void severalFilesAndFoldersAreReadAsOne() throws Exception {
        int port = Ports.free();
        Files.writeString(dir.resolve("defaults.cfg"), """
                defaults
                    mode http
                    timeout connect 5s
                    timeout client 5s
                    timeout server 5s
                """);
        Path folder = Files.createDirectory(dir.resolve("conf.d"));
        Files.writeString(folder.resolve("10-web.cfg"), """
                frontend web
                    bind 127.0.0.1:%d
                    http-request deny deny_status 429
                    default_backend none
                """.formatted(port));
        Files.writeString(folder.resolve("20-none.cfg"), "backend none\n");
        Files.writeString(folder.resolve("ignored.txt"), "not a configuration\n");
        List<String> files = List.of("-f", dir.resolve("defaults.cfg").toString(), "-f", folder.toString());
        try (Daemon lbd = Daemon.start(dir, Map.of(), files, port); RawClient client = RawClient.connect(port)) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(429);
            assertThat(lbd.isAlive()).isTrue();
        }
    }

    @Test
    void errorInAFileOfAFolderNamesThatFile() throws Exception {
        Path folder = Files.createDirectory(dir.resolve("conf.d"));
        Files.writeString(folder.resolve("10-good.cfg"), "backend good\n");
        Files.writeString(folder.resolve("20-bad.cfg"), "backend bad\n    balanse roundrobin\n");
        CommandResult check = Daemon.run(dir, "-c", "-f", folder.toString());
        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.output()).containsPattern("20-bad\\.cfg:2:5").contains("balance");
    }
}
