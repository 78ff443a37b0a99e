package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What rules and bind lines ask of the packets to clients, as the kernel counts them: marks, types of service, the queue of a listener. */
class SocketMarksIT {

    private static final String ADDRESS = "10.97.1.1";
    private static final String ADDRESS6 = "fd97:1::1";

    @TempDir
    private Path dir;

    private Lab lab;
    private Path file;

    @BeforeEach
    void build() throws IOException {
        Optional<String> missing = Lab.missing();
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        lab = new Lab();
        lab.network("net");
        lab.machine("client").cable("client", "eth0", "net", "10.97.1.2/24", "fd97:1::2/64");
        lab.machine("lb").cable("lb", "eth0", "net", ADDRESS + "/24", ADDRESS6 + "/64");
        lab.serve("lb", 2525);
        lab.on("lb", "nft 'table inet seen { counter marked { } ; counter four { } ; counter six { } ; chain out { type filter hook output priority 0;"
                + " meta mark 0x5 counter name marked; ip dscp 4 counter name four; ip6 dscp 4 counter name six; }; }'");
        file = Files.writeString(dir.resolve("lbd.cfg"), "global\n stats socket " + dir.resolve("lbd.sock") + " mode 600 level admin\n"
                + "defaults\n mode tcp\n timeout client 20s\n timeout server 20s\n timeout connect 3s\n"
                + "listen mail\n bind :::25 backlog 77\n tcp-request connection set-tos 16\n tcp-request connection set-mark 5\n server s1 127.0.0.1:2525\n");
    }

    @AfterEach
    void takeDown() {
        if (lab != null) {
            lab.close();
        }
    }

    private LabProcess lbd(String... before) {
        String[] command = {"java", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "net.lbd.cli.process.Main", "-f", file.toString()};
        String[] whole = new String[before.length + command.length];
        System.arraycopy(before, 0, whole, 0, before.length);
        System.arraycopy(command, 0, whole, before.length, command.length);
        LabProcess daemon = lab.start("lb", whole);
        daemon.awaitContaining("is ready");
        return daemon;
    }

    private int counted(String counter) {
        return Integer.parseInt(lab.on("lb", "nft list counter inet seen " + counter).replaceAll("(?s).*packets (\\d+).*", "$1"));
    }

    @Test
    void packetsToClientsBearWhatTheRulesSay() {
        try (LabProcess daemon = lbd()) {
            assertThat(daemon.isAlive()).isTrue();
            assertThat(lab.on("lb", "ss -Hltn sport = :25")).as("the queue of the listener").contains(" 77 ");

            assertThat(lab.ask("client", ADDRESS, 25, 1).get(0)).startsWith("lb ");
            assertThat(counted("four")).isPositive();
            int marked = counted("marked");
            assertThat(marked).isPositive();

            assertThat(lab.ask("client", ADDRESS6, 25, 1).get(0)).startsWith("lb ");
            assertThat(counted("six")).isPositive();
            assertThat(counted("marked")).isGreaterThan(marked);
        }
    }

    @Test
    void whatCannotBeSetIsToldOnce() {
        try (LabProcess daemon = lbd("setpriv", "--bounding-set", "-net_admin,-net_raw", "--inh-caps", "-net_admin,-net_raw")) {
            for (int i = 0; i < 3; i++) {
                assertThat(lab.ask("client", ADDRESS, 25, 1).get(0)).startsWith("lb ");
            }

            assertThat(daemon.awaitContaining("'set-mark 5' has no effect on connections of frontend mail")).contains("Operation not permitted", "CAP_NET_ADMIN");
            daemon.kill("TERM");
            daemon.awaitContaining("lbd stopped");
            assertThat(daemon.seen().stream().filter(line -> line.contains("set-mark"))).hasSize(1);
            assertThat(counted("marked")).isZero();
            assertThat(counted("four")).as("the type of service needs no right").isPositive();
        }
    }
}
