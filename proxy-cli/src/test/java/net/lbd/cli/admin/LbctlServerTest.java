package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import net.lbd.cli.FakeDaemon;
import net.lbd.cli.Fixtures;
import net.lbd.cli.command.ControlSocketSet;
import net.lbd.cli.command.SocketLocations;
import net.lbd.core.backend.ServerState.Admin;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** {@code lbctl server} and {@code lbctl maintenance}. */
class LbctlServerTest {

    private static final String CONFIGURATION = """
            defaults
              mode http
              timeout connect 1s
              timeout client 5s
              timeout server 5s
            listen web
              bind 127.0.0.1:18999
              server ex1 192.0.2.1:443
              server ex2 192.0.2.2:443
            listen mail
              mode tcp
              bind 127.0.0.1:18998
              server ex1 192.0.2.1:25
              server ex2 192.0.2.2:25
            listen alone
              mode tcp
              bind 127.0.0.1:18997
              server only 192.0.2.9:25
            """;

    @TempDir
    private Path folder;
    private final FakeDaemon daemon = new FakeDaemon(CONFIGURATION);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private ControlSocketSet sockets;

    @BeforeEach
    void serve() throws IOException {
        sockets = new ControlSocketSet(daemon, SocketLocations.only(folder.resolve("admin.sock")));
        sockets.prepare(Fixtures.configuration(CONFIGURATION)).commit();
    }

    @AfterEach
    void stop() {
        sockets.close();
    }

    private int run(String... words) {
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);
        return Lbctl.run(SocketLocations.only(folder.resolve("admin.sock")), terminal, words);
    }

    private String states() {
        return daemon.state("web", "ex1").admin() + " " + daemon.state("web", "ex2").admin() + " " + daemon.state("mail", "ex1").admin() + " "
                + daemon.state("mail", "ex2").admin();
    }

    @Test
    void onePatternIsManyServers() {
        assertThat(run("server", "*/ex1", "halt")).isZero();
        assertThat(states()).isEqualTo("MAINT READY MAINT READY");
        assertThat(run("server", "mail/*", "drain")).isZero();
        assertThat(states()).isEqualTo("MAINT READY DRAIN DRAIN");
        assertThat(run("server", "w?b/ex1", "online")).isZero();
        assertThat(states()).isEqualTo("READY READY DRAIN DRAIN");
        assertThat(run("server", "*/ex9", "drain")).isEqualTo(1);
        assertThat(err.toString()).contains("no server matches '*/ex9'");
    }

    @Test
    void weights() {
        assertThat(run("server", "web/*", "weight", "0")).isZero();
        assertThat(run("server", "web/ex1", "weight", "x")).isEqualTo(1);
        assertThat(run("server", "web/ex1", "weight")).isEqualTo(2);
        assertThat(run("server", "web/ex1", "drain", "5")).isEqualTo(2);
        assertThat(run("server", "web/ex1", "ready", "--wait")).isEqualTo(2);
        assertThat(err.toString()).contains("the weight is missing", "'5' stands behind 'weight' only", "'--wait' stands with drain and maint");
    }

    @Test
    void waitingCountsDown() {
        daemon.state("web", "ex1").counters().follow(2, 2, 0, 0);
        assertThat(run("server", "web/ex1", "drain", "--wait", "--timeout", "1")).isEqualTo(1);
        assertThat(out.toString()).contains("2 sessions are left");
        assertThat(err.toString()).contains("2 sessions are left after 1 s; they go on");
        daemon.state("web", "ex1").counters().follow(0, -2, 0, 0);
        assertThat(run("server", "web/ex1", "drain", "--wait")).isZero();
        assertThat(out.toString()).contains("no session is left");
        assertThat(run("server", "web/ex1", "drain", "--wait", "--timeout", "soon")).isEqualTo(2);
    }

    @Test
    void aMachineLeavesEverywhereAtOnce() {
        assertThat(run("maintenance", "ex1", "--end", "--wait")).isEqualTo(2);
        assertThat(run("maintenance", "ex1")).isZero();
        assertThat(states()).isEqualTo("DRAIN READY DRAIN READY");
        assertThat(out.toString()).containsPattern("web +ex1 +DRAIN").containsPattern("mail +ex1 +DRAIN");

        assertThat(run("maintenance", "192.0.2.2")).as("the last one of both").isEqualTo(1);
        assertThat(err.toString()).contains("nothing was changed: no other server would be left in web, mail");
        assertThat(states()).isEqualTo("DRAIN READY DRAIN READY");

        assertThat(run("maintenance", "ex1", "--wait")).isZero();
        assertThat(states()).isEqualTo("MAINT READY MAINT READY");
        assertThat(run("maintenance", "192.0.2.1", "--end")).isZero();
        assertThat(states()).isEqualTo("READY READY READY READY");
        assertThat(run("maintenance", "only", "--force")).isZero();
        assertThat(daemon.state("alone", "only").admin()).isEqualTo(Admin.DRAIN);
        assertThat(run("maintenance", "ex7")).isEqualTo(1);
    }

    @Test
    void jsonTellsWhatHasBecomeOfThem() {
        assertThat(run("server", "*/ex1", "drain", "--wait", "--json")).isZero();
        Map<String, Object> document = new Yaml().load(out.toString());
        assertThat(document).containsEntry("done", true).extractingByKey("servers").asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactly(Map.of("backend", "web", "server", "ex1", "state", "DRAIN", "weight", 1, "sessions", 0),
                        Map.of("backend", "mail", "server", "ex1", "state", "DRAIN", "weight", 1, "sessions", 0));
        assertThat(err.toString()).contains("no session is left");
        out.getBuffer().setLength(0);
        assertThat(run("maintenance", "ex1", "--end", "--json")).isZero();
        assertThat(out.toString()).startsWith("{").contains("\"server\": \"ex1\"").doesNotContain("DRAIN");
    }
}
