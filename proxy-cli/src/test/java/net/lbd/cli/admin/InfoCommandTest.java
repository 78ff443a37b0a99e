package net.lbd.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import net.lbd.cli.FakeDaemon;
import net.lbd.cli.Fixtures;
import net.lbd.cli.Version;
import net.lbd.cli.command.ControlSocketSet;
import net.lbd.cli.command.SocketLocations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** {@code lbctl info} against a real control socket. */
@Timeout(30)
class InfoCommandTest {

    private static final String CONFIGURATION = """
            defaults
              mode http
              timeout connect 1s
              timeout client 5s
              timeout server 5s
            listen web
              bind 127.0.0.1:18999
              server ex1 192.0.2.1:443
            """;

    @TempDir
    private Path folder;
    private final FakeDaemon daemon = new FakeDaemon(CONFIGURATION);
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(boolean colours, String... words) throws IOException {
        Path socket = folder.resolve("admin.sock");
        try (ControlSocketSet sockets = new ControlSocketSet(daemon, SocketLocations.only(socket))) {
            sockets.prepare(Fixtures.configuration(CONFIGURATION)).commit();
            return Lbctl.run(SocketLocations.only(socket), new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), colours), words);
        }
    }

    @Test
    void peopleReadALineForEachThing() throws IOException {
        daemon.configuredBy(folder.resolve("conf.d/../lbd.cfg"), folder.resolve("conf.d"));

        assertThat(run(false, "info")).isZero();

        assertThat(out.toString().lines().map(l -> l.replaceAll(" .*", "")))
                .containsExactly("version", "java", "process", "event", "memory", "connections", "tls", "requests", "open", "log", "configuration");
        assertThat(out.toString())
                .containsPattern("(?m)^version {7}lbd " + java.util.regex.Pattern.quote(Version.CURRENT.number()) + " of 20\\d\\d/")
                .contains("java          " + System.getProperty("java.version"))
                .containsPattern("(?m)^process {7}pid " + ProcessHandle.current().pid() + " on \\S+, up 1h1m$")
                .containsPattern("(?m)^memory {8}[0-9.]+[MG]B in all; heap [0-9.]+[MG]B of [0-9.]+[MG]B")
                .contains("configuration " + folder.resolve("lbd.cfg") + ", " + folder.resolve("conf.d") + "; generation 1\n")
                .doesNotContain("?", "\u001b");
    }

    @Test
    void programsReadNumbers() throws IOException {
        daemon.configuredBy(folder.resolve("lbd.cfg"));

        assertThat(run(true, "info", "--json")).isZero();

        Map<String, Object> root = new Yaml().load(out.toString());
        assertThat(root).containsEntry("name", "lbd").containsEntry("version", Version.CURRENT.number()).containsEntry("stopping", false)
                .containsEntry("generation", 1).containsEntry("pid", (int) ProcessHandle.current().pid())
                .containsEntry("configurationFiles", java.util.List.of(folder.resolve("lbd.cfg").toString()))
                .containsKeys("java", "node", "eventLoops", "residentBytes", "heapUsedBytes", "heapMaxBytes", "connections", "connectionsTotal",
                        "requests");
        assertThat(((Number) root.get("uptimeSeconds")).longValue()).isBetween(3660L, 3720L);
        assertThat(((Number) root.get("residentBytes")).longValue()).isGreaterThan(((Number) root.get("heapUsedBytes")).longValue() / 2);
        assertThat(out.toString()).doesNotContain("\u001b");
    }

    @Test
    void withoutADaemonItIsSaid() {
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false);

        assertThat(Lbctl.run(SocketLocations.only(folder.resolve("none.sock")), terminal, "info")).isEqualTo(ExitCode.NOT_RUNNING);

        assertThat(err.toString()).startsWith("lbctl: lbd is not running");
        assertThat(out.toString()).isEmpty();
    }
}
