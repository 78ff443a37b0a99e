package net.lbd.cli.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Puts a file in the place of another in one step, so that whoever reads it meanwhile reads the old one or the new one, and a full
 * disk leaves no half. Owner, group and permissions stay; behind a symbolic link the file that it leads to is replaced. Stateless.
 */
final class FileReplacement {

    private FileReplacement() { }

    /**
     * @param permissions of a file that is not there yet, such as {@code rw-------}
     * @throws IOException if the folder is not there or cannot be written to, or the owner or group cannot be kept; then nothing is changed
     */
    static void write(Path file, byte[] content, String permissions) throws IOException {
        boolean there = Files.exists(file);
        Path target = there ? file.toRealPath() : file.toAbsolutePath();
        Path folder = target.getParent();
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException("there is no folder " + folder);
        }
        Path beside = Files.createTempFile(folder, "." + target.getFileName(), ".lbctl");
        try {
            Files.write(beside, content);
            PosixFileAttributeView of = Files.getFileAttributeView(beside, PosixFileAttributeView.class);
            if (of != null) {
                Set<PosixFilePermission> granted = PosixFilePermissions.fromString(permissions);
                if (there) {
                    PosixFileAttributes before = Files.readAttributes(target, PosixFileAttributes.class);
                    PosixFileAttributes now = of.readAttributes();
                    if (!now.group().equals(before.group())) {
                        of.setGroup(before.group());
                    }
                    if (!now.owner().equals(before.owner())) {
                        of.setOwner(before.owner());
                    }
                    granted = before.permissions();
                }
                of.setPermissions(granted);
            }
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
