package net.lbd.l4;

import static net.lbd.l4.LabRules.byServer;
import static net.lbd.l4.LabRules.directors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.l4.LabRules.Servers;
import net.lbd.l4.rules.ServerPlan.Standing;
import net.lbd.testkit.Await;
import net.lbd.testkit.lab.Lab;
import net.lbd.testkit.lab.LabProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Mode gateway, and source NAT, in one network: servers answer clients past the balancer, or through it. */
class GatewayLabTest {

    private static final String VIP = "10.92.1.10";
    private static Lab lab;

    private final Servers servers = new Servers();
    private PacketEngine engine;

    @BeforeAll
    static void build() throws Exception {
        Optional<String> missing = Lab.missing();
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        lab = LabRules.oneNetwork();
        lab.serve("s1", 443, 25);
        lab.serve("s2", 443, 25);
    }

    @AfterAll
    static void takeDown() {
        if (lab != null) {
            lab.close();
        }
    }

    @BeforeEach
    void start() throws Exception {
        engine = LabRules.engine(lab, "lb", servers);
    }

    @AfterEach
    void stop() {
        engine.close();
        assertThat(lab.on("lb", "nft list ruleset")).isEmpty();
    }

    private static String director(String balance, String more) {
        return "director x " + VIP + ":443,25 TCP\n balance " + balance + "\n mode gateway\n" + more
                + " server s1 10.92.1.11\n server s2 10.92.1.12\n";
    }

    private Traffic traffic(String server) {
        return engine.status().get(0).servers().stream().filter(s -> s.name().equals(server)).findFirst().orElseThrow().traffic();
    }

    /** Bytes that the balancer's interface has sent: all that it passes on. */
    private static long sent() {
        return Long.parseLong(lab.on("lb", "cat /sys/class/net/eth0/statistics/tx_bytes").strip());
    }

    @Test
    void serversSeeTheClientAndAnswerPastTheBalancer() throws Exception {
        engine.apply(directors(director("roundrobin", "")));

        List<String> answers = lab.ask("client", VIP, 443, 8);

        assertThat(byServer(answers)).isEqualTo(Map.of("s1", 4L, "s2", 4L));
        assertThat(answers).allMatch(a -> a.split(" ")[1].equals("10.92.1.2"));
        assertThat(byServer(lab.ask("client", VIP, 25, 2))).hasSize(2);
        // 2 MB from the client come back from the server, and pass the balancer once, not twice.
        long before = sent();
        lab.on("client", """
                python3 - <<'E'
                import socket, threading
                s = socket.create_connection(("10.92.1.10", 443))
                threading.Thread(target=lambda: s.sendall(b"x" * 2000000)).start()
                got = 0
                while got < 2000000:
                    got += len(s.recv(65536))
                E
                """);
        assertThat(sent() - before).isBetween(1_900_000L, 3_800_000L);
        Await.until("all are counted", () -> traffic("s1").opened() + traffic("s2").opened() == 11
                && traffic("s1").active() + traffic("s2").active() == 0);
        assertThat(traffic("s1").bytesIn() + traffic("s2").bytesIn()).isGreaterThan(2_000_000);
        assertThat(traffic("s1").bytesOut()).isZero();
    }

    @Test
    void ipv6() throws Exception {
        engine.apply(directors("director x [fd92:1::10]:443 TCP\n balance roundrobin\n mode gateway\n server s1 [fd92:1::11]\n server s2 [fd92:1::12]\n"));
        List<String> answers = lab.ask("client", "fd92:1::10", 443, 4);
        assertThat(byServer(answers)).isEqualTo(Map.of("s1", 2L, "s2", 2L));
        assertThat(answers).allMatch(a -> a.split(" ")[1].equals("fd92:1::2"));
        try (LabProcess held = lab.hold("client", "fd92:1::10", 443, 4)) {
            assertThat(held.line("try")).isEqualTo("ok 4 broken 0");
            servers.server("s1").standing = Standing.CUT;
            engine.refresh();
            assertThat(held.line("try")).isEqualTo("ok 2 broken 2");
        }
    }

    @Test
    void drainKeepsConnectionsAndDeathResetsThem() throws Exception {
        engine.apply(directors(director("leastconn", "")));
        try (LabProcess held = lab.hold("client", VIP, 443, 6)) {
            long ofS1 = byServer(held.seen()).get("s1");
            servers.server("s1").standing = Standing.DRAINING;
            engine.refresh();
            assertThat(byServer(lab.ask("client", VIP, 443, 4))).isEqualTo(Map.of("s2", 4L));
            assertThat(held.line("try")).isEqualTo("ok 6 broken 0");
            servers.server("s1").standing = Standing.CUT;
            engine.refresh();
            assertThat(held.line("try")).isEqualTo("ok " + (6 - ofS1) + " broken " + ofS1);
            // A port that was used before is not led to the dead server by what is remembered of it.
            assertThat(byServer(lab.ask("client", VIP, 443, 20))).isEqualTo(Map.of("s2", 20L));
            servers.server("s1").standing = Standing.SERVING;
            engine.refresh();
            assertThat(byServer(lab.ask("client", VIP, 443, 8))).hasSize(2);
            servers.server("s1").standing = Standing.RESTING;
            servers.server("s2").standing = Standing.RESTING;
            engine.refresh();
            assertThat(lab.ask("client", VIP, 443, 1)).isEqualTo(List.of("error Connection refused"));
        }
    }

    @Test
    void persistenceAndAllowedClients() throws Exception {
        engine.apply(directors(director("roundrobin", " option persistence timeout 60\n allow 10.92.1.0/24\n")));
        Map<String, Long> answers = byServer(lab.ask("client", VIP, 443, 6));
        assertThat(answers).hasSize(1);
        engine.apply(directors(director("roundrobin", " allow 10.92.2.0/24\n")));
        assertThat(lab.ask("client", VIP, 443, 1)).as("neither served nor refused").isEqualTo(List.of("error timed out"));
    }

    @Test
    void changesUnderLoadLoseNoConnection() throws Exception {
        engine.apply(directors(director("roundrobin", "")));
        long changes = 0;
        try (LabProcess storm = lab.storm("client", VIP, 443, 8)) {
            long end = System.nanoTime() + 4_000_000_000L;
            while (changes < 25 || System.nanoTime() < end) {
                servers.server("s1").weight = (int) (1 + changes % 7);
                servers.server("s2").standing = changes % 3 == 0 ? Standing.DRAINING : Standing.SERVING;
                engine.refresh();
                changes++;
            }
            String done = storm.finish("done");
            System.out.println("mode gateway: " + changes + " changes; " + done);
            assertThat(done).endsWith("failed 0");
        }
    }

    @Test
    void aDaemonThatStartsAgainKnowsTheFlowsOfTheOneBefore() throws Exception {
        engine.apply(directors(director("roundrobin", "")));
        // So that another count of turns would hand every packet to the wrong server.
        lab.ask("client", VIP, 443, 1);
        try (LabProcess held = lab.hold("client", VIP, 443, 5); PacketEngine next = LabRules.engine(lab, "lb", servers)) {
            next.apply(directors(director("roundrobin", "")));
            assertThat(held.line("try")).isEqualTo("ok 5 broken 0");
        }
    }

    @Test
    void aPartnerThatKnowsNothingTakesOverWithHashes() throws Exception {
        engine.apply(directors(director("source", "")));
        try (LabProcess held = lab.hold("client", VIP, 443, 5)) {
            lab.on("lb", "nft delete table netdev lbd");
            Await.until("the table is back", () -> lab.on("lb", "nft list ruleset").contains("flows"));
            assertThat(held.line("try")).isEqualTo("ok 5 broken 0");
        }
    }

    @Test
    void sourceNatWorksInOneNetwork() throws Exception {
        lab.serve("s1", 8025);
        engine.apply(directors("director y 10.92.1.10:8025 TCP\n mode nat\n source 10.92.1.1\n server s1 10.92.1.11\n"));
        assertThat(lab.ask("client", VIP, 8025, 2)).allMatch(a -> a.startsWith("s1 10.92.1.1 "));
    }

    @Test
    void aServerInAnotherNetworkIsAnError() {
        assertThatThrownBy(() -> engine.apply(directors("director x " + VIP + ":443 TCP\n mode gateway\n server far 10.99.1.1\n")))
                .hasMessage("director 'x': server 10.99.1.1 is in no network of this machine; in mode gateway packets are passed on to its MAC address");
    }
}
