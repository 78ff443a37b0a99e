package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clock of the machine is set by hours, forward and back, under a running daemon: dates follow it, and nothing that lasts a time does. A library in front of
 * the system's adds what a file says to the time of day; the clock that nobody sets is left alone, as it is on a real machine.
 */
@Timeout(120)
class ClockJumpIT {

    private static final String LIBRARY = """
            #define _GNU_SOURCE
            #include <time.h>
            #include <sys/time.h>
            #include <sys/mman.h>
            #include <sys/syscall.h>
            #include <fcntl.h>
            #include <stdlib.h>
            #include <unistd.h>
            static long offset(void) {
                static volatile long *seconds;
                if (!seconds) {
                    int fd = open(getenv("CLOCK_OFFSET_FILE"), O_RDONLY);
                    void *p = mmap(0, sizeof(long), PROT_READ, MAP_SHARED, fd, 0);
                    if (p == MAP_FAILED) abort();
                    close(fd);
                    seconds = p;
                }
                return *seconds;
            }
            int clock_gettime(clockid_t clock, struct timespec *t) {
                int rc = syscall(SYS_clock_gettime, clock, t);
                if (rc == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) t->tv_sec += offset();
                return rc;
            }
            int gettimeofday(struct timeval *restrict t, void *restrict zone) {
                struct timespec now;
                clock_gettime(CLOCK_REALTIME, &now);
                t->tv_sec = now.tv_sec; t->tv_usec = now.tv_nsec / 1000;
                return 0;
            }
            """;

    @TempDir
    private Path dir;

    private final AtomicInteger checks = new AtomicInteger();
    private final AtomicInteger failedAccepts = new AtomicInteger();
    private final int port = Ports.free();
    private Path offset;
    private Path library;

    @BeforeEach
    void build() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/gcc")), "there is no gcc");
        offset = dir.resolve("offset");
        setClock(Duration.ZERO);
        Path source = Files.writeString(dir.resolve("clock.c"), LIBRARY);
        library = dir.resolve("clock.so");
        CommandResult built = CommandResult.of(dir, List.of("gcc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString()));
        assertThat(built.exitCode()).as(built.output()).isZero();
    }

    private void setClock(Duration ahead) throws IOException {
        Files.write(offset, ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(ahead.toSeconds()).array());
    }

    private String text(int serverPort) {
        return """
                global
                    nbthread 1
                defaults
                    mode http
                    log stdout format raw local0
                    option httplog
                    timeout connect 2s
                    timeout client 3s
                    timeout http-keep-alive 60s
                    timeout server 5s
                frontend web
                    bind 127.0.0.1:%d
                    http-request track-sc0 src table seen
                    http-request return status 200 content-type text/plain lf-string "%%[date,utime(%%d %%H)]" if { path /date }
                    http-request return status 200 content-type text/plain string served
                backend seen
                    stick-table type ip size 100 expire 10m store http_req_cnt,http_req_rate(60s)
                backend app
                    server s1 127.0.0.1:%d check inter 200ms
                """.formatted(port, serverPort);
    }

    private static String ask(Socket client, String path) throws IOException {
        client.getOutputStream().write(("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = client.getInputStream().read();
            assertThat(next).as("the connection has ended behind '" + head + "'").isNotNegative();
            head.append((char) next);
        }
        String length = head.toString().toLowerCase(Locale.ROOT).replaceAll("(?s).*content-length: (\\d+).*", "$1");
        return new String(client.getInputStream().readNBytes(Integer.parseInt(length)), StandardCharsets.US_ASCII);
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(20_000);
        return client;
    }

    @Test
    void hoursForwardAndBackChangeDatesAndNothingElse() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread counting = new Thread(() -> countChecks(server));
            counting.setDaemon(true);
            counting.start();
            Map<String, String> environment = Map.of("LD_PRELOAD", library.toString(), "CLOCK_OFFSET_FILE", offset.toString());
            try (Daemon lbd = Daemon.startUnder(List.of("env"), dir, environment, text(server.getLocalPort()), port)) {
                lbd.awaitServersUp(1);
                Socket idle = connect();
                ask(idle, "/");

                for (Duration jump : List.of(Duration.ofHours(7), Duration.ofHours(-12))) {
                    setClock(jump);
                    assertThat(ask(idle, "/date")).as("dates follow the clock").isIn(date(jump), date(jump.plusSeconds(5)));
                    int before = checks.get();
                    Await.until("checks in their rhythm", Duration.ofSeconds(5), () -> checks.get() >= before + 5, () -> failedAccepts + " failed");
                    assertThat(uptimeSeconds(lbd)).as("uptime").isBetween(0L, 60L);
                    assertThat(lbd.command("show stat")).contains("app,s1,").contains("UP");
                    assertThat(lbd.output()).doesNotContain(" is DOWN");
                    timesOutInItsTime();
                }
                assertThat(ask(idle, "/")).as("the idle connection").isEqualTo("served");
                assertThat(lbd.command("show table seen")).as("the table has forgotten nothing").contains("http_req_cnt=4 ").contains("http_req_rate(60000)=4");
                assertThat(lastChangeOf(lbd)).as("the last change of the server").isBetween(0L, 60L);
            }
        }
    }

    private static String date(Duration ahead) {
        return DateTimeFormatter.ofPattern("dd HH").format(Instant.now().plus(ahead).atZone(ZoneId.of("UTC")));
    }

    private void timesOutInItsTime() throws IOException {
        try (Socket half = connect()) {
            long begin = System.nanoTime();
            half.getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(half.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 408 ");
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(2900), Duration.ofSeconds(10));
        }
    }

    private static long uptimeSeconds(Daemon lbd) {
        return Long.parseLong(lbd.command("show info").replaceAll("(?s).*\nUptime_sec: (\\d+)\n.*", "$1"));
    }

    /** The column {@code srv_time_since_last_change}. */
    private static long lastChangeOf(Daemon lbd) {
        String row = lbd.command("show servers state").lines().filter(l -> l.contains(" app ") && l.contains(" s1 ")).findFirst().orElseThrow();
        return Long.parseLong(row.split(" ")[9]);
    }

    private void countChecks(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                server.accept().close();
                checks.incrementAndGet();
            } catch (IOException e) {
                // Checks reset their connections, which Java may find when it accepts one.
                failedAccepts.incrementAndGet();
            }
        }
    }
}
