package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketLocationsTest {

    @TempDir
    private Path root;
    private Path run;
    private Path tmp;
    private int uid;

    @BeforeEach
    void makeFolders() throws IOException {
        run = Files.createDirectory(root.resolve("run"));
        tmp = Files.createDirectory(root.resolve("tmp"));
        uid = (Integer) Files.getAttribute(root, "unix:uid");
    }

    private SocketLocations locations(Map<String, String> environment) {
        return new SocketLocations(environment, run, tmp, uid);
    }

    @Test
    void namedSocketIsTheOnlyOne() throws IOException {
        SocketLocations locations = locations(Map.of("LBD_SOCKET", "/x/y.sock", "XDG_RUNTIME_DIR", root.toString()));

        assertThat(locations.forDaemon()).isEqualTo(Path.of("/x/y.sock"));
        assertThat(locations.candidates()).containsExactly(Path.of("/x/y.sock"));
    }

    @Test
    void systemdsFolderComesFirstForTheDaemon() throws IOException {
        Path service = Files.createDirectory(run.resolve("lbd"));
        Path user = Files.createDirectory(root.resolve("user"));
        SocketLocations locations = locations(Map.of(
                "RUNTIME_DIRECTORY", service + ":/run/other", "XDG_RUNTIME_DIR", user.toString()));

        assertThat(locations.forDaemon()).isEqualTo(service.resolve("admin.sock"));
    }

    @Test
    void usersFolderIsMadeForHimAlone() throws IOException {
        SocketLocations locations = locations(Map.of("XDG_RUNTIME_DIR", root.toString()));

        assertThat(locations.forDaemon()).isEqualTo(root.resolve("lbd/admin.sock"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("lbd"))))
                .isEqualTo("rwx------");
    }

    @Test
    void withoutAnyRunFolderTheSharedOneIsUsed() throws IOException {
        run = root.resolve("missing");

        assertThat(locations(Map.of()).forDaemon()).isEqualTo(tmp.resolve("lbd-" + uid + "/admin.sock"));
        assertThat(locations(Map.of()).candidates())
                .containsExactly(run.resolve("lbd/admin.sock"), tmp.resolve("lbd-" + uid + "/admin.sock"));
    }

    @Test
    void sharedFolderThatOthersMayEnterIsNotTrusted() throws IOException {
        run = root.resolve("missing");
        Path shared = Files.createDirectory(tmp.resolve("lbd-" + uid));
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(() -> locations(Map.of()).forDaemon()).isInstanceOf(IOException.class)
                .hasMessageContaining("no folder for the control socket").hasMessageContaining("LBD_SOCKET");
        assertThat(locations(Map.of()).candidates()).doesNotContain(shared.resolve("admin.sock"));
    }

    @Test
    void sharedFolderThatIsALinkIsNotTrusted() throws IOException {
        run = root.resolve("missing");
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.createSymbolicLink(tmp.resolve("lbd-" + uid), elsewhere);

        assertThatThrownBy(() -> locations(Map.of()).forDaemon()).isInstanceOf(IOException.class);
    }

    @Test
    void sharedFolderOfAnotherUserIsNotTrusted() throws IOException {
        run = root.resolve("missing");
        SocketLocations stranger = new SocketLocations(Map.of(), run, tmp, uid + 1);
        Files.createDirectory(tmp.resolve("lbd-" + (uid + 1)),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));

        assertThatThrownBy(stranger::forDaemon).isInstanceOf(IOException.class);
    }
}
