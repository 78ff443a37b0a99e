package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An event loop that one request holds up: each of very many regular expressions takes its ten milliseconds until it is given up, which
 * is what a careless configuration can bring about.
 */
@Timeout(120)
class StuckLoopIT {

    private static final int ENOUGH_FOR_A_MINUTE = 4000;
    private static final int ENOUGH_FOR_SECONDS = 250;

    @TempDir
    private Path dir;

    private final int port = Ports.free();

    private String text(String global, int slowConditions) {
        StringBuilder text = new StringBuilder("""
                global
                    nbthread 1
                %s
                defaults
                    mode http
                    timeout client 60s
                frontend web
                    bind 127.0.0.1:%d
                """.formatted(global, port));
        for (int i = 0; i < slowConditions; i++) {
            text.append("    http-request deny if { path_reg ^/(a+)+\\1b").append(i).append("$ }\n");
        }
        return text.append("    http-request return status 200 content-type text/plain string served\n").toString();
    }

    private void sendTheSlowRequest() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.getOutputStream().write(("GET /" + "a".repeat(60) + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void loopThatStaysEndsTheProcessWithItsStackInTheLog() throws Exception {
        Path file = Daemon.write(dir, text("    warn-blocked-traffic-after 500ms\n    tune.watchdog.exit-after 4s", ENOUGH_FOR_A_MINUTE));
        try (SyslogSink systemd = SyslogSink.unix(dir.resolve("notify"))) {
            Map<String, String> environment = Map.of("NOTIFY_SOCKET", dir.resolve("notify").toString(), "WATCHDOG_USEC", "2000000");
            Daemon lbd = Daemon.start(dir, environment, List.of("-f", file.toString()), port);
            systemd.awaitContaining("WATCHDOG=1");

            sendTheSlowRequest();

            Await.until("the first message", Duration.ofSeconds(20), () -> lbd.output().contains("LBR012"), lbd::output);
            assertThat(lbd.output()).contains("LBR012 event loop lbd-worker-").contains("net.lbd.core.sample.ByteRegex.find(");
            Thread.sleep(1500);
            systemd.clear();
            assertThat(lbd.awaitExit(Duration.ofSeconds(30))).as(lbd::output).isEqualTo(70);
            assertThat(systemd.messages().toString()).as("systemd is not told that all is well").doesNotContain("WATCHDOG=1");
            assertThat(lbd.output()).contains("LBR013 event loop lbd-worker-").contains("lbd ends with code 70");
        }
    }

    @Test
    void loopThatComesBackIsForgiven() throws Exception {
        try (Daemon lbd = Daemon.start(dir, text("    warn-blocked-traffic-after 500ms", ENOUGH_FOR_SECONDS), port)) {
            sendTheSlowRequest();

            Await.until("the end of it", Duration.ofSeconds(60), () -> lbd.output().contains("turns again"), lbd::output);
            assertThat(lbd.output()).contains("LBR012 event loop lbd-worker-").doesNotContain("LBR013");
        }
    }

    @Test
    void processThatWasSuspendedBlamesNobody() throws Exception {
        try (Daemon lbd = Daemon.start(dir, text("    warn-blocked-traffic-after 1s\n    tune.watchdog.exit-after 2s", 0), port)) {
            lbd.signal("STOP");
            Thread.sleep(5000);
            lbd.signal("CONT");
            Thread.sleep(1500);
            assertThat(lbd.isAlive()).as(lbd::output).isTrue();
            assertThat(lbd.output()).doesNotContain("LBR012");
        }
    }
}
