package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A daemon with few file descriptors: it goes on, says so once, and recovers by itself. */
@Timeout(120)
class DescriptorShortageIT {

    private static final int LIMIT = 320;

    @TempDir
    private Path dir;

    private final List<Socket> clients = new ArrayList<>();
    private final Set<Socket> served = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger failedAccepts = new AtomicInteger();
    private ServerSocket origin;
    private int port;

    @BeforeEach
    void startOrigin() throws IOException {
        startOriginAt(0);
        port = Ports.free();
    }

    private void startOriginAt(int originPort) throws IOException {
        ServerSocket listening = new ServerSocket(originPort, 500, InetAddress.getLoopbackAddress());
        origin = listening;
        threads.execute(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket connection = listening.accept();
                    served.add(connection);
                    threads.execute(() -> serve(connection));
                } catch (IOException e) {
                    // Checks reset their connections, which Java may find when it accepts one.
                    failedAccepts.incrementAndGet();
                }
            }
        });
    }

    private void serve(Socket connection) {
        try (connection) {
            InputStream in = connection.getInputStream();
            int ends = 0;
            for (int next = in.read(); next >= 0; next = in.read()) {
                ends = next == '\n' ? ends + 1 : next == '\r' ? ends : 0;
                if (ends == 2) {
                    connection.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nserved".getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException e) {
            // The daemon's checks reset their connections, and the test closes its own.
            return;
        } finally {
            served.remove(connection);
        }
    }

    private void stopOrigin() throws IOException {
        origin.close();
        for (Socket connection : served) {
            connection.close();
        }
    }

    @AfterEach
    void stop() throws IOException {
        closeClients();
        stopOrigin();
        threads.shutdownNow();
    }

    private void closeClients() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        clients.clear();
    }

    private Daemon start(String global) {
        Daemon lbd = Daemon.startUnder(List.of("prlimit", "--nofile=" + LIMIT + ":" + LIMIT), dir, Map.of(), """
                global
                %s
                defaults
                    mode http
                    log stdout format raw local0
                    option httplog
                    timeout connect 5s
                    timeout client 60s
                    timeout server 5s
                frontend web
                    bind 127.0.0.1:%d
                    default_backend app
                backend app
                    server s1 127.0.0.1:%d check inter 200ms fall 1
                """.formatted(global, port, origin.getLocalPort()), port);
        Await.until("readiness", () -> lbd.output().contains(" is ready: "));
        return lbd;
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(10_000);
        clients.add(client);
        return client;
    }

    private static void ask(Socket client) throws IOException {
        client.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads the head of the answer, and the body if it is the server's; returns the status. */
    private static String answer(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        StringBuilder text = new StringBuilder();
        while (text.indexOf("\r\n\r\n") < 0) {
            int next;
            try {
                next = in.read();
            } catch (SocketTimeoutException e) {
                return "nothing after '" + text + "'";
            }
            if (next < 0) {
                return "closed after '" + text + "'";
            }
            text.append((char) next);
        }
        if (text.indexOf(" 200 ") > 0) {
            in.readNBytes("served".length());
        }
        return text.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
    }

    private static int infoOf(Daemon lbd, String name) {
        return lbd.command("show info").lines().filter(l -> l.startsWith(name + ": "))
                .mapToInt(l -> Integer.parseInt(l.substring(name.length() + 2))).findFirst().orElseThrow();
    }

    private static long count(String text, String what) {
        return text.lines().filter(l -> l.contains(what)).count();
    }

    /** The CPU time that a process has used; clock ticks, of which there are 100 in a second. */
    private static long ticks(long pid) throws IOException {
        String[] fields = Files.readString(Path.of("/proc/" + pid + "/stat")).replaceFirst("^.*\\) ", "").split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    @Test
    void withoutMaxconnHalfOfTheDescriptorsAreForClients() throws Exception {
        try (Daemon lbd = start("    nbthread 1")) {
            int maxconn = infoOf(lbd, "Maxconn");
            assertThat(maxconn).isBetween(20, LIMIT / 2 - 20);
            for (int i = 0; i < maxconn + 30; i++) {
                connect();
            }
            Await.until("the clients that are taken", () -> infoOf(lbd, "CurrConns") >= maxconn);
            // Each of them has a descriptor for its server.
            for (int i = 0; i < maxconn; i++) {
                ask(clients.get(i));
            }
            for (int i = 0; i < maxconn; i++) {
                assertThat(answer(clients.get(i))).isEqualTo("200");
            }
            assertThat(lbd.output()).doesNotContain("LBR00");
        }
    }

    @Test
    void fdHardLimitLowersIt() throws Exception {
        try (Daemon lbd = start("    fd-hard-limit " + (LIMIT - 60))) {
            int lowered = infoOf(lbd, "Maxconn");
            lbd.configure(Files.readString(dir.resolve("lbd.cfg")).replace("fd-hard-limit " + (LIMIT - 60), "fd-hard-limit 0"));
            assertThat(lbd.reload().exitCode()).isZero();
            assertThat(infoOf(lbd, "Maxconn") - lowered).isBetween(26, 30);
        }
    }

    @Test
    void maxconnThatIsTooHighLeavesAReserveForServers() throws Exception {
        try (Daemon lbd = start("    nbthread 1\n    maxconn 5000")) {
            assertThat(lbd.output()).contains("LBR009 'maxconn 5000' needs ").contains("this process may open " + LIMIT + ":");
            for (int i = 0; i < 2 * LIMIT; i++) {
                connect();
            }
            Await.until("the message", () -> lbd.output().contains("LBR006"));
            long before = ticks(lbd.pid());
            Thread.sleep(2000);
            assertThat(ticks(lbd.pid()) - before).as("1/100 s of CPU time in two seconds of waiting").isLessThan(80);

            // The only loop has taken them in their order. Those that are in can be served, one after another, from the reserve; then the others come in.
            ask(clients.get(0));
            assertThat(answer(clients.get(0))).isEqualTo("200");
            Socket last = clients.get(clients.size() - 1);
            ask(last);
            for (Socket client : clients.subList(0, clients.size() - 1)) {
                client.close();
            }
            assertThat(answer(last)).isEqualTo("200");
            assertThat(count(lbd.output(), "LBR006")).isEqualTo(1);
            assertThat(lbd.output()).doesNotContain("LBR007").doesNotContain(" is DOWN");
        }
    }

    @Test
    void descriptorsThatAreTakenByOthersAreMissedAndComeBack() throws Exception {
        try (Daemon lbd = start("    nbthread 2")) {
            lbd.awaitServersUp(1);
            Socket in = connect();
            ask(in);
            assertThat(answer(in)).isEqualTo("200");
            limit(lbd, 10);
            // The idle connection to the server goes: the next request needs a new one.
            stopOrigin();
            ask(in);
            assertThat(answer(in)).isEqualTo("503");
            Await.until("who ended it, and where", () -> lbd.output().contains(" 503 ") && lbd.output().contains(" RC-- "));
            Socket waiting = connect();
            ask(waiting);
            Await.until("the message", () -> lbd.output().contains("LBR007"));
            long before = ticks(lbd.pid());
            Thread.sleep(3000);
            assertThat(ticks(lbd.pid()) - before).as("1/100 s of CPU time in three seconds of waiting").isLessThan(120);
            String meanwhile = lbd.output();
            assertThat(count(meanwhile, "LBR007")).as(meanwhile).isEqualTo(1);
            assertThat(count(meanwhile, "LBR008")).as(meanwhile).isEqualTo(1);
            assertThat(meanwhile).as("checks that could not be made say nothing").doesNotContain(" is DOWN");
            assertThat(meanwhile.lines().count()).isLessThan(30);

            startOriginAt(origin.getLocalPort());
            limit(lbd, LIMIT);

            assertThat(answer(waiting)).isEqualTo("200");
            Await.until("the end of it", () -> lbd.output().contains("LBR007 clients are accepted again"));
        }
    }

    /** No descriptor with this number or a higher one is given out any more: 10 are in use since the start. */
    private void limit(Daemon lbd, int descriptors) {
        CommandResult done = CommandResult.of(dir, List.of("prlimit", "--pid=" + lbd.pid(), "--nofile=" + descriptors + ":" + LIMIT));
        assertThat(done.exitCode()).as(done.output()).isZero();
    }
}
