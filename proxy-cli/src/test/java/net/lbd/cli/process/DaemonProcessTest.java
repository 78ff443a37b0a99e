package net.lbd.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The daemon as a process: signals, exit codes, files. Its engine does nothing. */
@Timeout(60)
class DaemonProcessTest {

    private static final String GOOD = """
            defaults
              mode http
              timeout connect 1s
              timeout client 1s
              timeout server 1s
            frontend fe
              bind 127.0.0.1:18080
              default_backend be
            backend be
              server s1 127.0.0.1:18081
            """;

    @TempDir
    private Path folder;
    private Path file;
    private Path socket;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("lbd.cfg");
        socket = folder.resolve("admin.sock");
        Files.writeString(file, GOOD);
    }

    private ChildProcess start(String... args) throws IOException {
        return start(List.of(), args);
    }

    private ChildProcess start(List<String> jvmFlags, String... args) throws IOException {
        String[] all = new String[args.length + 2];
        all[0] = "-f";
        all[1] = file.toString();
        System.arraycopy(args, 0, all, 2, args.length);
        return ChildProcess.daemon(Map.of("LBD_SOCKET", socket.toString()), jvmFlags, all);
    }

    private String ask(String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(1 << 16);
            while (channel.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void stopsAtOnceWithExitZero(String signal) throws Exception {
        Path pidFile = folder.resolve("lbd.pid");
        try (ChildProcess child = start("-p", pidFile.toString())) {
            assertThat(child.awaitLine("is ready")).contains("[NOTICE]   (" + child.pid() + ") : lbd version ",
                    "1 listener (127.0.0.1:18080), 1 frontend, 1 backend, 1 server; control socket " + socket);
            assertThat(pidFile).hasContent(child.pid() + "\n");

            child.signal(signal);

            child.awaitLine("SIG" + signal + ": stopping");
            assertThat(child.awaitExit()).isZero();
            child.awaitLine("engine: [apply, close]");
            assertThat(socket).doesNotExist();
            assertThat(pidFile).doesNotExist();
        }
    }

    @Test
    void softStopEndsWhenDrained() throws Exception {
        try (ChildProcess child = start()) {
            child.awaitLine("is ready");

            child.signal("USR1");

            child.awaitLine("SIGUSR1: soft stop");
            assertThat(child.awaitExit()).isZero();
            child.awaitLine("engine: [apply, softStop, close]");
        }
    }

    @Test
    void graceComesBeforeTheListenersClose() throws Exception {
        Files.writeString(file, "global\n  grace 300ms\n" + GOOD);
        try (ChildProcess child = start()) {
            child.awaitLine("is ready");

            child.signal("USR1");

            child.awaitLine("listeners stay open for another 300ms (grace)");
            assertThat(child.awaitExit()).isZero();
            child.awaitLine("engine: [apply, announceStop, softStop, close]");
        }
    }

    @Test
    void softStopEndsAfterHardStopAfter() throws Exception {
        Files.writeString(file, "global\n  hard-stop-after 300ms\n" + GOOD);
        try (ChildProcess child = start(List.of("-Dfake.connections=3"))) {
            child.awaitLine("is ready");

            child.signal("USR1");

            child.awaitLine("3 sessions are left after hard-stop-after");
            assertThat(child.awaitExit()).isZero();
        }
    }

    @Test
    void drainingDaemonAnswersRefusesReloadsAndStops() throws Exception {
        try (ChildProcess child = start(List.of("-Dfake.connections=1"))) {
            child.awaitLine("is ready");
            assertThat(ask("soft-stop")).isEqualTo("\n");

            assertThat(ask("show info")).contains("Stopping: 1");
            assertThat(ask("reload")).isEqualTo("the daemon is stopping\nSuccess=0\n\n");
            child.signal("TERM");

            assertThat(child.awaitExit()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HUP", "USR2"})
    void reloadsOnSignal(String signal) throws Exception {
        try (ChildProcess child = start()) {
            child.awaitLine("is ready");
            Files.writeString(file, GOOD + "  servr s2 127.0.0.1:18082\n");

            child.signal(signal);

            child.awaitLine("SIG" + signal + ": reload");
            assertThat(child.awaitLine("lbd.cfg:11:3")).contains("[ALERT]", "servr");
            assertThat(child.awaitLine("reload refused")).contains("[WARNING]", "the old configuration serves on",
                    "1 error");
            assertThat(ask("show stat")).contains("be,s1,").doesNotContain("be,s2,");

            Files.writeString(file, GOOD + "  server s2 127.0.0.1:18082\n");
            child.signal(signal);

            assertThat(child.awaitLine("reload: configuration applied")).contains("2 servers");
            assertThat(ask("show stat")).contains("be,s1,", "be,s2,");
        }
    }

    @Test
    void reloadThroughTheSocketTellsWhy() throws Exception {
        try (ChildProcess child = start()) {
            child.awaitLine("is ready");
            Files.writeString(file, GOOD.replace("default_backend be", "default_backend bee"));

            assertThat(ask("reload")).contains("lbd.cfg:8:19", "default_backend bee", "^~~")
                    .endsWith("errors found in the configuration, 1 error\nSuccess=0\n\n");
        }
    }

    @Test
    void brokenFileAtStartGivesAllErrorsAndExitOne() throws Exception {
        Files.writeString(file, GOOD.replace("timeout client 1s", "timeout client 10q").replace("server s1", "servr s1"));
        try (ChildProcess child = start()) {
            assertThat(child.awaitExit()).isEqualTo(1);

            assertThat(child.awaitOutput()).contains("lbd.cfg:4:18", "lbd.cfg:10:3",
                    "errors found in the configuration, 2 errors").doesNotContain("\tat ", "Exception");
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void quietStartPrintsNoDiagnostics() throws Exception {
        Files.writeString(file, "nonsense\n");
        try (ChildProcess child = start("-q")) {
            assertThat(child.awaitExit()).isEqualTo(1);

            assertThat(child.awaitOutput()).isEqualTo("engine: [close]");
        }
    }

    @Test
    void secondDaemonIsRefusedInWords() throws Exception {
        try (ChildProcess first = start()) {
            first.awaitLine("is ready");
            try (ChildProcess second = start()) {
                assertThat(second.awaitExit()).isEqualTo(1);

                assertThat(second.awaitOutput()).contains("[ALERT]", "another process answers on it already")
                        .doesNotContain("\tat ");
            }
            assertThat(ask("show info")).contains("Pid: " + first.pid());
        }
    }

    @Test
    void pidFileOfTheConfigurationIsWrittenUnlessTheFlagNamesAnother() throws Exception {
        Path configured = folder.resolve("configured.pid");
        Path flagged = folder.resolve("flagged.pid");
        Files.writeString(file, "global\n  pidfile " + configured + "\n" + GOOD);
        try (ChildProcess child = start()) {
            child.awaitLine("is ready");
            assertThat(configured).hasContent(child.pid() + "\n");

            Files.writeString(file, "global\n  pidfile " + flagged + "\n" + GOOD);
            assertThat(ask("reload")).endsWith("Success=1\n\n");
            child.awaitLine("'pidfile " + flagged + "' takes effect at the next start");

            child.signal("TERM");
            assertThat(child.awaitExit()).isZero();
            assertThat(configured).doesNotExist();
        }
        try (ChildProcess child = start("-p", configured.toString())) {
            child.awaitLine("is ready");
            assertThat(configured).hasContent(child.pid() + "\n");
            assertThat(flagged).doesNotExist();
        }
    }

    @Test
    void lowLimitOfDescriptorsIsTold() throws Exception {
        Files.writeString(file, "global\n  ulimit-n 2147483647\n" + GOOD);
        try (ChildProcess child = start()) {
            assertThat(child.awaitLine("ulimit-n")).contains("[WARNING]", "this process may open ", "LimitNOFILE");
            child.awaitLine("is ready");
        }
    }

    @Test
    void zeroWarningOfTheConfigurationRefusesTheStart() throws Exception {
        Files.writeString(file, "global\n  zero-warning\n" + GOOD.replace("  timeout server 1s\n", ""));
        try (ChildProcess child = start()) {
            assertThat(child.awaitExit()).isEqualTo(1);
            assertThat(child.awaitOutput()).contains("'zero-warning' (-dW) is set");
        }
    }

    @Test
    void pidFileThatCannotBeWrittenIsAnError() throws Exception {
        try (ChildProcess child = start("-p", folder.resolve("missing/lbd.pid").toString())) {
            assertThat(child.awaitExit()).isEqualTo(1);

            assertThat(child.awaitOutput()).contains("cannot write the pid file").doesNotContain("\tat ");
        }
    }

    @Test
    void journalLinesBeginWithThePriority() throws Exception {
        try (ChildProcess child = ChildProcess.daemon(
                Map.of("LBD_SOCKET", socket.toString(), "JOURNAL_STREAM", "8:1"), List.of(), "-f", file.toString())) {
            assertThat(child.awaitLine("is ready")).startsWith("<5>[NOTICE]   (");
        }
    }

    @Test
    void tellsSystemdHowItIs() throws Exception {
        String path = folder.resolve("notify").toString();
        try (NotifySocket systemd = new NotifySocket(path);
                ChildProcess child = ChildProcess.daemon(
                        Map.of("LBD_SOCKET", socket.toString(), "NOTIFY_SOCKET", path), List.of(), "-f",
                        file.toString())) {
            assertThat(systemd.next()).startsWith("READY=1\nSTATUS=1 listener (127.0.0.1:18080)");

            child.signal("HUP");
            assertThat(systemd.next()).startsWith("RELOADING=1\nMONOTONIC_USEC=");
            assertThat(systemd.next()).startsWith("READY=1\n");

            child.signal("TERM");
            assertThat(systemd.next()).startsWith("STOPPING=1\n");
            assertThat(child.awaitExit()).isZero();
        }
    }

    @Test
    void feedsTheWatchdog() throws Exception {
        String path = folder.resolve("notify").toString();
        try (NotifySocket systemd = new NotifySocket(path);
                ChildProcess child = ChildProcess.daemon(Map.of("LBD_SOCKET", socket.toString(), "NOTIFY_SOCKET",
                        path, "WATCHDOG_USEC", "200000"), List.of(), "-f", file.toString())) {
            assertThat(systemd.next()).startsWith("READY=1\n");
            assertThat(List.of(systemd.next(), systemd.next(), systemd.next())).containsOnly("WATCHDOG=1");
            child.signal("TERM");
            assertThat(child.awaitExit()).isZero();
        }
    }

    /** A loop that hangs is worse than a daemon that is gone: systemd must get to know. */
    @Test
    void doesNotFeedTheWatchdogWhileALoopHangs() throws Exception {
        String path = folder.resolve("notify").toString();
        try (NotifySocket systemd = new NotifySocket(path);
                ChildProcess child = ChildProcess.daemon(Map.of("LBD_SOCKET", socket.toString(), "NOTIFY_SOCKET",
                        path, "WATCHDOG_USEC", "200000"), List.of("-Dfake.blocked=true"), "-f", file.toString())) {
            assertThat(systemd.next()).startsWith("READY=1\n");
            child.awaitLine("an event loop has not answered for 100 ms: the watchdog is not fed");
            child.signal("TERM");
            assertThat(systemd.next()).as("what follows READY").startsWith("STOPPING=1\n");
            assertThat(child.awaitExit()).isZero();
        }
    }
}
