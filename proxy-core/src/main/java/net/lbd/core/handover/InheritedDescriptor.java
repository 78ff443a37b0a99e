package net.lbd.core.handover;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A descriptor that the process was started with: {@code fd@NUMBER} of HAProxy's language, as systemd and other supervisors hand listening
 * sockets on. It stays open as long as the process lives, and what listens has a duplicate, so that a reload that leaves the socket out and
 * a later one that has it again both work. Stateless; blocks for a moment. Needs Netty's native library.
 */
public final class InheritedDescriptor {

    /** Numbers of Linux's headers. */
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private InheritedDescriptor() { }

    /**
     * A duplicate of a socket that listens.
     *
     * @throws IOException if it is not open, is no stream socket, or does not listen; the message says which
     */
    public static int duplicate(int number) throws IOException {
        DescriptorPass.requireNative();
        Socket socket;
        int type;
        try {
            socket = new Socket(number);
            type = socket.getIntOpt(SOL_SOCKET, SO_TYPE);
        } catch (ChannelException | IOException e) {
            throw new IOException(Files.exists(Path.of("/proc/self/fd/" + number)) ? "descriptor " + number + " is no socket"
                    : "descriptor " + number + " is not open; whoever starts lbd must hand it on, as systemd does with a .socket unit", e);
        }
        if (type != SOCK_STREAM || socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) == 0) {
            throw new IOException("descriptor " + number + " is a socket that does not listen for connections");
        }
        Path folder = Files.createTempDirectory("lbd-inherits");
        try (DescriptorPass self = DescriptorPass.open(folder.resolve("sockets"))) {
            // The JDK and Netty have no dup(2); a descriptor that is passed arrives as a duplicate.
            DescriptorPass.send(folder.resolve("sockets"), List.of(number), PATIENCE);
            return self.receive(PATIENCE, () -> false).get(0);
        } finally {
            Files.deleteIfExists(folder);
        }
    }

    /** Whether a socket is of the Unix family. */
    public static boolean isUnix(int socket) throws IOException {
        return new Socket(socket).getIntOpt(SOL_SOCKET, SO_DOMAIN) == AF_UNIX;
    }
}
