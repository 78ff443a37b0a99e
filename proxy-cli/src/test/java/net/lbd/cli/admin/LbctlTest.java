package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.lbd.cli.FakeDaemon;
import net.lbd.cli.Fixtures;
import net.lbd.cli.command.ControlSocketSet;
import net.lbd.cli.command.SocketLocations;
import net.lbd.cli.reload.ReloadPreview;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.config.dump.ConfigurationDiff;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.health.check.CheckStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** lbctl against a real control socket with a daemon behind it that does nothing. */
@Timeout(30)
class LbctlTest {

    private static final String CONFIGURATION = """
            defaults
              mode http
              timeout connect 1s
              timeout client 5s
              timeout server 5s
            frontend fe
              bind 127.0.0.1:18999
              default_backend be
            backend be
              balance leastconn
              server s1 127.0.0.1:18998 check
              server s2 127.0.0.1:18997 check weight 5
              server s3 127.0.0.1:18996
            backend raw
              mode tcp
            """;

    @TempDir
    private Path folder;
    private Path socket;
    private final FakeDaemon daemon = new FakeDaemon(CONFIGURATION);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ControlSocketSet sockets;

    @BeforeEach
    void serve() throws IOException {
        socket = folder.resolve("admin.sock");
        sockets = new ControlSocketSet(daemon, SocketLocations.only(socket));
        sockets.prepare(Fixtures.configuration(CONFIGURATION)).commit();
    }

    @AfterEach
    void stop() {
        sockets.close();
    }

    private int run(boolean colours, String... words) {
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), colours);
        String[] all = new String[words.length + 2];
        all[0] = "-s";
        all[1] = socket.toString();
        System.arraycopy(words, 0, all, 2, words.length);
        return Lbctl.run(SocketLocations.only(folder.resolve("other.sock")), terminal, all);
    }

    private int run(String... words) {
        return run(false, words);
    }

    @Test
    void statusShowsFrontendsBackendsAndServers() {
        Fixtures.checked(daemon.state("be", "s1"), 4, CheckStatus.L7OK, 200, "OK");
        Fixtures.checked(daemon.state("be", "s2"), 0, CheckStatus.L4CON, 0, "Connection refused");
        daemon.state("be", "s3").setAdmin(Admin.DRAIN);

        assertThat(run("status")).isZero();

        assertThat(out.toString().lines().map(l -> l.replaceAll("\\b\\d+s\\b", "Ns"))).containsSubsequence(
                "FRONTEND  LISTENS ON       STATE  SESSIONS  MAX  TOTAL  REQUESTS  IN  OUT",
                "fe        127.0.0.1:18999  OPEN          0    0      0         0   0    0",
                "backend be UP, leastconn, 0 sessions",
                "  SERVER  ADDRESS          STATE  SINCE  LAST CHECK      SESSIONS  REQUESTS  WEIGHT",
                "  s1      127.0.0.1:18998  UP     Ns     L7OK in 12 ms          0         0       1",
                "  s2      127.0.0.1:18997  DOWN   Ns     L4CON in 12 ms         0         0       5",
                "  s3      127.0.0.1:18996  DRAIN  Ns                            0         0       1",
                "backend raw UP, roundrobin, 0 sessions",
                "  no servers");
        assertThat(out.toString()).startsWith("lbd ").contains("up 1h1m").doesNotContain("\u001b");
    }

    @Test
    void statusIsColouredOnATerminal() {
        Fixtures.checked(daemon.state("be", "s2"), 0, CheckStatus.L4CON, 0, "Connection refused");

        assertThat(run(true, "status")).isZero();

        assertThat(out.toString()).contains("\u001b[32mOPEN\u001b[0m", "\u001b[31mDOWN\u001b[0m");
    }

    @Test
    void statusAsJsonHoldsTheSame() {
        Fixtures.checked(daemon.state("be", "s1"), 4, CheckStatus.L7OK, 200, "OK");

        assertThat(run("status", "--json")).isZero();

        // JSON is a subset of what YAML readers accept.
        Map<String, Object> root = new Yaml().load(out.toString());
        assertThat(root).containsOnlyKeys("process", "frontends", "backends");
        assertThat(out.toString()).contains("\"address\": \"127.0.0.1:18999\"", "\"checkMilliseconds\": 12",
                "\"algorithm\": \"leastconn\"", "\"servers\": []", "\"stopping\": false");
    }

    @Test
    void reloadIsZeroWhenApplied() {
        assertThat(run("reload")).isZero();

        assertThat(out.toString()).isEqualTo("configuration applied in 7 ms\n");
    }

    @Test
    void reloadIsOneWhenRefusedAndTellsWhy() {
        var broken = Fixtures.load("frontend fe\n  bynd :80\n");
        daemon.onReload(() -> new ReloadResult(false, broken.diagnostics(), "errors found in the configuration",
                Duration.ZERO));

        assertThat(run("reload")).isEqualTo(1);

        assertThat(out.toString()).contains("test.cfg:2:3", "^~~~").endsWith("1 error, 1 warning\n")
                .doesNotContain("Success");
    }

    @Test
    void reloadOnTrialIsToldByStatusUntilItIsDecided() {
        assertThat(run("reload", "--confirm", "60s")).isZero();
        assertThat(out.toString()).startsWith("configuration applied in 7 ms\non trial: ").contains("in 60s unless", "next start").doesNotContain("Success");
        assertThat(run("status")).isZero();
        assertThat(out.toString()).contains("the configuration is on trial: the former one serves again in 60 s unless 'lbctl reload --confirmed'");
        assertThat(run("status", "--json")).isZero();
        assertThat(out.toString()).contains("\"trialSeconds\": 60");

        assertThat(run("reload", "--confirmed")).isZero();
        assertThat(run("reload", "--confirmed")).isEqualTo(1);
        assertThat(run("reload", "--confirm", "5m")).isZero();
        assertThat(run("reload", "--back")).isZero();
        assertThat(run("reload", "--back")).isEqualTo(1);
        out.getBuffer().setLength(0);
        assertThat(run("status")).isZero();

        assertThat(out.toString()).doesNotContain("on trial");
        assertThat(daemon.calls()).containsExactly("reloadOnTrial PT1M", "confirm", "confirm", "reloadOnTrial PT5M", "goBack", "goBack");
    }

    @Test
    void reloadDiffPrintsTheChangesAsTextOrJson() {
        daemon.preview(new ReloadPreview(List.of(), "", List.of(new ConfigurationDiff.Section(ConfigurationDiff.Change.CHANGED, "backend be",
                List.of(new ConfigurationDiff.Line(true, "stats auth a:***", true))))));

        assertThat(run("reload", "--diff")).isZero();
        assertThat(out.toString()).isEqualTo("  backend be\n+   stats auth a:***  (changed, not shown)\n1 section changed, 0 added, 0 removed\n");
        out.getBuffer().setLength(0);
        assertThat(run("reload", "--diff", "--json")).isZero();
        Map<String, Object> root = new Yaml().load(out.toString());
        assertThat(root.get("sections")).isEqualTo(List.of(Map.of("section", "backend be", "change", "changed",
                "lines", List.of(Map.of("change", "added", "text", "stats auth a:***", "secretChanged", true)))));

        daemon.preview(new ReloadPreview(List.of(), "errors found in the configuration", List.of()));
        assertThat(run("reload", "--diff")).isEqualTo(1);
        assertThat(daemon.calls()).isEmpty();
    }

    @Test
    void reloadTakesOneWayAndATimeWithItsUnit() {
        for (List<String> words : List.of(List.of("--confirm", "60"), List.of("--confirm", "0s"), List.of("--confirm", "25h"),
                List.of("--confirm", "1s;stop"), List.of("--confirm"), List.of("--json"), List.of("--diff", "--back"))) {
            List<String> all = new ArrayList<>(List.of("reload"));
            all.addAll(words);
            assertThat(run(all.toArray(String[]::new))).as("%s", words).isEqualTo(2);
        }
        assertThat(daemon.calls()).isEmpty();
    }

    @Test
    void withoutADaemonItIsThree() {
        sockets.close();

        for (String command : List.of("status", "reload", "stop")) {
            assertThat(run(command)).as(command).isEqualTo(3);
        }
        assertThat(err.toString().lines()).hasSize(3)
                .allMatch(l -> l.equals("lbctl: lbd is not running: nobody answers on " + socket));
    }

    @Test
    void serverChangesItsState() {
        assertThat(run("server", "be/s1", "drain")).isZero();

        assertThat(daemon.engine().calls()).containsExactly("apply", "setAdmin be/s1 DRAIN");
    }

    @Test
    void serverThatIsUnknownIsOne() {
        assertThat(run("server", "be/s9", "maint")).isEqualTo(1);
        assertThat(run("server", "be/x;stop", "maint")).isEqualTo(1);

        assertThat(err.toString()).contains("lbctl: be/s9: No such server.", "lbctl: be/x;stop: No such server.");
        assertThat(daemon.engine().calls()).containsExactly("apply");
    }

    @Test
    void wrongUsageIsTwo() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("nonsense")).isEqualTo(2);
        assertThat(run("server", "be/s1", "sleepy")).isEqualTo(2);
        assertThat(run("reload", "--fast")).isEqualTo(2);

        assertThat(err.toString().lines()).hasSize(4).allMatch(l -> l.startsWith("lbctl: "));
    }

    @Test
    void rawLineGoesThroughAsItIs() {
        assertThat(run("command", "show version;show listeners")).isZero();
        assertThat(run("raw", "show", "listeners")).isZero();

        assertThat(out.toString()).contains("# pxname,addr,ssl\nfe,127.0.0.1:18999,0\n\n");
    }

    @Test
    void softStopDoesNotWait() {
        assertThat(run("stop", "--soft")).isZero();

        assertThat(daemon.calls()).containsExactly("softStop");
        assertThat(out.toString()).contains("has closed its listeners");
    }

    @Test
    void checkNeedsNoDaemon() throws IOException {
        sockets.close();
        Path good = Files.writeString(folder.resolve("good.cfg"), CONFIGURATION);
        Path bad = Files.writeString(folder.resolve("bad.cfg"), "nonsense\n");

        assertThat(run("check", "-q", "-f", good.toString())).isZero();
        assertThat(run("check", "-q", "-f", bad.toString())).isEqualTo(1);
    }

    @Test
    void helpAndVersionAreZero() {
        assertThat(run("--help")).isZero();
        assertThat(run("status", "--help")).isZero();
        assertThat(run("--version")).isZero();

        assertThat(out.toString()).contains("Exit codes:", "lbctl version ");
    }

    @Test
    void tablesListsThemAndTheirEntries() {
        assertThat(run("tables")).isZero();
        assertThat(out.toString()).isEqualTo("no stick-table\n");
        assertThat(run("tables", "nope")).isEqualTo(1);
        assertThat(err.toString()).contains("No such table");
    }
}
