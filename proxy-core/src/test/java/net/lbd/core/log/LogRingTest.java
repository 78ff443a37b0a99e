package net.lbd.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.LogTargetSpec.Destination;
import net.lbd.config.model.LogTargetSpec.Facility;
import net.lbd.config.model.LogTargetSpec.Format;
import net.lbd.config.model.LogTargetSpec.Level;
import net.lbd.config.model.RingSpec;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.runtime.Transport;
import net.lbd.testkit.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LogRingTest {

    private static final LogIdentity IDENTITY = new LogIdentity("lbd", 30400, Optional.empty(), ZoneOffset.UTC);

    private final LogWriter writer = new LogWriter(1, Transport.best());

    @AfterEach
    void close() {
        writer.close();
    }

    private static RingSpec ring(String name, int size, RingSpec.Server... servers) {
        return new RingSpec(name, name, Format.RAW, 1000, size, List.of(servers), Duration.ZERO, Duration.ZERO);
    }

    private List<LogTarget> targets(RingSpec ring) {
        return List.of(writer.target(new LogTargetSpec(SourceLocation.BUILT_IN, new Destination.Ring(ring), Format.RAW, Facility.LOCAL0,
                Level.DEBUG, Level.EMERG, 1000, Optional.empty()), IDENTITY));
    }

    private void log(List<LogTarget> targets, String... lines) {
        for (String line : lines) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            Await.until("room", () -> writer.write(0, targets, Level.INFO, bytes, 0, bytes.length));
        }
    }

    private LogRing only() {
        return writer.rings().get(0);
    }

    @Test
    void theLastLinesStayAndTheOldestMakeRoom() {
        List<LogTarget> targets = targets(ring("r", 20));
        log(targets, "one", "two", "three");
        Await.until("three lines", () -> only().from(0).next() == 3);
        assertThat(only().from(0).lines()).containsExactly("one", "two", "three");
        assertThat(only().from(2).lines()).containsExactly("three");
        assertThat(only().from(Long.MAX_VALUE).lines()).isEmpty();
        log(targets, "0123456789012");
        Await.until("the fourth line", () -> only().from(0).next() == 4);
        assertThat(only().from(0).lines()).containsExactly("three", "0123456789012");
        log(targets, "a line that is longer than the whole ring", "x");
        Await.until("the last line", () -> only().from(0).next() == 5);
        assertThat(only().dropped()).isEqualTo(1);
        assertThat(writer.dropped()).isEqualTo(1);
    }

    /** A reload that leaves the section as it is leaves its lines. */
    @Test
    void linesOutliveAReload() {
        List<LogTarget> before = targets(ring("r", 100));
        log(before, "one");
        Await.until("the line", () -> only().from(0).next() == 1);
        List<LogTarget> after = targets(ring("r", 100));
        writer.retain(after);
        assertThat(only().from(0).lines()).containsExactly("one");
        writer.retain(targets(ring("r", 200)));
        assertThat(only().from(0).lines()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void serversGetEachLine(boolean octetCount) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            RingSpec.Server server = new RingSpec.Server("s", new Destination.Tcp("127.0.0.1", listener.getLocalPort()), octetCount);
            log(targets(ring("r", 100, server)), "one", "second");
            try (Socket socket = listener.accept()) {
                String wanted = octetCount ? "3 one6 second" : "one\nsecond\n";
                assertThat(new String(socket.getInputStream().readNBytes(wanted.length()), StandardCharsets.US_ASCII)).isEqualTo(wanted);
            }
        }
    }

    /** What was taken leaves although the writer is closed, or the target is gone with a reload. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lastLinesAreNotLost(boolean reload) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            RingSpec.Server server = new RingSpec.Server("s", new Destination.Tcp("127.0.0.1", listener.getLocalPort()), false);
            List<LogTarget> targets = targets(ring("r", 1 << 20, server));
            String line = "x".repeat(900);
            log(targets, "first");
            try (Socket socket = listener.accept()) {
                // More than the socket's buffers may take before anybody reads.
                for (int i = 0; i < 800; i++) {
                    log(targets, line);
                }
                Await.until("all lines", () -> only().from(0).next() == 801);
                Thread closing = new Thread(() -> {
                    if (reload) {
                        writer.retain(List.of());
                    } else {
                        writer.close();
                    }
                });
                closing.start();
                assertThat(socket.getInputStream().readAllBytes()).hasSize("first\n".length() + 800 * (line.length() + 1));
                closing.join();
            }
            assertThat(writer.dropped()).isZero();
        }
    }
}
