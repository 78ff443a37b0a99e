package net.lbd.core.listen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Permissions and owner of the file of a Unix socket. The socket is opened under a name beside its own, gets what it shall
 * have, and is then moved to its place in one step: nobody meets it half made, and a socket that another process left
 * there, or still has, is replaced, as in HAProxy. Immutable.
 *
 * @param mode permission bits; by default as the umask has it
 * @param user a name or a number
 * @param group a name or a number
 */
public record UnixSocketFile(Optional<Integer> mode, Optional<String> user, Optional<String> group) {

    /** As the process makes it. */
    public static final UnixSocketFile PLAIN = new UnixSocketFile(Optional.empty(), Optional.empty(), Optional.empty());

    public UnixSocketFile {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(group, "group");
    }

    /** Where to open the socket that belongs at this path. */
    static Path beside(Path path) {
        return path.resolveSibling(path.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    }

    /** @throws IOException if something else than a socket is there */
    static void refuseOtherFiles(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !isSocket(path)) {
            throw new IOException("there is a file of another kind; only a socket is replaced");
        }
    }

    /** Sockets are what is neither file, folder, link, nor a device; the JDK counts all of those as "other". */
    private static boolean isSocket(Path path) throws IOException {
        Object mode = Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        return ((Integer) mode & 0170000) == 0140000;
    }

    /** Gives an open socket its owner and permissions, and moves it to its place. */
    void place(Path opened, Path path) throws IOException {
        try {
            apply(opened);
            Files.move(opened, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(opened);
            throw e;
        }
    }

    /** Gives the file its owner and permissions. */
    public void apply(Path file) throws IOException {
        if (group.isPresent()) {
            own(file, group.get(), true);
        }
        if (user.isPresent()) {
            own(file, user.get(), false);
        }
        if (mode.isPresent()) {
            Files.setPosixFilePermissions(file, permissions(mode.get()));
        }
    }

    private static void own(Path file, String name, boolean isGroup) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (name.matches("[0-9]+")) {
            Files.setAttribute(file, isGroup ? "unix:gid" : "unix:uid", Integer.parseInt(name), LinkOption.NOFOLLOW_LINKS);
            return;
        }
        try {
            UserPrincipalLookupService names = file.getFileSystem().getUserPrincipalLookupService();
            if (isGroup) {
                view.setGroup(names.lookupPrincipalByGroupName(name));
            } else {
                view.setOwner(names.lookupPrincipalByName(name));
            }
        } catch (UserPrincipalNotFoundException e) {
            throw new IOException("there is no " + (isGroup ? "group" : "user") + " '" + name + "'", e);
        }
    }

    private static Set<PosixFilePermission> permissions(int bits) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            // They stand in the order of the nine bits.
            if ((bits & 0400 >> i) != 0) {
                permissions.add(all[i]);
            }
        }
        return permissions;
    }

    /** What tells a socket from one that has taken its place; empty if nothing is there. */
    static Optional<Object> identity(Path path) throws IOException {
        try {
            return Optional.of(Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
