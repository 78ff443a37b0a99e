package net.lbd.cli.admin;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Sends lines to a daemon's control socket, each on a connection of its own. Used by one thread. */
final class DaemonClient {

    /** No daemon answers; exit code 3. */
    static final class NotRunningException extends IOException {

        private static final long serialVersionUID = 1L;

        NotRunningException(String message) {
            super(message);
        }
    }

    private final List<Path> candidates;

    /** @param candidates sockets to try, in this order */
    DaemonClient(List<Path> candidates) {
        this.candidates = List.copyOf(candidates);
    }

    /**
     * Sends one line and returns the whole answer.
     *
     * @param patience for the whole exchange
     * @throws NotRunningException if nobody answers on any socket
     */
    String send(String line, Duration patience) throws IOException {
        try (SocketChannel channel = connect()) {
            Thread deadline = closeAfter(channel, patience);
            try {
                ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.shutdownOutput();
                return readAll(channel);
            } finally {
                deadline.interrupt();
            }
        } catch (AsynchronousCloseException e) {
            throw new IOException("no answer within " + patience.toSeconds() + " s", e);
        }
    }

    /** Sends one line and reads the answer as it comes, until the daemon ends it; its writing half stays open, as 'show events -w' wants it. */
    void follow(String line, Consumer<String> lines) throws IOException {
        try (SocketChannel channel = connect()) {
            ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            BufferedReader reader = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
            for (String next = reader.readLine(); next != null; next = reader.readLine()) {
                lines.accept(next);
            }
        }
    }

    private SocketChannel connect() throws IOException {
        List<String> reasons = new ArrayList<>();
        Path denied = null;
        for (Path path : candidates) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(path));
                return channel;
            } catch (IOException | IllegalArgumentException e) {
                channel.close();
                if (denied == null && isDenied(e)) {
                    denied = path;
                }
                reasons.add(path + (Files.exists(path) ? " (" + e.getMessage() + ")" : ""));
            }
        }
        String tried = reasons.stream().collect(Collectors.joining(", "));
        if (denied != null) {
            throw new IOException("this user may not use the control socket " + denied + group(denied) + "; or use sudo");
        }
        throw new NotRunningException("lbd is not running: nobody answers on " + tried);
    }

    /** Who may, as far as it can be told. */
    private static String group(Path socket) {
        try {
            PosixFileAttributes of = Files.readAttributes(socket, PosixFileAttributes.class);
            return of.permissions().contains(PosixFilePermission.GROUP_WRITE)
                    ? "; join its group ('usermod -aG " + of.group().getName() + " USER', and log in again)"
                    : "; its owner's group may with a 'stats socket … mode 660' line in global";
        } catch (IOException e) {
            // The folder may be closed as well: then only root can look.
            return "";
        }
    }

    /** The JDK has no exception of its own for it. */
    private static boolean isDenied(Exception e) {
        return e instanceof IOException && String.valueOf(e.getMessage()).contains("Permission denied");
    }

    private static String readAll(SocketChannel channel) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(16384);
        while (channel.read(buffer) >= 0) {
            answer.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    /** The JDK's Unix sockets have no timeouts: a second thread closes the channel. */
    private static Thread closeAfter(SocketChannel channel, Duration patience) {
        Thread thread = new Thread(() -> {
            try {
                Thread.sleep(patience.toMillis());
                channel.close();
            } catch (InterruptedException | IOException e) {
                // Answered in time, or closed already: either way there is nothing left to bound.
                return;
            }
        }, "lbctl-deadline");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
