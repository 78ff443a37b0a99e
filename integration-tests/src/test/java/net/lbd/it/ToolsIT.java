package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Debian's tools for HAProxy, unchanged, on a daemon with traffic. Those that read logs are tried beside HAProxy in the core's tests. */
class ToolsIT {

    private static final Path HATOP = Path.of("/usr/bin/hatop");
    private static final Path TMUX = Path.of("/usr/bin/tmux");
    private static final Path NAGIOS = Path.of("/usr/lib/nagios/plugins/check_haproxy_stats");
    private static final Path EXPORTER = Path.of("/usr/bin/prometheus-haproxy-exporter");
    private static final int REQUESTS = 5;

    @TempDir
    private Path dir;

    private final int web = Ports.free();
    private final int stats = Ports.free();
    private ScriptedOrigin server;
    private Daemon lbd;

    @BeforeEach
    void serve() throws IOException {
        server = ScriptedOrigin.start(connection -> {
            while (connection.hasMore()) {
                connection.readHead();
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            }
        });
        lbd = Daemon.start(dir.resolve("lbd"), """
                global
                  stats socket %s mode 600 level admin
                defaults
                  mode http
                  timeout client 5s
                  timeout server 5s
                  timeout connect 1s
                frontend web
                  bind 127.0.0.1:%d
                  default_backend farm
                frontend page
                  bind 127.0.0.1:%d
                  stats enable
                  stats uri /haproxy
                backend farm
                  server ex1 127.0.0.1:%d check inter 500ms
                  server ex2 127.0.0.1:%d check inter 500ms
                """.formatted(socket(), web, stats, server.port(), server.port()), web, stats);
        lbd.awaitServersUp(2);
        for (int i = 0; i < REQUESTS; i++) {
            assertThat(run("curl", "-sS", "http://127.0.0.1:" + web + "/").output()).isEqualTo("hello");
        }
    }

    @AfterEach
    void end() {
        lbd.close();
        server.close();
    }

    private Path socket() {
        return dir.resolve("tool.sock");
    }

    private CommandResult run(String... command) {
        return CommandResult.of(dir, List.of(command));
    }

    private static void wants(Path program, String debianPackage) {
        assumeTrue(Files.isExecutable(program), program + " is not installed; on Debian: apt-get install " + debianPackage);
    }

    /** A column of a row of {@code show stat}. */
    private String stat(String proxy, String service, String column) {
        List<String[]> rows = lbd.command("show stat").lines().filter(l -> !l.isBlank()).map(l -> l.split(",", -1)).toList();
        int index = Arrays.asList(rows.get(0)).indexOf(column);
        return rows.stream().filter(r -> r[0].equals(proxy) && r[1].equals(service)).findFirst().orElseThrow()[index];
    }

    @Test
    void checkHaproxyStats() {
        wants(NAGIOS, "monitoring-plugins-contrib");
        CommandResult good = run(NAGIOS.toString(), "-s", socket().toString());
        assertThat(good.exitCode()).as(good.output()).isZero();
        assertThat(good.output()).contains("Check haproxy OK");

        lbd.command("set server farm/ex1 state maint");
        CommandResult maintenance = run(NAGIOS.toString(), "-s", socket().toString());
        assertThat(maintenance.exitCode()).as(maintenance.output()).isEqualTo(2);
        assertThat(maintenance.output()).contains("CRITICAL", "server: farm:ex1 is MAINT");
        assertThat(run(NAGIOS.toString(), "-s", socket().toString(), "-m").output()).contains("Check haproxy OK");

        lbd.command("set server farm/ex1 state drain");
        assertThat(run(NAGIOS.toString(), "-s", socket().toString()).output()).contains("server: farm:ex1 is DRAIN");
        assertThat(run(NAGIOS.toString(), "-s", socket().toString(), "-n").output()).contains("Check haproxy OK");
        assertThat(run(NAGIOS.toString(), "-s", socket().toString(), "-p", "web").output()).contains("OK - checked proxies: web");
    }

    @Test
    void prometheusHaproxyExporter() throws IOException, InterruptedException {
        wants(EXPORTER, "prometheus-haproxy-exporter");
        lbd.command("set server farm/ex2 state maint");
        for (String from : List.of("unix:" + socket(), "http://127.0.0.1:" + stats + "/haproxy;csv")) {
            int port = Ports.free();
            Path log = dir.resolve("exporter.log");
            Process exporter = new ProcessBuilder(EXPORTER.toString(), "--haproxy.scrape-uri=" + from, "--web.listen-address=127.0.0.1:" + port)
                    .redirectErrorStream(true).redirectOutput(log.toFile()).start();
            try {
                Await.until("the exporter listens", () -> Ports.isListening(port));
                Map<String, Double> metrics = metrics(run("curl", "-sS", "http://127.0.0.1:" + port + "/metrics").output());
                assertThat(metrics).as("%s: %s", from, Files.readString(log)).containsEntry("haproxy_up", 1.0)
                        .containsEntry("haproxy_exporter_csv_parse_failures_total", 0.0)
                        .containsEntry("haproxy_frontend_http_requests_total{frontend=\"web\"}", (double) REQUESTS)
                        .containsEntry("haproxy_backend_http_responses_total{backend=\"farm\",code=\"2xx\"}", (double) REQUESTS)
                        .containsEntry("haproxy_backend_current_server{backend=\"farm\"}", 1.0)
                        .containsEntry("haproxy_server_up{backend=\"farm\",server=\"ex1\"}", 1.0)
                        .containsEntry("haproxy_server_up{backend=\"farm\",server=\"ex2\"}", 0.0);
                double sessions = metrics.get("haproxy_server_sessions_total{backend=\"farm\",server=\"ex1\"}")
                        + metrics.get("haproxy_server_sessions_total{backend=\"farm\",server=\"ex2\"}");
                assertThat(sessions).isEqualTo(REQUESTS);
                assertThat(metrics).containsEntry("haproxy_frontend_bytes_out_total{frontend=\"web\"}", Double.valueOf(stat("web", "FRONTEND", "bout")));
            } finally {
                exporter.destroyForcibly().waitFor();
            }
        }
    }

    private static Map<String, Double> metrics(String text) {
        Map<String, Double> metrics = new HashMap<>();
        Matcher line = Pattern.compile("(?m)^(haproxy_\\S+) (\\S+)$").matcher(text);
        while (line.find()) {
            metrics.put(line.group(1), Double.valueOf(line.group(2)));
        }
        return metrics;
    }

    // ---- hatop, in a terminal

    private String tmux(String... words) {
        List<String> command = new ArrayList<>(List.of(TMUX.toString(), "-S", dir.resolve("tmux").toString()));
        command.addAll(List.of(words));
        CommandResult result = CommandResult.of(dir, command);
        assertThat(result.exitCode()).as("%s: %s", command, result.output()).isZero();
        return result.output();
    }

    private String screen() {
        return new String(tmux("capture-pane", "-p").getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private void awaitScreen(String... patterns) {
        String[] last = {""};
        Await.until("the screen shows " + Arrays.toString(patterns), Duration.ofSeconds(20), () -> {
            last[0] = screen();
            return Arrays.stream(patterns).allMatch(p -> Pattern.compile(p).matcher(last[0]).find());
        }, () -> last[0]);
    }

    @Test
    void hatop() {
        wants(HATOP, "hatop");
        wants(TMUX, "tmux");
        tmux("-f", "/dev/null", "new-session", "-d", "-x", "140", "-y", "40", HATOP + " -s " + socket() + " 2>&1; sleep 60");
        try {
            awaitScreen("lbd Version: ", "PID: " + lbd.command("show info").replaceAll("(?s).*\nPid: ([0-9]+)\n.*", "$1"), ">>> farm", "ex1 +1 UP +L4OK", "ex2 +1 UP",
                    "FRONTEND +0 OPEN");
            // By its command line
            tmux("send-keys", "5");
            awaitScreen("Welcome on the embedded interactive HAProxy shell");
            tmux("send-keys", "-l", "disable server farm/ex1");
            tmux("send-keys", "Enter");
            Await.until("ex1 is in maintenance", () -> stat("farm", "ex1", "status").equals("MAINT"));
            tmux("send-keys", "Escape", "1");
            awaitScreen("ex1 +1 MAINT");
            // By its keys: the line below is the next with each arrow down.
            for (int i = 0; i < 12 && !stat("farm", "ex1", "status").equals("UP"); i++) {
                tmux("send-keys", "Down");
                tmux("send-keys", "F9");
                sleep();
            }
            assertThat(stat("farm", "ex1", "status")).as(screen()).isEqualTo("UP");
            tmux("send-keys", "q");
        } finally {
            tmux("kill-server");
        }
    }

    /** hatop looks for keys every now and then. */
    private static void sleep() {
        try {
            Thread.sleep(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
