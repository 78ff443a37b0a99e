package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon with little memory: the connection that wants more ends, the others go on, and clients wait before it comes to that. */
@Timeout(180)
class MemoryShortageIT {

    private static final byte[] BLOCK = new byte[64 * 1024];

    @TempDir
    private Path dir;

    private final List<Socket> clients = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int port = Ports.free();

    @AfterEach
    void stop() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        threads.shutdownNow();
    }

    private Daemon start(String javaOptions, String text) {
        return Daemon.startUnder(List.of("env"), dir, Map.of("LBD_JAVA_OPTS", javaOptions), text, port);
    }

    private Socket connect() throws IOException {
        Socket client = new Socket();
        client.setReceiveBufferSize(4096);
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        client.setSoTimeout(30_000);
        clients.add(client);
        return client;
    }

    private String ask() throws IOException {
        Socket client = connect();
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static long count(String text, String what) {
        return text.lines().filter(l -> l.contains(what)).count();
    }

    @Test
    void headThatDoesNotFitIntoTheHeapEndsItsConnectionOnly() throws Exception {
        try (Daemon lbd = start("-Xms32m -Xmx48m", """
                global
                    nbthread 1
                    tune.bufsize 1000000000
                defaults
                    mode http
                    timeout client 30s
                frontend web
                    bind 127.0.0.1:%d
                    http-request return status 200 content-type text/plain string served
                """.formatted(port))) {
            Socket before = connect();
            for (int i = 0; i < 3; i++) {
                floodWithOneHeader(connect());
                assertThat(ask()).as("the others are served").endsWith("served");
            }
            before.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(before.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)).endsWith("served");
            assertThat(count(lbd.output(), "LBR014")).as(() -> lbd.output()).isEqualTo(1);
            assertThat(lbd.output()).contains("memory has run out (Java heap space)").doesNotContain("LBR002");
        }
    }

    /** Sends until the connection is closed, at most 200 MB. */
    private static void floodWithOneHeader(Socket client) throws IOException {
        OutputStream out = client.getOutputStream();
        out.write("GET / HTTP/1.1\r\nHost: x\r\nX-Large: ".getBytes(StandardCharsets.US_ASCII));
        byte[] letters = new byte[1 << 20];
        Arrays.fill(letters, (byte) 'a');
        try {
            for (int i = 0; i < 200; i++) {
                out.write(letters);
            }
        } catch (SocketException e) {
            return;
        }
        throw new AssertionError("a header of 200 MB found room in 48 MB");
    }

    @Test
    void slowReadersOfBulkMakeNewClientsWaitAndNothingElse() throws Exception {
        try (ServerSocket bulk = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
                Daemon lbd = start("-XX:MaxDirectMemorySize=40m", """
                        global
                            nbthread 1
                        defaults
                            mode tcp
                            timeout connect 5s
                            timeout client 60s
                            timeout server 60s
                        listen bulk
                            bind 127.0.0.1:%d
                            server s1 127.0.0.1:%d
                        """.formatted(port, bulk.getLocalPort()))) {
            threads.execute(() -> sendWithoutEnd(bulk));
            // None of them reads: what the daemon has read for them stays with it.
            for (int i = 0; i < 400; i++) {
                connect();
            }
            Await.until("the pause", Duration.ofSeconds(60), () -> lbd.output().contains("LBR010 no more clients"), () -> lbd.output());
            String meanwhile = lbd.command("show info");
            assertThat(meanwhile).as("commands are answered").contains("CurrConns: ");

            for (Socket client : clients) {
                client.setSoLinger(true, 0);
                client.close();
            }
            clients.clear();

            Await.until("the end of the pause", Duration.ofSeconds(60), () -> lbd.output().contains("LBR010 clients are accepted again"),
                    () -> lbd.output());
            assertThat(connect().getInputStream().readNBytes(100_000)).hasSize(100_000);
            assertThat(lbd.output()).doesNotContain("LBR002");
            assertThat(count(lbd.output(), "LBR014")).isLessThanOrEqualTo(1);
            assertThat(lbd.output().lines().count()).as(() -> lbd.output()).isLessThan(30);
        }
    }

    private void sendWithoutEnd(ServerSocket bulk) {
        while (!bulk.isClosed()) {
            try {
                Socket connection = bulk.accept();
                threads.execute(() -> {
                    try (connection) {
                        while (true) {
                            connection.getOutputStream().write(BLOCK);
                        }
                    } catch (IOException e) {
                        return;
                    }
                });
            } catch (IOException e) {
                return;
            }
        }
    }
}
