package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileReplacementTest {

    private static final byte[] NEW = "new\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void aNewFileGetsThePermissionsThatAreAskedFor() throws IOException {
        Path file = folder.resolve("site.pem");
        FileReplacement.write(file, NEW, "rw-------");
        assertThat(file).hasBinaryContent(NEW);
        assertThat(permissions(file)).isEqualTo("rw-------");
    }

    @Test
    void anOldOneKeepsItsPermissionsAndItsGroup() throws IOException {
        Path file = Files.writeString(folder.resolve("site.pem"), "old");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Object group = Files.getAttribute(file, "posix:group");
        FileReplacement.write(file, NEW, "rw-------");
        assertThat(file).hasBinaryContent(NEW);
        assertThat(permissions(file)).isEqualTo("rw-r-----");
        assertThat(Files.getAttribute(file, "posix:group")).isEqualTo(group);
    }

    @Test
    void aLinkStaysOneAndWhatItLeadsToIsReplaced() throws IOException {
        Path versions = Files.createDirectory(folder.resolve("archive"));
        Path real = Files.writeString(versions.resolve("site1.pem"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("site.pem"), Path.of("archive/site1.pem"));
        FileReplacement.write(link, NEW, "rw-------");
        assertThat(link).isSymbolicLink();
        assertThat(real).hasBinaryContent(NEW);
        assertThat(names(versions)).containsExactly("site1.pem");
    }

    @Test
    void whatFailsLeavesNothingBehind() throws IOException {
        Path full = Files.createDirectory(folder.resolve("site.pem"));
        Files.writeString(full.resolve("in it"), "x");
        assertThatThrownBy(() -> FileReplacement.write(full, NEW, "rw-------")).isInstanceOf(IOException.class);
        assertThat(names(folder)).containsExactly("site.pem");
        assertThatThrownBy(() -> FileReplacement.write(folder.resolve("nowhere/site.pem"), NEW, "rw-------"))
                .hasMessageContaining("there is no folder").hasMessageContaining("nowhere");
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static java.util.List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }
}
