package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.lbd.testkit.Ports;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code Type=notify}: systemd learns of readiness, reload and stop through its datagram socket. */
class SystemdIT {

    @TempDir
    private Path dir;

    @Test
    void readinessReloadAndStopAreNotified() throws Exception {
        int port = Ports.free();
        Path file = Files.writeString(dir.resolve("lbd.cfg"), """
                defaults
                    mode http
                    timeout connect 5s
                    timeout client 5s
                    timeout server 5s
                frontend web
                    bind 127.0.0.1:%d
                    default_backend none
                backend none
                """.formatted(port));
        try (SyslogSink systemd = SyslogSink.unix(dir.resolve("notify"))) {
            Map<String, String> environment = Map.of("NOTIFY_SOCKET", dir.resolve("notify").toString());
            try (Daemon lbd = Daemon.start(dir, environment, List.of("-f", file.toString()), port)) {
                systemd.awaitContaining("READY=1");
                systemd.clear();
                lbd.signal("HUP");
                systemd.awaitContaining("RELOADING=1");
                systemd.awaitContaining("READY=1");
                assertThat(systemd.messages().toString()).doesNotContain("STOPPING=1");
            }
            systemd.awaitContaining("STOPPING=1");
        }
    }
}
