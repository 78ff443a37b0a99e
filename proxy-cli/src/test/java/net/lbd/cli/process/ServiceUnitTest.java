package net.lbd.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The unit file, judged by systemd's own tool where it is installed. */
class ServiceUnitTest {

    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();

    @TempDir
    private Path folder;

    /** The unit with the paths of this tree, so that the tool finds what it starts. */
    private Path unit() throws IOException {
        String text = Files.readString(REPOSITORY.resolve("packaging/lbd.service"))
                .replace("/usr/share/lbd/", REPOSITORY + "/")
                .replace("User=lbd\nGroup=lbd\n", "");
        return Files.writeString(folder.resolve("lbd.service"), text);
    }

    private static void assumeSystemd() {
        assumeTrue(Stream.of("/usr/bin", "/bin").anyMatch(d -> Files.isExecutable(Path.of(d, "systemd-analyze"))),
                "systemd-analyze is not installed");
    }

    @Test
    void verifies() throws Exception {
        assumeSystemd();
        try (ChildProcess child = ChildProcess.start(Map.of(),
                List.of("systemd-analyze", "verify", "--man=no", unit().toString()))) {
            assertThat(child.awaitExit()).as(child.awaitOutput()).isZero();
            assertThat(child.awaitOutput().lines().filter(l -> l.contains("lbd.service"))).isEmpty();
        }
    }

    @Test
    void theExampleOfItsSocketsVerifies() throws Exception {
        assumeSystemd();
        unit();
        Path socket = Files.copy(REPOSITORY.resolve("packaging/lbd.socket"), folder.resolve("lbd.socket"));
        try (ChildProcess child = ChildProcess.start(Map.of(),
                List.of("systemd-analyze", "verify", "--man=no", socket.toString()))) {
            assertThat(child.awaitExit()).as(child.awaitOutput()).isZero();
            assertThat(child.awaitOutput().lines().filter(l -> l.contains("lbd.s"))).isEmpty();
        }
    }

    @Test
    void isHardened() throws Exception {
        assumeSystemd();
        try (ChildProcess child = ChildProcess.start(Map.of(),
                List.of("systemd-analyze", "security", "--offline=true", "--threshold=25", unit().toString()))) {
            assertThat(child.awaitExit()).as(child.awaitOutput()).isZero();
        }
    }

    @Test
    void leavesTheJvmWhatItNeeds() throws IOException {
        assertThat(Files.readString(REPOSITORY.resolve("packaging/lbd.service")).lines())
                .contains("Type=notify", "MemoryDenyWriteExecute=no", "SuccessExitStatus=143", "KillMode=mixed",
                        "Restart=always", "AmbientCapabilities=CAP_NET_BIND_SERVICE");
    }
}
