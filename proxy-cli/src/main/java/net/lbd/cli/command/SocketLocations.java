package net.lbd.cli.command;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Where the daemon makes its own control socket and where {@code lbctl} looks for it: {@code LBD_SOCKET},
 * else the first usable one of {@code $XDG_RUNTIME_DIR/lbd/admin.sock}, {@code /run/lbd/admin.sock} and
 * {@code /tmp/lbd-UID/admin.sock}. Under systemd {@code $RUNTIME_DIRECTORY} comes first for the daemon.
 * Immutable.
 */
public final class SocketLocations {

    private static final String SOCKET = "admin.sock";

    private final Map<String, String> environment;
    private final Path runDirectory;
    private final Path temporaryDirectory;
    private final int uid;

    /** @param uid of this process; owner that a shared folder must have */
    SocketLocations(Map<String, String> environment, Path runDirectory, Path temporaryDirectory, int uid) {
        this.environment = Map.copyOf(environment);
        this.runDirectory = Objects.requireNonNull(runDirectory, "runDirectory");
        this.temporaryDirectory = Objects.requireNonNull(temporaryDirectory, "temporaryDirectory");
        this.uid = uid;
    }

    /** Those of this process. */
    public static SocketLocations ofProcess() {
        return new SocketLocations(System.getenv(), Path.of("/run"), Path.of("/tmp"), currentUid());
    }

    /** One socket and no other, as {@code lbctl -s} wants it. */
    public static SocketLocations only(Path socket) {
        return new SocketLocations(Map.of("LBD_SOCKET", socket.toString()), Path.of("/run"), Path.of("/tmp"),
                currentUid());
    }

    /** What the user names with {@code LBD_SOCKET}. */
    public Optional<Path> named() {
        return Optional.ofNullable(environment.get("LBD_SOCKET")).filter(s -> !s.isBlank()).map(Path::of);
    }

    /** Where {@code lbctl} looks, in this order; paths that may not exist. */
    public List<Path> candidates() {
        if (named().isPresent()) {
            return List.of(named().get());
        }
        List<Path> paths = new ArrayList<>();
        folderOf("XDG_RUNTIME_DIR").ifPresent(dir -> paths.add(dir.resolve("lbd").resolve(SOCKET)));
        paths.add(runDirectory.resolve("lbd").resolve(SOCKET));
        Path shared = sharedFolder();
        // Anybody may make a folder of this name in /tmp: only our own is trusted.
        if (isOurs(shared)) {
            paths.add(shared.resolve(SOCKET));
        }
        return paths;
    }

    /**
     * Makes the folder for the daemon's own socket and returns the socket's path.
     *
     * @throws IOException if no folder can be made
     */
    public Path forDaemon() throws IOException {
        if (named().isPresent()) {
            return named().get();
        }
        List<Path> folders = new ArrayList<>();
        folderOf("RUNTIME_DIRECTORY").ifPresent(folders::add);
        folderOf("XDG_RUNTIME_DIR").ifPresent(dir -> folders.add(dir.resolve("lbd")));
        folders.add(runDirectory.resolve("lbd"));
        List<String> tried = new ArrayList<>();
        for (Path folder : folders) {
            if (makeFolder(folder) && Files.isWritable(folder)) {
                return folder.resolve(SOCKET);
            }
            tried.add(folder.toString());
        }
        Path shared = sharedFolder();
        if (makeFolder(shared) && isOurs(shared)) {
            return shared.resolve(SOCKET);
        }
        throw new IOException("no folder for the control socket: " + String.join(", ", tried)
                + " cannot be written, and " + shared + " is not a folder that only this user can enter;"
                + " set LBD_SOCKET or 'stats socket PATH level admin' in global");
    }

    private Optional<Path> folderOf(String variable) {
        // systemd separates several runtime directories by colons; the first is ours.
        return Optional.ofNullable(environment.get(variable))
                .map(value -> value.split(":", 2)[0])
                .filter(s -> !s.isBlank())
                .map(Path::of)
                .filter(Files::isDirectory);
    }

    private Path sharedFolder() {
        return temporaryDirectory.resolve("lbd-" + uid);
    }

    /** A folder, not a link to one, that belongs to us and that nobody else may enter. */
    private boolean isOurs(Path folder) {
        try {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            int owner = (Integer) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
            Set<PosixFilePermission> owners = EnumSet.of(PosixFilePermission.OWNER_READ,
                    PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
            return owner == uid && owners.containsAll(Files.getPosixFilePermissions(folder));
        } catch (IOException e) {
            // Gone since, or not to be looked at: not ours then.
            return false;
        }
    }

    private static boolean makeFolder(Path folder) {
        try {
            Files.createDirectory(folder,
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return true;
        } catch (FileAlreadyExistsException e) {
            return Files.isDirectory(folder);
        } catch (IOException e) {
            // Not permitted here: the caller goes on to the next place.
            return false;
        }
    }

    private static int currentUid() {
        try {
            return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            throw new IllegalStateException("lbd runs on Linux with /proc mounted only", e);
        }
    }
}
