package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lbctl top} on a real terminal: a pane of tmux, with a shell that must be usable afterwards. */
class TopIT {

    /** A cold JVM on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path dir;
    private final int port = Ports.free();
    private Daemon lbd;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/tmux")), "tmux is not installed: apt-get install tmux");
        lbd = startDaemon();
        tmux("new-session", "-d", "-x", "80", "-y", "24", "env", "PS1=shell> ", "bash", "--norc", "--noprofile");
        Await.until("the shell", PATIENCE, () -> screen().contains("shell>"), this::screen);
        type("stty -g > before");
    }

    @AfterEach
    void stop() {
        if (lbd != null) {
            tmux("kill-server");
            lbd.close();
        }
    }

    private Daemon startDaemon() {
        return Daemon.start(dir, """
                defaults
                    mode http
                    timeout connect 5s
                    timeout client 30s
                    timeout server 30s
                frontend web
                    bind 127.0.0.1:%1$d
                    http-request return status 503 if { path /broken }
                    default_backend app
                frontend idle
                    bind 127.0.0.1:%2$d
                    http-request return status 200
                backend app
                    http-request return status 200
                    server ex1 127.0.0.1:%1$d check inter 500ms
                    server ex2 127.0.0.1:%3$d check inter 500ms
                """.formatted(port, Ports.free(), Ports.free()), port);
    }

    @Test
    void showsWhatGoesOnAndDoesWhatKeysSay() throws IOException {
        top();
        awaitTraffic("front web +OPEN +[1-9<]");
        awaitTraffic("1 of 2 servers DOWN: app/ex2");
        assertThat(screen()).containsPattern("(?m)^back  app +UP").containsPattern("(?m)^ +ex1 +UP").containsPattern("(?m)^ +ex2 +DOWN")
                .contains("REQ/S").contains("POLLS").contains("5XX/S").contains("TOTAL").doesNotContain("SINCE");
        assertThat(screen().lines().toList()).allMatch(line -> line.length() <= 80).hasSizeLessThanOrEqualTo(24)
                .last().asString().startsWith("q quit  h help");
        awaitTraffic("front web .* [1-9][0-9.]* +- +-"); // 5xx of /broken; as many as the machine gives
        press("r", "order: requests");
        press("Right", "order: sessions");
        press("/", "filter: _");
        tmux("send-keys", "ex1");
        press("Enter", "filter: ex1");
        assertThat(screen()).contains(" ex1 ").doesNotContain("front web").doesNotContainPattern("(?m)^ +ex2 ");
        press("Escape", "front web");
        press("!", "only trouble");
        assertThat(screen()).containsPattern("(?m)^ +ex2 +DOWN").doesNotContain("front idle");
        press("!", "front idle");
        press("p", "PAUSED");
        press("p", "every 500 ms");
        press("h", "any key goes back");
        press("h", "front web");
        tmux("resize-window", "-x", "140", "-y", "40");
        Await.until("the columns of a wide terminal", PATIENCE, () -> screen().contains("SINCE"), this::screen);
        assertThat(screen().lines().toList()).last().asString().startsWith("q quit");
        quit("q");
    }

    @Test
    void waitsForADaemonThatGoesAway() throws IOException {
        top();
        awaitTraffic("front web +OPEN");
        lbd.close();
        Await.until("that it is told", PATIENCE, () -> screen().contains("NO ANSWER for "), this::screen);
        assertThat(screen()).contains("lbd is not running").contains("front web");
        lbd = startDaemon();
        Await.until("that it is back", PATIENCE, () -> !screen().contains("NO ANSWER"), this::screen);
        quit("C-c");
    }

    @Test
    void aSignalLeavesTheTerminalAsItWas() throws IOException {
        top();
        awaitTraffic("front web +OPEN");
        CommandResult.of(dir, List.of("kill", "-TERM", Files.readString(dir.resolve("pid")).strip()));
        assertShellIsUsable();
    }

    @Test
    void isRefusedWithoutATerminalAndPrintsLists() {
        CommandResult refused = lbd.lbctl("top");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.output()).contains("no terminal").contains("--once");
        CommandResult lists = lbd.lbctl("top", "-b", "-n", "2", "-d", "200ms");
        assertThat(lists.exitCode()).as(lists.output()).isZero();
        assertThat(lists.output()).containsPattern("(?m)^app/ex1 ").doesNotContain("\u001b");
        assertThat(lists.output().split("(?m)^NAME ")).hasSize(3);
        assertThat(lbd.lbctl("top", "--once", "--json", "-d", "200ms").output()).contains("\"requestsPerSecond\": ").contains("\"name\": \"ex2\"");
    }

    private void top() {
        type("sh -c 'echo $$ > pid; exec \"" + SourceTree.TOP.resolve("lbctl").toAbsolutePath() + "\" -s \"" + dir.resolve("lbd.sock") + "\" top -d 500ms'");
    }

    /** Each look follows two requests, so that there is always something to see. */
    private void awaitTraffic(String pattern) {
        Await.until(pattern, PATIENCE, () -> {
            try (RawClient client = RawClient.connect(port)) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readResponse().status()).isEqualTo(200);
                client.send("GET /broken HTTP/1.1\r\nHost: a\r\n\r\n");
                assertThat(client.readResponse().status()).isEqualTo(503);
            }
            return java.util.regex.Pattern.compile(pattern).matcher(screen()).find();
        }, this::screen);
    }

    private void press(String key, String expected) {
        tmux("send-keys", key);
        Await.until(expected + " after " + key, PATIENCE, () -> screen().contains(expected), this::screen);
    }

    private void quit(String key) throws IOException {
        tmux("send-keys", key);
        assertShellIsUsable();
    }

    private void assertShellIsUsable() throws IOException {
        Await.until("the shell is back", PATIENCE, () -> tmux("display-message", "-p", "#{alternate_on} #{cursor_flag} #{pane_current_command}")
                .strip().equals("0 1 bash"), this::screen);
        type("stty -g > after; echo do''ne");
        Await.until("the shell takes a command", PATIENCE, () -> screen().contains("done"), this::screen);
        assertThat(dir.resolve("after")).hasSameTextualContentAs(dir.resolve("before"));
        assertThat(screen()).doesNotContain("Exception").doesNotContain("WARNING");
    }

    private void type(String line) {
        tmux("send-keys", "-l", line);
        tmux("send-keys", "Enter");
    }

    private String screen() {
        return tmux("capture-pane", "-p").stripTrailing();
    }

    private String tmux(String... words) {
        List<String> command = new ArrayList<>(List.of("tmux", "-S", dir.resolve("tmux").toString(), "-f", "/dev/null"));
        command.addAll(List.of(words));
        CommandResult result = CommandResult.of(dir, command);
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output();
    }
}
