package net.lbd.cli.admin;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Puts a folder in the place of another by two renames, and back again. What stands in its folder {@value #LOCAL} belongs to the machine
 * and comes along. All lies beside the folder {@code X}: {@code .X-sync} (being filled), {@code .X-sync.old} (between the two renames),
 * {@code X.before-sync} (what was replaced last), {@code X.rejected} (what was refused last), {@code .X-sync.lock}. A process that dies
 * between the renames leaves no {@code X}: the next one puts the old one back. Not thread-safe.
 */
final class FolderSwap implements AutoCloseable {

    /** Below the folder: never replaced. */
    static final String LOCAL = "local";

    private final Path folder;
    private final Path staging;
    private final Path aside;
    private final Path before;
    private final Path rejected;
    private final FileChannel lock;

    /**
     * @param folder the one to be replaced, without symbolic links; its parent must be writable and on the same file system
     * @throws IOException if another swap of it is under way, or it is a mount point
     */
    FolderSwap(Path folder) throws IOException {
        String name = folder.getFileName().toString();
        this.folder = folder;
        this.staging = folder.resolveSibling("." + name + "-sync");
        this.aside = folder.resolveSibling("." + name + "-sync.old");
        this.before = folder.resolveSibling(name + ".before-sync");
        this.rejected = folder.resolveSibling(name + ".rejected");
        this.lock = lock(folder.resolveSibling("." + name + "-sync.lock"));
        try {
            recover();
            removeTree(staging);
            Files.createDirectory(staging, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** The file stays: another process may hold it open already. */
    private FileChannel lock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock got = channel.tryLock();
            if (got != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException("another lbctl is replacing " + folder + " at this moment", e);
        }
        channel.close();
        throw new IOException("another lbctl is replacing " + folder + " at this moment");
    }

    private void recover() throws IOException {
        if (!Files.isDirectory(aside)) {
            return;
        }
        if (isEmptyOrMissing(folder)) {
            Files.deleteIfExists(folder);
            Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
        } else {
            // It died after the second rename: what serves is the new one.
            removeTree(before);
            Files.move(aside, before, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static boolean isEmptyOrMissing(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        try (var entries = Files.newDirectoryStream(folder)) {
            return !entries.iterator().hasNext();
        }
    }

    /** Where the new folder is filled. */
    Path staging() {
        return staging;
    }

    Path before() {
        return before;
    }

    Path rejected() {
        return rejected;
    }

    /** What belongs to the machine comes into the new folder; the old one keeps it too. */
    void bringLocal() throws IOException {
        Path own = folder.resolve(LOCAL);
        removeTree(staging.resolve(LOCAL));
        if (Files.exists(own, LinkOption.NOFOLLOW_LINKS)) {
            ProcessRun copy = ProcessRun.of(new ProcessBuilder("cp", "-a", own.toString(), staging.resolve(LOCAL).toString()));
            if (!copy.isGood()) {
                throw new IOException(own + " cannot be copied: " + copy.complaint());
            }
        }
    }

    /** Now the new one counts; {@link #keep} or {@link #swapBack} must follow. */
    void swap() throws IOException {
        likeTheOther(folder, staging);
        Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(staging, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
    }

    /** The new one stays, and the old one beside it. */
    void keep() throws IOException {
        removeTree(before);
        Files.move(aside, before, StandardCopyOption.ATOMIC_MOVE);
    }

    /** The old one counts again, and the new one is kept aside. */
    void swapBack() throws IOException {
        removeTree(rejected);
        Files.move(folder, rejected, StandardCopyOption.ATOMIC_MOVE);
        Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What was filled and not used goes. */
    @Override
    public void close() throws IOException {
        try {
            removeTree(staging);
        } finally {
            lock.close();
        }
    }

    private static void likeTheOther(Path model, Path made) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(made, PosixFileAttributeView.class);
        if (view != null) {
            PosixFileAttributes wanted = Files.readAttributes(model, PosixFileAttributes.class);
            view.setGroup(wanted.group());
            view.setOwner(wanted.owner());
            view.setPermissions(wanted.permissions());
        }
    }

    private static void removeTree(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
