package net.lbd.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.lbd.cli.reload.CoreEngine;
import net.lbd.cli.reload.Engine;
import net.lbd.cli.reload.ReloadResult;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.model.ControlSockets.Level;
import net.lbd.core.runtime.EngineOptions;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where servers are, by the runtime socket; the answers are HAProxy 2.6's. Nobody answers the name server's questions. */
class PlaceCommandsTest {

    private static final String BY = " by 'stats socket command'\n";

    private final CommandTable table = new CommandTable();
    private final CoreEngine engine = CoreEngine.create(new EngineOptions());

    @BeforeEach
    void start() {
        String text = """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                resolvers d
                  nameserver ns1 127.0.0.1:%d
                  timeout retry 1h
                frontend f
                  bind 127.0.0.1:%d
                  default_backend be
                backend be
                  server s1 127.0.0.14:8080
                  server s2 nx.test:8080 init-addr none resolvers d
                  server s3 _web._tcp.test init-addr none resolvers d
                  server s4 127.0.0.1
                  server s5 127.0.0.1:8080 check
                """.formatted(Ports.free(), Ports.free());
        assertThat(engine.apply(new ConfigurationLoader(new Environment(Map.of(), Path.of("").toAbsolutePath()))
                .loadText("lbd.cfg", text).configuration().orElseThrow()).applied()).isTrue();
    }

    @AfterEach
    void stop() {
        engine.close();
    }

    private String run(String line) {
        return table.run(new Daemon(), Level.ADMIN, CommandLine.split(line).get(0));
    }

    private String[] state(String server) {
        return run("show servers state be").lines().filter(l -> l.contains(" " + server + " ")).findFirst().orElseThrow().split(" ");
    }

    @Test
    void anAddressIsSet() {
        assertThat(run("set server be/s1 addr 127.0.0.77 port 99"))
                .isEqualTo("IP changed from '127.0.0.14' to '127.0.0.77', port changed from '8080' to '99'" + BY);
        assertThat(run("set server be/s1 addr 127.0.0.78")).isEqualTo("IP changed from '127.0.0.77' to '127.0.0.78'" + BY);
        assertThat(run("set server be/s1 addr 127.0.0.78")).isEqualTo("no need to change the addr" + BY);
        assertThat(run("set server be/s1 addr 127.0.0.78 port 1")).isEqualTo("no need to change the addr, port changed from '99' to '1'" + BY);
        assertThat(state("s1")[4]).isEqualTo("127.0.0.78");
        assertThat(state("s1")[18]).isEqualTo("1");
    }

    @Test
    void anAddressEndsTheWaitForOne() {
        assertThat(state("s2")[4]).isEqualTo("-");
        assertThat(state("s2")[6]).isEqualTo("32");
        assertThat(run("show stat -1 4 -1")).contains("MAINT (resolution)");
        assertThat(run("set server be/s2 addr 127.0.0.9")).isEqualTo("IP changed from '(none)' to '127.0.0.9'" + BY);
        assertThat(state("s2")[4]).isEqualTo("127.0.0.9");
        assertThat(state("s2")[6]).isEqualTo("0");
    }

    @Test
    void aNameIsSet() {
        assertThat(run("set server be/s2 fqdn t.test")).isEqualTo("be/s2 changed its FQDN from nx.test to t.test" + BY);
        Await.until("it has the name", () -> state("s2")[17].equals("t.test"));
        assertThat(state("s2")[6]).isEqualTo("96");
    }

    @Test
    void whatCannotBeSetIsRefused() {
        assertThat(run("set server be/s1 addr")).isEqualTo("set server <b>/<s> addr requires an address and optionally a port.\n");
        assertThat(run("set server be/s1 addr x.y")).isEqualTo("Invalid addr 'x.y'" + BY);
        assertThat(run("set server be/s1 addr 127.0.0.1 porto 9")).isEqualTo("'porto' stands where 'port' was expected.\n");
        assertThat(run("set server be/s1 addr 127.0.0.1 port 77777")).isEqualTo("provided port is not valid" + BY);
        assertThat(run("set server be/s1 addr 127.0.0.1 port x")).startsWith("problem converting string 'x' to int");
        assertThat(run("set server be/s4 addr 127.0.0.1 port 5")).startsWith("can't change <port> to port map");
        assertThat(run("set server be/s1 fqdn x.test")).isEqualTo("set server <b>/<s> fqdn failed because no resolution is configured.\n");
        assertThat(run("set server be/s3 fqdn x.test")).isEqualTo("set server <b>/<s> fqdn failed because SRV resolution is configured.\n");
        assertThat(run("set server be/s2 fqdn")).isEqualTo("set server <b>/<s> fqdn requires a FQDN.\n");
        assertThat(run("set server be/s2 fqdn a/b")).isEqualTo("invalid FQDN 'a/b'.\n");
    }

    @Test
    void nameServersAreCounted() {
        Await.until("asked", () -> run("show resolvers d").contains("sent:        2"));
        assertThat(run("show resolvers d").lines().limit(5)).startsWith("Resolvers section d", " nameserver ns1:");
        assertThat(run("show resolvers d")).contains("\n  snd_error:   ", "\n  valid:       0\n", "\n  truncated:   0\n  outdated:    0\n");
        assertThat(run("show resolvers nope")).isEqualTo("Can't find that resolvers section\n");
    }

    /** A daemon that is nothing but its engine. */
    private final class Daemon implements DaemonControl {
        @Override
        public ReloadResult reload() {
            return new ReloadResult(true, List.of(), "", Duration.ZERO);
        }

        @Override
        public void stop() {
            throw new IllegalStateException("nobody asked for it");
        }

        @Override
        public void softStop() {
            throw new IllegalStateException("nobody asked for it");
        }

        @Override
        public boolean isStopping() {
            return false;
        }

        @Override
        public Instant startedAt() {
            return Instant.EPOCH;
        }

        @Override
        public Engine engine() {
            return engine;
        }
    }
}
