package net.lbd.core.handover;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Descriptors from one process to another over a Unix socket that the receiver has made. Each arrives as a duplicate: the sender's stays
 * open. Blocks, in small sleeps, as the native sockets do not; for plain threads. Needs Netty's native library.
 */
public final class DescriptorPass implements AutoCloseable {

    private static final long NAP_MILLIS = 1;

    private final Path path;
    private final Socket listening;

    private DescriptorPass(Path path, Socket listening) {
        this.path = Objects.requireNonNull(path, "path");
        this.listening = Objects.requireNonNull(listening, "listening");
    }

    /**
     * Opens the place where descriptors are to come.
     *
     * @param path a path in a folder that only this user may enter; its file is made, and removed by {@link #close}
     */
    public static DescriptorPass open(Path path) throws IOException {
        requireNative();
        Socket socket = Socket.newSocketDomain();
        try {
            Files.deleteIfExists(path);
            socket.bind(new DomainSocketAddress(path.toString()));
            socket.listen(1);
            return new DescriptorPass(path, socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Takes what one sender sends, until it has closed.
     *
     * @param patience for the whole
     * @param refused whether nobody will come any more
     * @return descriptors of this process; their owner is the caller
     * @throws IOException if nobody comes, or does not come to an end, in time: what has come is closed
     */
    public List<Integer> receive(Duration patience, BooleanSupplier refused) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        List<Integer> received = new ArrayList<>();
        try {
            byte[] address = new byte[25];
            int accepted = listening.accept(address);
            while (accepted < 0) {
                if (refused.getAsBoolean()) {
                    return List.of();
                }
                nap(end);
                accepted = listening.accept(address);
            }
            Socket sender = new Socket(accepted);
            try {
                for (int descriptor = sender.recvFd(); descriptor != -1; descriptor = sender.recvFd()) {
                    if (descriptor > 0) {
                        received.add(descriptor);
                    } else {
                        nap(end);
                    }
                }
            } finally {
                sender.close();
            }
            return received;
        } catch (IOException e) {
            closeAll(received);
            throw e;
        }
    }

    /**
     * Sends descriptors to where another process waits for them.
     *
     * @throws IOException if it does not, or does not take them in time
     */
    public static void send(Path to, List<Integer> descriptors, Duration patience) throws IOException {
        requireNative();
        long end = System.nanoTime() + patience.toNanos();
        Socket socket = Socket.newSocketDomain();
        try {
            if (!socket.connect(new DomainSocketAddress(to.toString()))) {
                throw new IOException("nobody waits for sockets on " + to);
            }
            for (int descriptor : descriptors) {
                // Negative: those before have not been taken yet.
                while (socket.sendFd(descriptor) < 0) {
                    nap(end);
                }
            }
        } finally {
            socket.close();
        }
    }

    static void requireNative() throws IOException {
        if (!Epoll.isAvailable()) {
            throw new IOException("sockets are passed by Netty's native library, which does not load here: " + Epoll.unavailabilityCause().getMessage());
        }
    }

    static void closeAll(List<Integer> descriptors) {
        for (int descriptor : descriptors) {
            try {
                new FileDescriptor(descriptor).close();
            } catch (IOException e) {
                // The kernel has released it all the same: close(2).
                continue;
            }
        }
    }

    private static void nap(long end) throws IOException {
        if (System.nanoTime() > end) {
            throw new IOException("the other process has not answered in time");
        }
        try {
            Thread.sleep(NAP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        Files.deleteIfExists(path);
    }
}
