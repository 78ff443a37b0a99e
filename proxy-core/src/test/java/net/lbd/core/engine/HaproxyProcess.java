package net.lbd.core.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;

/** Debian's haproxy as a child of the test, with one configuration; the port of its bind is written {@code 127.0.0.1:@1}. */
final class HaproxyProcess implements AutoCloseable {

    static final Path PROGRAM = Path.of("/usr/sbin/haproxy");

    private final Process process;
    private final int port;

    private HaproxyProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Skips the test where there is no haproxy. */
    static void assumeInstalled() {
        assumeTrue(Files.isExecutable(PROGRAM), "haproxy is not installed; on Debian: apt-get install haproxy");
    }

    static HaproxyProcess start(String text, Path folder) {
        int port = Ports.free();
        Path output = folder.resolve("haproxy.log");
        try {
            Path file = folder.resolve("haproxy.cfg");
            Files.writeString(file, text.replace("127.0.0.1:@1", "127.0.0.1:" + port));
            HaproxyProcess started = new HaproxyProcess(new ProcessBuilder(PROGRAM.toString(), "-db", "-f", file.toString())
                    .redirectErrorStream(true).redirectOutput(output.toFile()).start(), port);
            Await.until("haproxy to listen", () -> !started.process.isAlive() || isListening(port));
            if (!started.process.isAlive()) {
                throw new AssertionError("haproxy ended: " + Files.readString(output));
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("haproxy cannot be run", e);
        }
    }

    /** As the kernel tells: to connect would be a session, and how HAProxy counts one without a request depends on chance. */
    private static boolean isListening(int port) throws IOException {
        String local = String.format(":%04X", port);
        try (java.util.stream.Stream<String> sockets = Files.lines(Path.of("/proc/net/tcp"))) {
            return sockets.map(line -> line.strip().split("\\s+")).anyMatch(f -> f[1].endsWith(local) && f[3].equals("0A"));
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
