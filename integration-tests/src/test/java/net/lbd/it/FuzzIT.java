package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.testkit.Mutations;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests and responses that are nearly right, through a real daemon: it answers as before behind them, says nothing of a bug, and its
 * memory is where it was. Seeded. {@code -Dlbd.fuzz.messages=1000000} sends more.
 */
class FuzzIT {

    private static final int MESSAGES = Integer.getInteger("lbd.fuzz.messages", 6000);
    private static final int CLIENTS = 4;
    /** How much more may be alive in the heap behind the last messages than behind the first tenth, in KiB. */
    private static final long HEAP_GROWTH = 4096;
    /** The same of all that the process has, which a garbage collector gives back when it likes. */
    private static final long RSS_GROWTH = 65_536;
    private static final Pattern LIVE = Pattern.compile("(?m)^Total +[0-9]+ +([0-9]+)");

    @TempDir
    private Path dir;

    /** What is in use: alive in the heap, and resident. */
    private record Memory(long heapKib, long rssKib) {
        static Memory of(Daemon daemon) throws Exception {
            // A histogram of what is alive collects garbage first.
            Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(daemon.pid()),
                    "GC.class_histogram").redirectErrorStream(true).start();
            String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(jcmd.waitFor()).as(histogram).isZero();
            Matcher total = LIVE.matcher(histogram);
            assertThat(total.find()).as(histogram).isTrue();
            String rss = Files.readAllLines(Path.of("/proc/" + daemon.pid() + "/status")).stream().filter(l -> l.startsWith("VmRSS:")).findFirst()
                    .orElseThrow();
            return new Memory(Long.parseLong(total.group(1)) >> 10, Long.parseLong(rss.replaceAll("[^0-9]", "")));
        }
    }

    @Test
    void memoryIsWhereItWas() throws Exception {
        int port = Ports.free();
        try (ServerSocket origin = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
                Daemon daemon = Daemon.start(dir, """
                        defaults
                            mode http
                            timeout client 5s
                            timeout connect 5s
                            timeout server 5s
                            timeout http-request 5s
                            retries 0
                        frontend fe
                            bind 127.0.0.1:%d
                            default_backend be
                        backend be
                            server s1 127.0.0.1:%d
                        """.formatted(port, origin.getLocalPort()), port)) {
            ExecutorService threads = Executors.newCachedThreadPool();
            try {
                threads.submit(() -> serve(origin, threads));
                send(threads, port, MESSAGES / 10, 1);
                Memory before = Memory.of(daemon);
                send(threads, port, MESSAGES - MESSAGES / 10, 2);
                Memory after = Memory.of(daemon);
                System.out.printf("%d messages: alive in the heap %d KiB, then %d KiB; resident %d KiB, then %d KiB%n", MESSAGES,
                        before.heapKib(), after.heapKib(), before.rssKib(), after.rssKib());
                assertThat(after.heapKib() - before.heapKib()).isLessThan(HEAP_GROWTH);
                assertThat(after.rssKib() - before.rssKib()).isLessThan(RSS_GROWTH);
                assertThat(exchange(port, "GET /good HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).startsWith("HTTP/1.1 200 OK");
                assertThat(daemon.output()).doesNotContain("Exception", "LBR002");
            } finally {
                threads.shutdownNow();
            }
        }
    }

    private static void send(ExecutorService threads, int port, int messages, int seed) throws Exception {
        List<Future<Integer>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(seed * 1000L + i);
            clients.add(threads.submit(() -> {
                int answered = 0;
                for (int n = 0; n < messages / CLIENTS; n++) {
                    String text = Mutations.head(random, true)
                            + (random.nextBoolean() ? Mutations.mutate(random, "GET /next HTTP/1.1\r\nHost: a\r\n\r\n") : "");
                    String answer = exchange(port, text);
                    assertThat(answer).as(text).matches("(?s)|HTTP/1\\.1 [1-5][0-9][0-9] .*");
                    answered += answer.isEmpty() ? 0 : 1;
                }
                return answered;
            }));
        }
        for (Future<Integer> client : clients) {
            assertThat(client.get()).isPositive();
        }
    }

    /** All that comes back; nothing where the proxy has closed before everything was sent. */
    private static String exchange(int port, String text) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setReuseAddress(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(30_000);
            try {
                socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                // Reset instead of closed: hundreds of thousands of connections would leave no port free.
                socket.setSoLinger(true, 0);
                return answer;
            } catch (SocketException refusedAndClosed) {
                return "";
            }
        }
    }

    /** A server that answers each head rightly, nearly rightly, or not at all. */
    private static void serve(ServerSocket origin, ExecutorService threads) {
        long seed = 0;
        while (!origin.isClosed()) {
            try {
                Socket socket = origin.accept();
                Random random = new Random(++seed);
                threads.submit(() -> answer(socket, random));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static void answer(Socket connection, Random random) {
        try (Socket socket = connection) {
            socket.setSoLinger(true, 0);
            InputStream in = socket.getInputStream();
            StringBuilder seen = new StringBuilder();
            byte[] bytes = new byte[8192];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                seen.append(new String(bytes, 0, read, StandardCharsets.ISO_8859_1));
                for (int end = seen.indexOf("\r\n\r\n"); end >= 0; end = seen.indexOf("\r\n\r\n")) {
                    boolean good = seen.indexOf("GET /good ") == 0 || random.nextInt(3) > 0;
                    seen.delete(0, end + 4);
                    String text = good ? "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"
                            : Mutations.head(random, false) + (random.nextBoolean() ? "5\r\nhello\r\n0\r\n\r\n" : "hello");
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                    if (!good) {
                        return;
                    }
                }
            }
        } catch (IOException cut) {
            // The proxy does not take such an answer.
            return;
        }
    }
}
