package net.lbd.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.lbd.testkit.Await;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon with a director between two networks: checks, commands, counts, reload, stop. */
class DirectorIT {

    private static final String VIP = "10.94.1.10";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path dir;

    private Lab lab;
    private Path file;

    private void build() throws IOException {
        lab = new Lab();
        lab.network("front").network("back");
        lab.machine("client").cable("client", "eth0", "front", "10.94.1.2/24");
        lab.machine("lb").cable("lb", "eth0", "front", "10.94.1.1/24", VIP + "/32").cable("lb", "eth1", "back", "10.94.2.1/24");
        for (String server : List.of("s1", "s2")) {
            lab.machine(server).cable(server, "eth0", "back", "10.94.2.1" + server.charAt(1) + "/24");
            lab.on(server, "ip route add default via 10.94.2.1");
        }
        file = dir.resolve("lbd.cfg");
        write("");
    }

    private void write(String more) throws IOException {
        Files.writeString(file, "global\n stats socket " + dir.resolve("lbd.sock") + " mode 600 level admin\n"
                + "director web " + VIP + ":443 TCP\n balance roundrobin\n mode nat\n check interval 200ms timeout 20 source 10.94.2.1\n option tcpcheck\n"
                + " default-server rise 1 fall 1 on-marked-down shutdown-sessions\n"
                + " server s1 10.94.2.11 weight 10 check\n server s2 10.94.2.12 weight 10 check\n" + more);
    }

    private LabProcess lbd() {
        return lab.start("lb", "java", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), "net.lbd.cli.process.Main",
                "-f", file.toString());
    }

    private String lbctl(String... words) {
        return lab.on("lb", "LBD_SOCKET=" + dir.resolve("lbd.sock") + " java -XX:TieredStopAtLevel=1 -cp " + System.getProperty("java.class.path")
                + " net.lbd.cli.admin.Lbctl " + String.join(" ", words));
    }

    /** A command of the runtime socket, without the price of a JVM. */
    private String command(String line) {
        return new LabControl(lab, "lb", dir.resolve("lbd.sock")).ask(line);
    }

    private long serversThatAnswer() {
        return lab.ask("client", VIP, 443, 6).stream().map(a -> a.split(" ")[0]).distinct().count();
    }

    @Test
    void theWholeLifeOfADirector() throws IOException {
        Optional<String> missing = Lab.missing();
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        try {
            build();
            LabProcess s1 = lab.serve("s1", 443);
            lab.serve("s2", 443);

            try (LabProcess refused = lbd()) {
                refused.awaitContaining("mend it with: sysctl -w net.ipv4.ip_forward=1");
            }
            assertThat(lbctl("preflight", "--apply", "-f", file.toString())).contains("done: sysctl -w net.ipv4.ip_forward=1");

            LabProcess daemon = lbd();
            daemon.awaitContaining("is ready");
            Await.until("both serve", PATIENCE, () -> serversThatAnswer() == 2);
            LabProcess held = lab.hold("client", VIP, 443, 4);

            command("set server web/s1 state drain");
            Await.until("s1 drains", PATIENCE, () -> serversThatAnswer() == 1);
            assertThat(held.line("try")).isEqualTo("ok 4 broken 0");
            String status = lbctl("l4", "status");
            assertThat(status).containsPattern("web +10.94.1.10:443 +Masq +UP").containsPattern("s1 +10.94.2.11 +Masq +10 +DRAIN");
            command("set server web/s1 state ready");
            command("set server web/s2 weight 0");
            Await.until("s2 takes nothing new", PATIENCE, () -> serversThatAnswer() == 1);
            command("set server web/s2 weight 10");
            Await.until("both again", PATIENCE, () -> serversThatAnswer() == 2);
            String[] stat = command("show stat").lines().filter(l -> l.startsWith("web,s2,")).findFirst().orElseThrow().split(",");
            assertThat(Long.parseLong(stat[4])).as("scur").isBetween(2L, 3L);
            assertThat(Long.parseLong(stat[7])).as("stot").isGreaterThan(4);
            assertThat(Long.parseLong(stat[8])).as("bin").isGreaterThan(100);

            write("director mail " + VIP + ":25 TCP\n server s1 10.94.2.11\n");
            assertThat(command("reload")).contains("applied");
            assertThat(held.line("try")).as("over the reload").isEqualTo("ok 4 broken 0");
            write(" server far 10.94.2.12:99 maxconn 3\n");
            assertThat(command("reload")).contains("errors");
            assertThat(held.line("try")).as("over a reload that is refused").isEqualTo("ok 4 broken 0");

            // The process only: what its machine answers then is a reset, as of a service that died.
            s1.kill("KILL");
            Await.until("the check has noticed", PATIENCE, () -> command("show l4").contains("s1,10.94.2.11,Masq,10,DOWN"));
            Await.until("nobody comes to s1", PATIENCE, () -> lab.ask("client", VIP, 443, 6).stream().allMatch(a -> a.startsWith("s2")));
            assertThat(held.line("try")).isEqualTo("ok 2 broken 2");

            daemon.kill("TERM");
            assertThat(lab.on("lb", "nft list ruleset")).isEmpty();
            assertThat(daemon.seen()).noneMatch(l -> l.contains("ERROR"));
        } finally {
            if (lab != null) {
                lab.close();
            }
        }
    }
}
