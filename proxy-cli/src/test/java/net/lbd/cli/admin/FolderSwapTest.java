package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One folder in the place of another, and what a process that dies in between leaves behind. */
class FolderSwapTest {

    @TempDir
    private Path dir;
    private Path folder;

    @BeforeEach
    void setUp() throws IOException {
        folder = Files.createDirectories(dir.resolve("lbd"));
        Files.writeString(folder.resolve("lbd.cfg"), "old");
        Files.createDirectories(folder.resolve("local/deep"));
        Files.writeString(folder.resolve("local/deep/own"), "own");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
    }

    private FolderSwap filled() throws IOException {
        FolderSwap swap = new FolderSwap(folder);
        Files.writeString(swap.staging().resolve("lbd.cfg"), "new");
        swap.bringLocal();
        return swap;
    }

    @Test
    void theNewOneTakesThePlaceAndTheOldOneStaysBeside() throws IOException {
        try (FolderSwap swap = filled()) {
            assertThat(Files.getPosixFilePermissions(swap.staging())).isEqualTo(PosixFilePermissions.fromString("rwx------"));
            swap.swap();
            swap.keep();
        }
        assertThat(folder.resolve("lbd.cfg")).hasContent("new");
        assertThat(folder.resolve("local/deep/own")).hasContent("own");
        assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(dir.resolve("lbd.before-sync/lbd.cfg")).hasContent("old");
        assertThat(dir.resolve("lbd.before-sync/local/deep/own")).hasContent("own");
        assertThat(dir.resolve(".lbd-sync")).doesNotExist();
    }

    @Test
    void whatIsRefusedIsKeptAside() throws IOException {
        try (FolderSwap swap = filled()) {
            swap.swap();
            swap.swapBack();
        }
        assertThat(folder.resolve("lbd.cfg")).hasContent("old");
        assertThat(dir.resolve("lbd.rejected/lbd.cfg")).hasContent("new");
        assertThat(dir.resolve("lbd.before-sync")).doesNotExist();
    }

    @Test
    void whatIsNotSwappedLeavesNothing() throws IOException {
        try (FolderSwap swap = filled()) {
            assertThat(swap.staging()).exists();
        }
        assertThat(folder.resolve("lbd.cfg")).hasContent("old");
        assertThat(Files.list(dir).map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("lbd", ".lbd-sync.lock");
    }

    @Test
    void aProcessThatDiedBetweenTheRenamesIsMadeGood() throws IOException {
        Files.move(folder, dir.resolve(".lbd-sync.old"));
        // As lbctl sync makes it when there is none
        Files.createDirectory(folder);
        try (FolderSwap swap = new FolderSwap(folder)) {
            assertThat(folder.resolve("lbd.cfg")).hasContent("old");
            assertThat(swap.staging()).isEmptyDirectory();
        }
    }

    @Test
    void aProcessThatDiedAfterTheRenamesHasSwapped() throws IOException {
        Path aside = Files.createDirectory(dir.resolve(".lbd-sync.old"));
        Files.writeString(aside.resolve("lbd.cfg"), "older");
        try (FolderSwap swap = new FolderSwap(folder)) {
            assertThat(folder.resolve("lbd.cfg")).hasContent("old");
            assertThat(swap.before().resolve("lbd.cfg")).hasContent("older");
        }
    }

    @Test
    void onlyOneAtATime() throws IOException {
        try (FolderSwap swap = filled()) {
            assertThatThrownBy(() -> new FolderSwap(folder)).isInstanceOf(IOException.class).hasMessageContaining("another lbctl is replacing " + folder);
            assertThat(swap.staging().resolve("lbd.cfg")).hasContent("new");
        }
        try (FolderSwap next = new FolderSwap(folder)) {
            assertThat(next.staging()).isEmptyDirectory();
        }
    }
}
