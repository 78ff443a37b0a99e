package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lbctl logs} reads what a real daemon writes, in each format that has a name. */
class LogsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path dir;
    private final int http = Ports.free();
    private final int https = Ports.free();
    private final int clf = Ports.free();
    private final int tcp = Ports.free();
    private final int own = Ports.free();

    private String configuration(String target) {
        return """
                global
                    log %1$s local0
                    ring memory
                        size 65536
                        format raw
                defaults
                    mode http
                    log global
                    option dontlognull
                    timeout connect 5s
                    timeout client 30s
                    timeout server 30s
                frontend plain
                    bind 127.0.0.1:%2$d
                    option httplog
                    http-request capture req.hdr(host) len 20
                    default_backend app
                frontend more
                    bind 127.0.0.1:%3$d
                    option httpslog
                    default_backend app
                frontend common
                    bind 127.0.0.1:%4$d
                    option httplog clf
                    default_backend app
                frontend own
                    bind 127.0.0.1:%6$d
                    log-format "own %%ST %%r"
                    default_backend app
                backend app
                    http-request return status 503 if { path /broken }
                    http-request return status 200 if { path / }
                    server gone 127.0.0.1:%7$d
                listen through
                    mode tcp
                    bind 127.0.0.1:%5$d
                    option tcplog
                    server ex1 127.0.0.1:%2$d
                """.formatted(target, http, https, clf, tcp, own, Ports.free());
    }

    @Test
    void filesAreFilteredAndFollowedOverARotation() throws Exception {
        Path log = dir.resolve("access.log");
        try (Daemon lbd = Daemon.start(dir, configuration("file@" + log), http, https, clf, tcp, own)) {
            for (int port : List.of(http, https, clf, own, tcp)) {
                get(port, "/", 200);
                get(port, "/broken", 503);
            }
            Await.until("all lines", PATIENCE, () -> Files.exists(log) && Files.readAllLines(log).size() >= 12, () -> text(log));
            assertThat(logs(lbd, "--status", "5xx", "--service", "plain")).hasSize(2).allMatch(line -> line.contains("\"GET /broken HTTP/1.1\"") && line.contains(" 503 "));
            assertThat(logs(lbd, "--service", "more")).hasSize(2);
            assertThat(logs(lbd, "--service", "common", "--status", "200-299")).hasSize(1).allMatch(line -> line.contains("\"GET / HTTP/1.1\" 200 "));
            assertThat(logs(lbd, "--server", "through/ex1")).isNotEmpty().allMatch(line -> line.contains("through through/ex1"));
            assertThat(logs(lbd, "--grep", "own 503", "-n", "5")).hasSize(1);
            assertThat(logs(lbd, "--slower", "20s")).isEmpty();
            assertThat(logs(lbd, "-n", "3")).hasSize(3);
            assertThat(logs(lbd, "--json", "--service", "common", "--status", "503")).singleElement().asString()
                    .startsWith("{").endsWith("}").contains("\"frontend\": \"common\", \"backend\": \"app\"").contains("\"status\": 503")
                    .contains("\"request\": \"GET /broken HTTP/1.1\"").contains("\"totalMilliseconds\": ").contains("\"client\": \"127.0.0.1:");
            CommandResult none = lbd.lbctl("logs", "--grep", "own ", "--status", "503");
            assertThat(none.exitCode()).isZero();
            assertThat(none.output()).contains("filters by field do not work").contains("log-format");
            assertThat(lbd.lbctl("logs", "--status", "5x").output()).contains("5xx");

            Path out = dir.resolve("followed");
            Process follower = new ProcessBuilder(SourceTree.TOP.resolve("lbctl").toString(), "-s", dir.resolve("lbd.sock").toString(), "logs", "-f", "-n", "1", "--service", "plain")
                    .redirectErrorStream(true).redirectOutput(out.toFile()).start();
            try {
                Await.until("the last line", PATIENCE, () -> text(out).contains("GET /broken"), () -> text(out));
                get(http, "/?before", 200);
                Await.until("a new line", PATIENCE, () -> text(out).contains("/?before"), () -> text(out));
                Files.move(log, dir.resolve("access.log.1"));
                Await.until("the new file", PATIENCE, () -> {
                    get(http, "/?after", 200);
                    return Files.exists(log) && text(out).contains("/?after");
                }, () -> text(out));
                Await.until("a line of the new file", PATIENCE, () -> {
                    get(http, "/?new", 200);
                    return text(out).contains("/?new");
                }, () -> text(out));
            } finally {
                follower.destroy();
                follower.waitFor();
            }
            List<String> written = new ArrayList<>(Files.readAllLines(dir.resolve("access.log.1")));
            written.addAll(Files.readAllLines(log));
            List<String> told = Files.readAllLines(out);
            assertThat(written.stream().filter(line -> line.contains("plain")).toList()).as("each line once, in order").containsSubsequence(told);
        }
    }

    @Test
    void ringsAreReadAndWhereNothingIsItSaysWhatToWrite() throws IOException {
        try (Daemon lbd = Daemon.start(dir, configuration("ring@memory"), http)) {
            get(http, "/broken", 503);
            Await.until("the line", PATIENCE, () -> lbd.lbctl("logs", "--status", "503").output().contains("GET /broken"), lbd::output);
        }
        try (Daemon lbd = Daemon.start(dir, configuration("stdout format raw"), http)) {
            CommandResult standard = lbd.lbctl("logs");
            assertThat(standard.exitCode()).isEqualTo(1);
            assertThat(standard.output()).contains("journalctl -u lbd -o cat -f | lbctl logs --file -").contains("log file@");
        }
    }

    private static List<String> logs(Daemon lbd, String... options) {
        List<String> words = new ArrayList<>(List.of("logs"));
        words.addAll(List.of(options));
        CommandResult result = lbd.lbctl(words.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output().lines().toList();
    }

    private static void get(int port, String path, int status) throws IOException {
        try (RawClient client = RawClient.connect(port)) {
            client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(status);
        }
    }

    private static String text(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
