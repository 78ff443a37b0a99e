package net.lbd.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.LogTargetSpec;
import net.lbd.config.model.LogTargetSpec.Destination;
import net.lbd.config.model.LogTargetSpec.Facility;
import net.lbd.config.model.LogTargetSpec.Format;
import net.lbd.config.model.LogTargetSpec.Level;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.runtime.Transport;
import net.lbd.testkit.Await;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class ConnectionSinkTest {

    private static final LogIdentity IDENTITY = new LogIdentity("lbd", 30400, Optional.empty(), ZoneOffset.UTC);

    private LogWriter writer = new LogWriter(1, Transport.best());

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        writer.close();
    }

    private List<LogTarget> targets(Destination destination, Format format) {
        return List.of(writer.target(new LogTargetSpec(SourceLocation.BUILT_IN, destination, format, Facility.LOCAL0,
                Level.DEBUG, Level.EMERG, 65_535, Optional.empty()), IDENTITY));
    }

    private void log(List<LogTarget> targets, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        writer.write(0, targets, Level.INFO, bytes, 0, bytes.length);
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.setReceiveBufferSize(8192);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return listener;
    }

    private static Destination tcp(ServerSocket listener) {
        return new Destination.Tcp("127.0.0.1", listener.getLocalPort());
    }

    private static BufferedReader reader(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    }

    /** As HAProxy 2.6 sends to {@code tcp@}: the line of a datagram, then a line feed; also the first, before there is a connection. */
    @ParameterizedTest
    @EnumSource(Transport.class)
    void everyLineComesOnceInOrderAndEndsWithALineFeed(Transport transport) throws IOException {
        assumeTrue(transport == Transport.NIO || Epoll.isAvailable(), "no epoll here");
        writer.close();
        writer = new LogWriter(1, transport);
        try (ServerSocket listener = listen(0)) {
            List<LogTarget> targets = targets(tcp(listener), Format.PRIORITY);
            for (int i = 0; i < 5000; i++) {
                log(targets, "line " + i);
            }
            try (Socket server = listener.accept(); BufferedReader lines = reader(server)) {
                for (int i = 0; i < 5000; i++) {
                    assertThat(lines.readLine()).isEqualTo("<134>line " + i);
                }
            }
            assertThat(writer.dropped()).isZero();
        }
    }

    @Test
    void linesWaitForAServerThatComesLater() throws IOException {
        int port;
        try (ServerSocket free = listen(0)) {
            port = free.getLocalPort();
        }
        List<LogTarget> targets = targets(new Destination.Tcp("127.0.0.1", port), Format.RAW);
        log(targets, "early");
        try (ServerSocket listener = listen(port); Socket server = listener.accept(); BufferedReader lines = reader(server)) {
            assertThat(lines.readLine()).isEqualTo("early");
        }
        assertThat(writer.dropped()).isZero();
    }

    @Test
    void serverThatRestartsIsConnectedToAgain() throws IOException {
        try (ServerSocket listener = listen(0)) {
            List<LogTarget> targets = targets(tcp(listener), Format.RAW);
            try (Socket first = listener.accept(); BufferedReader lines = reader(first)) {
                log(targets, "to the first");
                assertThat(lines.readLine()).isEqualTo("to the first");
            }
            // Only the sink opens this one, without a line that would find the old connection dead.
            try (Socket second = listener.accept(); BufferedReader lines = reader(second)) {
                log(targets, "to the second");
                assertThat(lines.readLine()).isEqualTo("to the second");
            }
            assertThat(writer.dropped()).isZero();
        }
    }

    @Test
    void serverThatDoesNotReadCostsWholeLinesWhichAreCounted() throws IOException {
        String rest = "x".repeat(4000);
        try (ServerSocket listener = listen(0)) {
            List<LogTarget> targets = targets(tcp(listener), Format.RAW);
            int[] sent = {0};
            try (Socket server = listener.accept(); BufferedReader lines = reader(server)) {
                Await.until("lines that are dropped by the sink", () -> {
                    for (int i = 0; i < 100; i++) {
                        log(targets, sent[0]++ + " " + rest);
                    }
                    return writer.dropped() > 0;
                });
                int received = 0;
                int last = -1;
                // Reading makes room: a later line arrives, and whatever lacks before it is what was counted.
                server.setSoTimeout(200);
                while (true) {
                    String line;
                    try {
                        line = lines.readLine();
                    } catch (SocketTimeoutException everythingIsHere) {
                        break;
                    }
                    assertThat(line).endsWith(" " + rest);
                    int number = Integer.parseInt(line.substring(0, line.indexOf(' ')));
                    assertThat(number).isGreaterThan(last);
                    last = number;
                    received++;
                }
                assertThat(received + writer.dropped()).isEqualTo(sent[0]);
                log(targets, "afterwards");
                server.setSoTimeout(10_000);
                assertThat(lines.readLine()).isEqualTo("afterwards");
            }
        }
    }

    @Test
    void whatWaitsWithoutAServerIsBoundedAndTheRestCounted() throws IOException {
        int port;
        try (ServerSocket free = listen(0)) {
            port = free.getLocalPort();
        }
        List<LogTarget> targets = targets(new Destination.Tcp("127.0.0.1", port), Format.RAW);
        String line = "y".repeat(1023);
        int kept = ConnectionSink.WAITING_BYTES / 1024;
        for (int i = 0; i < kept; i++) {
            log(targets, line);
        }
        Await.until("the line that is too much", () -> {
            log(targets, "z".repeat(1023));
            return writer.dropped() > 0;
        });
        try (ServerSocket listener = listen(port); Socket server = listener.accept(); BufferedReader lines = reader(server)) {
            for (int i = 0; i < kept; i++) {
                assertThat(lines.readLine()).isEqualTo(line);
            }
        }
    }

    @Test
    void unixStreamSocketIsServedToo() throws IOException {
        assumeTrue(Epoll.isAvailable(), "needs epoll");
        Path path = folder.resolve("log.sock");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            log(targets(new Destination.UnixStream(path.toString()), Format.SHORT), "hello");
            try (SocketChannel server = listener.accept();
                    BufferedReader lines = new BufferedReader(Channels.newReader(server, StandardCharsets.UTF_8))) {
                assertThat(lines.readLine()).isEqualTo("<6>hello");
            }
        }
    }
}
