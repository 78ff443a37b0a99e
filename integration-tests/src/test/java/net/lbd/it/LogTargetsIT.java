package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import net.lbd.testkit.Await;
import net.lbd.testkit.ExchangeFarm;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same access line on every kind of target: UDP, TCP, unix socket, standard output, file. */
class LogTargetsIT {

    private static final String LINE =
            "127\\.0\\.0\\.1:\\d+ \\[[^]]+\\] web farm/ex1 \\d+/\\d+/\\d+/\\d+/\\d+ 200 \\d+ - - ---- "
                    + "\\d+/\\d+/\\d+/\\d+/\\d+ \\d+/\\d+ \"GET /owa/\\?log=1 HTTP/1\\.1\"";

    @TempDir
    private Path dir;

    @Test
    void accessLineReachesEveryTarget() throws Exception {
        int port = Ports.free();
        Path file = dir.resolve("access.log");
        try (ExchangeFarm farm = ExchangeFarm.plain(1);
                ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SyslogSink udp = SyslogSink.udp();
                SyslogSink unix = SyslogSink.unix(dir.resolve("log"))) {
            String text = """
                    global
                        log 127.0.0.1:%d local1 info
                        log %s local2
                        log stdout format raw local0
                        log file@%s format raw local0
                        log tcp@127.0.0.1:%d local3
                    defaults
                        mode http
                        log global
                        option httplog
                        timeout connect 5s
                        timeout client 5s
                        timeout server 5s
                    frontend web
                        bind 127.0.0.1:%d
                        default_backend farm
                    backend farm
                        server ex1 127.0.0.1:%d
                    """.formatted(udp.port(), dir.resolve("log"), file, tcp.getLocalPort(), port, farm.server(0).port());
            try (Daemon lbd = Daemon.start(dir, text, port)) {
                try (RawClient client = RawClient.connect(port)) {
                    client.send("GET /owa/?log=1 HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.readResponse().status()).isEqualTo(200);
                }
                // local1.info is 17 * 8 + 6, local2.info 18 * 8 + 6
                assertThat(udp.awaitContaining("/owa/?log=1")).containsPattern("^<142>.*lbd\\[\\d+\\]: " + LINE);
                assertThat(unix.awaitContaining("/owa/?log=1")).containsPattern("^<150>.*lbd\\[\\d+\\]: " + LINE);
                // local3.info is 19 * 8 + 6
                tcp.setSoTimeout(10_000);
                try (Socket connection = tcp.accept(); BufferedReader lines = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
                    connection.setSoTimeout(10_000);
                    assertThat(lines.lines().filter(l -> l.contains("/owa/?log=1")).findFirst().orElseThrow())
                            .matches("<158>.*lbd\\[\\d+\\]: " + LINE);
                }
                Await.until("the line on standard output", Duration.ofSeconds(10),
                        () -> lbd.output().contains("/owa/?log=1"), lbd::output);
                assertThat(lbd.output()).containsPattern("(?m)^" + LINE + "$");
                Await.until("the line in the file", () -> Files.readString(file).contains("/owa/?log=1"));
                assertThat(Files.readString(file)).containsPattern("(?m)^" + LINE + "$");
            }
        }
    }

    @Test
    void aFullDiskCostsLinesWhichAreCountedAndHoldsNobodyUp() throws Exception {
        int port = Ports.free();
        try (ExchangeFarm farm = ExchangeFarm.plain(1);
                Daemon lbd = Daemon.start(dir, """
                        defaults
                            mode http
                            log file@/dev/full format raw local0
                            option httplog
                            timeout connect 5s
                            timeout client 5s
                            timeout server 5s
                        frontend web
                            bind 127.0.0.1:%d
                            default_backend farm
                        backend farm
                            server ex1 127.0.0.1:%d
                        """.formatted(port, farm.server(0).port()), port)) {
            for (int i = 0; i < 30; i++) {
                try (RawClient client = RawClient.connect(port)) {
                    client.send("GET /owa/ HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(client.readResponse().status()).isEqualTo(200);
                }
            }
            // The loop tells its number to no one before it has tried: at the latest with the second try, a second later.
            Await.until("every line is counted", () -> lbd.command("show info").lines().anyMatch(l -> l.matches("DroppedLogs: (3[0-9]|[4-9][0-9])")));
            assertThat(lbd.output().lines().filter(l -> l.contains("log target /dev/full does not take lines"))).as("said once").hasSize(1);
        }
    }
}
