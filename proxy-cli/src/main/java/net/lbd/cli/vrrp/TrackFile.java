package net.lbd.cli.vrrp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

/**
 * A file with one number that keepalived reads whenever it changes. It is put in the place of the one before in one step: keepalived
 * may have made that one, as root. Not thread-safe.
 */
final class TrackFile {

    private final Path path;

    TrackFile(String path) {
        this.path = Path.of(path);
    }

    Path path() {
        return path;
    }

    /** @throws IOException if the folder is not there, or may not be written to; tells the user what to do */
    void check() throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new IOException("vrrp: the track-file " + path + " cannot be written: "
                    + (Files.isDirectory(folder) ? "lbd may not write to " + folder : "there is no folder " + folder));
        }
    }

    /** Somebody else may have written another number: the guard, or a hand. */
    private boolean isThere(int value) throws IOException {
        try {
            return Files.readString(path, StandardCharsets.US_ASCII).equals(value + "\n");
        } catch (NoSuchFileException | AccessDeniedException e) {
            return false;
        }
    }

    /** Writes the number if the file has another, and renews the time of the file in any case: it is the sign of life. */
    void write(int value) throws IOException {
        if (isThere(value)) {
            Files.setLastModifiedTime(path, FileTime.from(Instant.now()));
            return;
        }
        Path beside = path.resolveSibling(path.getFileName() + ".new");
        Files.write(beside, (value + "\n").getBytes(StandardCharsets.US_ASCII));
        Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-r--r--"));
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
