package net.lbd.cli.admin;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;

/**
 * Puts a folder in the place of another by two renames, and back again. What stands in its folder {@value #LOCAL} belongs to the machine
 * and moves over. The one that was replaced last stays beside it. Not thread-safe.
 */
final class FolderSwap implements AutoCloseable {

    /** Below the folder: never replaced. */
    static final String LOCAL = "local";

    private final Path folder;
    private final Path staging;
    private final Path aside;
    private final Path lockFile;
    private final FileChannel lock;
    private final Path before;

    /**
     * @param folder the one to be replaced; its parent must be writable and on the same file system
     * @throws IOException if another swap of it is under way
     */
    FolderSwap(Path folder) throws IOException {
        this.folder = folder;
        this.lockFile = folder.resolveSibling("." + folder.getFileName() + "-sync.lock");
        this.lock = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            lock.close();
            throw new IOException("another lbctl is replacing " + folder + " at this moment");
        }
        this.before = folder.resolveSibling(folder.getFileName() + ".before-sync");
        this.staging = Files.createTempDirectory(folder.toAbsolutePath().getParent(), "." + folder.getFileName() + "-sync");
        this.aside = staging.resolveSibling(staging.getFileName() + ".old");
    }

    /** Where the new folder is filled. */
    Path staging() {
        return staging;
    }

    Path before() {
        return before;
    }

    /** Now the new one counts; {@link #keep} or {@link #swapBack} must follow. */
    void swap() throws IOException {
        boolean there = Files.isDirectory(folder);
        if (there) {
            likeTheOther(folder, staging);
            Files.move(folder, aside, StandardCopyOption.ATOMIC_MOVE);
        }
        try {
            Files.move(staging, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (there) {
                Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
            }
            throw e;
        }
        moveLocal(aside, folder);
    }

    /** The new one stays, and the old one beside it. */
    void keep() throws IOException {
        if (Files.isDirectory(aside)) {
            removeTree(before);
            Files.move(aside, before, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** The old one counts again. */
    void swapBack() throws IOException {
        if (Files.isDirectory(aside)) {
            moveLocal(folder, aside);
            Files.move(folder, staging, StandardCopyOption.ATOMIC_MOVE);
            Files.move(aside, folder, StandardCopyOption.ATOMIC_MOVE);
        } else {
            Files.move(folder, staging, StandardCopyOption.ATOMIC_MOVE);
        }
        removeTree(staging);
    }

    /** Nothing has been swapped, and nothing shall be. */
    void forget() throws IOException {
        removeTree(staging);
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(lockFile);
        lock.close();
    }

    private static void moveLocal(Path from, Path to) throws IOException {
        Path own = from.resolve(LOCAL);
        if (Files.isDirectory(own)) {
            removeTree(to.resolve(LOCAL));
            Files.move(own, to.resolve(LOCAL), StandardCopyOption.ATOMIC_MOVE);
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
        if (!Files.exists(root)) {
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
