package net.lbd.cli.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import net.lbd.core.handover.DescriptorPass;
import net.lbd.core.handover.ReceivedSockets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process whose place this one takes: {@code -x SOCKET} names its control socket, {@code -sf} and {@code -st} processes that are to end
 * once this one serves. Used by one thread. Source: HAProxy management guide, "-x", "-sf", "-st".
 */
final class Predecessor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Predecessor.class);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Options options;
    /** A second name of the old control socket: its own is soon that of ours. */
    private Optional<Path> formerSocket = Optional.empty();

    Predecessor(Options options) {
        this.options = Objects.requireNonNull(options, "options");
    }

    /**
     * Takes what the old process listens on; it goes on accepting.
     *
     * @throws IOException if it does not hand it over; the message says why
     */
    ReceivedSockets take() throws IOException {
        if (options.takeFrom().isEmpty()) {
            return new ReceivedSockets();
        }
        Path socket = options.takeFrom().get();
        // A folder of our own: whoever could put a socket there could feed us others.
        Path folder = Files.createTempDirectory("lbd-takes");
        try (DescriptorPass pass = DescriptorPass.open(folder.resolve("sockets"))) {
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> ask(socket, "hand over sockets " + folder.resolve("sockets")));
            List<Integer> descriptors = List.of();
            CompletableFuture<Void> refused = answer.thenAccept(text -> {
                if (!text.startsWith("sockets ")) {
                    throw new CompletionException(new IOException(text.strip()));
                }
            });
            try {
                descriptors = pass.receive(PATIENCE, refused::isCompletedExceptionally);
                refused.join();
            } catch (CompletionException e) {
                throw new IOException(socket + ": " + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage()), e);
            }
            List<String> keys = answer.join().lines().skip(1).filter(line -> !line.isBlank()).toList();
            if (keys.size() != descriptors.size()) {
                throw new IOException(socket + ": " + descriptors.size() + " sockets came instead of " + keys.size());
            }
            List<ReceivedSockets.Held> held = new ArrayList<>();
            for (int i = 0; i < keys.size(); i++) {
                held.add(new ReceivedSockets.Held(keys.get(i), descriptors.get(i)));
            }
            if (!options.finish().isEmpty()) {
                Path former = socket.resolveSibling(socket.getFileName() + "." + ProcessHandle.current().pid() + ".former");
                Files.deleteIfExists(former);
                formerSocket = Optional.of(Files.createLink(former, socket));
            }
            LOG.info("{} listening sockets taken over from {}", held.size(), socket);
            return new ReceivedSockets(held);
        } finally {
            Files.deleteIfExists(folder);
        }
    }

    /**
     * This process serves: the old ones may end.
     *
     * @return false if another process has taken the place meanwhile: this one is not wanted
     */
    boolean finish() {
        long self = ProcessHandle.current().pid();
        List<Long> signalled = new ArrayList<>(options.finish());
        if (formerSocket.isPresent()) {
            // By its control socket it also learns who has its sockets now, and tells systemd.
            try {
                String answer = ask(formerSocket.get(), "taken over " + self);
                if (answer.startsWith("process ")) {
                    signalled.remove(Long.valueOf(answer.split(" ")[1]));
                } else if (answer.startsWith("Refused: ")) {
                    LOG.error("the former process: {}", answer.strip());
                    close();
                    return false;
                } else {
                    LOG.warn("the former process: {}", answer.strip());
                }
            } catch (CompletionException e) {
                LOG.warn("the former process is not told by {}: {}", options.takeFrom().orElseThrow(), e.getCause().getMessage());
            }
            close();
        }
        signalled.forEach(pid -> signal("USR1", pid));
        options.terminate().forEach(pid -> signal("TERM", pid));
        return true;
    }

    /** This process serves, or ends: the second name is not needed any more. */
    @Override
    public void close() {
        try {
            if (formerSocket.isPresent()) {
                Files.deleteIfExists(formerSocket.get());
            }
        } catch (IOException e) {
            LOG.debug("{} stays behind: {}", formerSocket.get(), e.getMessage());
        }
    }

    private static void signal(String name, long pid) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).redirectErrorStream(true).start();
            String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (kill.waitFor() != 0) {
                LOG.warn("process {} is not told to end: {}", pid, said);
            }
        } catch (IOException e) {
            LOG.warn("process {} is not told to end: {}", pid, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One command and its answer. */
    private static String ask(Path socket, String line) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            channel.shutdownOutput();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (channel.read(buffer) >= 0) {
                answer.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            return answer.toString(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
