package net.lbd.cli.command;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import net.lbd.core.listen.UnixSocketFile;

/**
 * A bound control socket. A Unix socket takes the place of a file of the same name that nobody answers
 * on any more; it appears with its final permissions, and {@link #close} takes it away if it is still
 * this one. Used by one thread, but for the channel.
 */
final class ControlSocket implements AutoCloseable {

    private final ServerSocketChannel channel;
    private final Optional<Path> path;
    private final Object fileKey;

    private ControlSocket(ServerSocketChannel channel, Optional<Path> path, Object fileKey) {
        this.channel = Objects.requireNonNull(channel, "channel");
        this.path = Objects.requireNonNull(path, "path");
        this.fileKey = Objects.requireNonNull(fileKey, "fileKey");
    }

    /**
     * @param file its permissions and owner
     * @param replacing whether it may take the place of one on which another process answers
     * @throws IOException if it cannot be bound; the message names the path and the reason
     */
    static ControlSocket bindUnix(Path path, UnixSocketFile file, boolean replacing) throws IOException {
        refuseIfAnswered(path, replacing);
        // Bound beside its place and moved there, so that no client ever sees it with wrong permissions
        // and a stale file is replaced in one step.
        Path beside = path.resolveSibling(path.getFileName() + "." + ProcessHandle.current().pid());
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            Files.deleteIfExists(beside);
            channel.bind(UnixDomainSocketAddress.of(beside));
            file.apply(beside);
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
            return new ControlSocket(channel, Optional.of(path), fileKey(path));
        } catch (IOException | RuntimeException e) {
            channel.close();
            Files.deleteIfExists(beside);
            throw new IOException("control socket " + path + ": cannot listen: " + reason(e), e);
        }
    }

    static ControlSocket bindInet(InetSocketAddress address) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            // The process that takes this one's place listens before this one has ended.
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            channel.bind(address);
            return new ControlSocket(channel, Optional.empty(), address);
        } catch (IOException e) {
            channel.close();
            throw new IOException("control socket " + address + ": cannot listen: " + reason(e), e);
        }
    }

    /** Of a Unix socket. */
    Optional<Path> path() {
        return path;
    }

    ServerSocketChannel channel() {
        return channel;
    }

    /** Sets permissions and owner of a Unix socket's file; what is not said stays. */
    void change(UnixSocketFile file) throws IOException {
        if (path.isPresent()) {
            file.apply(path.get());
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (path.isPresent() && Files.exists(path.get()) && fileKey.equals(fileKey(path.get()))) {
            Files.deleteIfExists(path.get());
        }
    }

    private static void refuseIfAnswered(Path path, boolean replacing) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).isOther()) {
            throw new IOException("control socket " + path + ": there is a file of that name, and it is no socket");
        }
        if (replacing) {
            return;
        }
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            // Nobody listens, which is what makes a file stale.
            return;
        }
        throw new SocketInUseException(path);
    }

    /** Another process answers on the socket. */
    static final class SocketInUseException extends IOException {

        private static final long serialVersionUID = 1L;

        SocketInUseException(Path path) {
            super("control socket " + path + ": another process answers on it already; stop that one, or give"
                    + " this one a socket of its own with LBD_SOCKET or 'stats socket PATH level admin' in global");
        }
    }

    private static String reason(Exception e) {
        if (e instanceof BindException && e.getMessage() != null) {
            return e.getMessage();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static Object fileKey(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
    }
}
