package net.lbd.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real datagram socket, as systemd listens on one. */
class SystemdNotifierTest {

    @TempDir
    private Path folder;
    @Test
    void tellsItsStatesThroughAPath() throws Exception {
        String path = folder.resolve("notify").toString();
        try (NotifySocket systemd = new NotifySocket(path)) {
            SystemdNotifier notifier = SystemdNotifier.of(Map.of("NOTIFY_SOCKET", path));

            notifier.ready("2 listeners");
            notifier.alive();
            notifier.stopping("draining");

            assertThat(systemd.next()).isEqualTo("READY=1\nSTATUS=2 listeners");
            assertThat(systemd.next()).isEqualTo("WATCHDOG=1");
            assertThat(systemd.next()).isEqualTo("STOPPING=1\nSTATUS=draining");
        }
    }

    @Test
    void tellsThemThroughAnAbstractName() throws Exception {
        String name = "lbd-test-" + ProcessHandle.current().pid() + "-" + System.nanoTime();
        try (NotifySocket systemd = new NotifySocket("\0" + name)) {
            SystemdNotifier.of(Map.of("NOTIFY_SOCKET", "@" + name)).ready("abstract");

            assertThat(systemd.next()).isEqualTo("READY=1\nSTATUS=abstract");
        }
    }

    @Test
    void reloadingCarriesTheMonotonicClock() throws Exception {
        String path = folder.resolve("notify").toString();
        String[] lines;
        try (NotifySocket systemd = new NotifySocket(path)) {
            SystemdNotifier.of(Map.of("NOTIFY_SOCKET", path)).reloading();
            lines = systemd.next().split("\n");
        }

        assertThat(lines[0]).isEqualTo("RELOADING=1");
        assertThat(lines[1]).startsWith("MONOTONIC_USEC=");
        double seconds = Long.parseLong(lines[1].substring("MONOTONIC_USEC=".length())) / 1e6;
        // The kernel's uptime is the same clock unless the machine has slept.
        assertThat(seconds).isBetween(0.0, uptimeSeconds() + 1);
    }

    private static double uptimeSeconds() throws IOException {
        return Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
    }

    @Test
    void withoutASocketNothingHappens() {
        SystemdNotifier notifier = SystemdNotifier.of(Map.of());

        assertThatCode(() -> notifier.ready("nobody listens")).doesNotThrowAnyException();
        assertThat(notifier.watchdogInterval()).isEmpty();
    }

    @Test
    void goneSocketIsSurvived() {
        SystemdNotifier notifier =
                SystemdNotifier.of(Map.of("NOTIFY_SOCKET", folder.resolve("missing").toString()));

        assertThatCode(() -> notifier.ready("into the void")).doesNotThrowAnyException();
    }

    @Test
    void watchdogIsFedTwiceInItsTime() {
        String pid = Long.toString(ProcessHandle.current().pid());
        Map<String, String> ours =
                Map.of("NOTIFY_SOCKET", "/x", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", pid);
        Map<String, String> others = Map.of("NOTIFY_SOCKET", "/x", "WATCHDOG_USEC", "30000000", "WATCHDOG_PID", "1");
        Map<String, String> broken = Map.of("NOTIFY_SOCKET", "/x", "WATCHDOG_USEC", "soon");

        assertThat(SystemdNotifier.of(ours).watchdogInterval()).contains(Duration.ofSeconds(15));
        assertThat(SystemdNotifier.of(others).watchdogInterval()).isEmpty();
        assertThat(SystemdNotifier.of(broken).watchdogInterval()).isEmpty();
    }
}
