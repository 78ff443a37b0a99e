package net.lbd.l4;

import static net.lbd.l4.LabRules.byServer;
import static net.lbd.l4.LabRules.directors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
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

/** Mode nat between two networks: who gets what, and what the servers see. */
class NatLabTest {

    private static final String VIP = "10.91.1.10";
    private static Lab lab;

    private final Servers servers = new Servers();
    private PacketEngine engine;

    @BeforeAll
    static void build() throws Exception {
        Optional<String> missing = Lab.missing();
        assumeTrue(missing.isEmpty(), () -> missing.orElse(""));
        lab = LabRules.twoNetworks();
        lab.serve("s1", 443, 25, 8443);
        lab.serve("s2", 443, 25, 8443);
        lab.serve("s3", 443, 25, 8443);
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
        return "director x " + VIP + ":443,25 TCP\n balance " + balance + "\n mode nat\n" + more
                + " server s1 10.91.2.11 weight 2\n server s2 10.91.2.12 weight 1\n";
    }

    private void weights(int s1, int s2) {
        servers.server("s1").weight = s1;
        servers.server("s2").weight = s2;
    }

    @Test
    void serversSeeTheClientAndGetTheirShares() throws Exception {
        weights(2, 1);
        engine.apply(directors(director("roundrobin", "")));

        List<String> answers = lab.ask("client", VIP, 443, 30);

        assertThat(byServer(answers)).isEqualTo(Map.of("s1", 20L, "s2", 10L));
        assertThat(answers).allMatch(a -> a.split(" ")[1].equals("10.91.1.2"));
        assertThat(byServer(lab.ask("client", VIP, 25, 6))).as("the second port").hasSize(2);
    }

    @Test
    void sourceNatHidesTheClient() throws Exception {
        engine.apply(directors(director("roundrobin", " source 10.91.2.1\n")));

        assertThat(lab.ask("client", VIP, 443, 4)).allMatch(a -> a.split(" ")[1].equals("10.91.2.1"));
    }

    @Test
    void ipv6AndAnotherPortOfTheServers() throws Exception {
        engine.apply(directors("director x [fd91:1::10]:443 TCP\n balance roundrobin\n server s1 [fd91:2::11]:8443\n server s2 [fd91:2::12]:8443\n"
                + "director y [fd91:1::10]:25 TCP\n balance source\n source fd91:2::1\n server s1 [fd91:2::11]\n server s2 [fd91:2::12]\n"));

        List<String> answers = lab.ask("client", "fd91:1::10", 443, 4);
        assertThat(byServer(answers)).isEqualTo(Map.of("s1", 2L, "s2", 2L));
        assertThat(answers).allMatch(a -> a.split(" ")[1].equals("fd91:1::2"));
        List<String> hashed = lab.ask("client", "fd91:1::10", 25, 4);
        assertThat(byServer(hashed)).as("one client, one server").hasSize(1);
        assertThat(hashed).allMatch(a -> a.split(" ")[1].equals("fd91:2::1"));
    }

    @Test
    void leastconnFillsTheServerThatHasFewest() throws Exception {
        weights(1, 1);
        servers.server("s2").standing = Standing.RESTING;
        engine.apply(directors(director("leastconn", "")));
        try (LabProcess held = lab.hold("client", VIP, 443, 20)) {
            Await.until("20 connections counted", () -> active("s1") == 20);
            servers.server("s2").standing = Standing.SERVING;
            Await.until("s2 is preferred", () -> byServer(lab.ask("client", VIP, 443, 4)).equals(Map.of("s2", 4L)));
            assertThat(held.line("try")).isEqualTo("ok 20 broken 0");
        }
        Await.until("all closed", () -> active("s1") == 0 && active("s2") == 0);
    }

    /** The shares follow the connections ten times a second: what comes between two looks is divided as the last look said. */
    @Test
    void leastconnKeepsTheSpreadSmall() throws Exception {
        weights(1, 1);
        servers.server("s2").standing = Standing.RESTING;
        engine.apply(directors(director("leastconn", "")));
        List<LabProcess> held = new ArrayList<>();
        try {
            held.add(lab.hold("client", VIP, 443, 60));
            Await.until("60 connections counted", Await.DEADLINE, () -> active("s1") == 60, () -> engine.status().toString());
            servers.server("s2").standing = Standing.SERVING;
            engine.refresh();
            for (int batch = 0; batch < 8; batch++) {
                held.add(lab.hold("client", VIP, 443, 20));
                long expected = 60 + 20L * (batch + 1);
                Await.until("all counted", Await.DEADLINE, () -> active("s1") + active("s2") == expected, () -> expected + " are wanted: " + engine.status());
            }
            System.out.println("leastconn: 60 and 0 connections, 160 more in lots of 20: now " + active("s1") + " and " + active("s2"));
            assertThat(Math.abs(active("s1") - active("s2"))).isLessThanOrEqualTo(20);
        } finally {
            held.forEach(LabProcess::close);
        }
    }

    private long active(String server) {
        return traffic(server).active();
    }

    private Traffic traffic(String server) {
        return engine.status().get(0).servers().stream().filter(s -> s.name().equals(server)).findFirst().orElseThrow().traffic();
    }

    @Test
    void drainKeepsConnectionsAndDeathResetsThem() throws Exception {
        weights(1, 1);
        engine.apply(directors(director("roundrobin", "")));
        try (LabProcess held = lab.hold("client", VIP, 443, 6)) {
            servers.server("s1").standing = Standing.DRAINING;
            Await.until("no new connection for s1", () -> byServer(lab.ask("client", VIP, 443, 4)).equals(Map.of("s2", 4L)));
            assertThat(held.line("try")).isEqualTo("ok 6 broken 0");

            servers.server("s1").standing = Standing.CUT;
            Await.until("the rule is there", () -> lab.on("lb", "nft list set inet lbd dead4").contains("10.91.2.11"));
            assertThat(held.line("try")).isEqualTo("ok 3 broken 3");

            servers.server("s1").standing = Standing.SERVING;
            Await.until("s1 is back", () -> byServer(lab.ask("client", VIP, 443, 4)).size() == 2);
        }
    }

    @Test
    void withoutServersClientsAreRefusedAndSorryServersStandIn() throws Exception {
        servers.server("s3").sorry = true;
        engine.apply(directors(director("roundrobin", "") + " server s3 10.91.2.13 sorry\n"));
        servers.server("s1").standing = Standing.RESTING;
        servers.server("s2").standing = Standing.CUT;
        Await.until("the sorry server", () -> byServer(lab.ask("client", VIP, 443, 2)).equals(Map.of("s3", 2L)));
        servers.server("s3").standing = Standing.RESTING;
        Await.until("nobody", () -> lab.ask("client", VIP, 443, 1).equals(List.of("error Connection refused")));
    }

    @Test
    void persistenceKeepsAClientUntilItsServerGoes() throws Exception {
        weights(1, 1);
        engine.apply(directors(director("roundrobin", " option persistence timeout 60 netmask 255.255.255.254\n")));

        Map<String, Long> first = byServer(lab.ask("client", VIP, 443, 6));
        assertThat(first).hasSize(1);
        String chosen = first.keySet().iterator().next();
        servers.server(chosen).standing = Standing.DRAINING;
        Await.until("the rule has changed", () -> !lab.on("lb", "nft list table inet lbd").contains("vmap { 0"));
        assertThat(byServer(lab.ask("client", VIP, 443, 3))).as("draining keeps its clients").containsOnlyKeys(chosen);
        servers.server(chosen).standing = Standing.RESTING;
        Await.until("another server", () -> !byServer(lab.ask("client", VIP, 443, 1)).containsKey(chosen));
    }

    @Test
    void othersThanThoseAllowedAreDropped() throws Exception {
        engine.apply(directors(director("roundrobin", " allow 10.91.1.3-10.91.1.9 192.168.0.0/16\n")));

        assertThat(lab.ask("client", VIP, 443, 1)).as("neither served nor refused").isEqualTo(List.of("error timed out"));
        assertThat(lab.on("client", "python3 -c 'import socket; s=socket.create_connection((\"" + VIP
                + "\", 443), 5, (\"10.91.1.3\", 0)); print(s.recv(99).decode())'")).contains("10.91.1.3");
    }

    @Test
    void countsConnectionsPacketsAndBytesOfBothDirections() throws Exception {
        engine.apply(directors(director("roundrobin", "")));
        lab.ask("client", VIP, 443, 8);
        Await.until("four of each are over", () -> {
            Traffic t = traffic("s1");
            return t.opened() == 4 && t.active() == 0;
        });
        assertThat(traffic("s1").packetsIn()).isBetween(12L, 40L);
        assertThat(traffic("s1").bytesOut()).isGreaterThan(4 * 3 * 52);
        assertThat(servers.server("s1").opened.get()).isEqualTo(4);
        assertThat(lab.ask("lb", VIP, 443, 2)).as("the balancer itself reaches its address").allMatch(a -> a.startsWith("s"));
    }

    @Test
    void changesUnderLoadLoseNoConnection() throws Exception {
        weights(1, 1);
        engine.apply(directors(director("roundrobin", "")));
        long changes = 0;
        try (LabProcess storm = lab.storm("client", VIP, 443, 8)) {
            long end = System.nanoTime() + 4_000_000_000L;
            while (changes < 25 || System.nanoTime() < end) {
                weights((int) (1 + changes % 7), (int) (1 + changes % 5));
                servers.server("s2").standing = changes % 3 == 0 ? Standing.DRAINING : Standing.SERVING;
                engine.refresh();
                changes++;
            }
            String done = storm.finish("done");
            System.out.println("mode nat: " + changes + " changes; " + done);
            assertThat(done).endsWith("failed 0");
        }
    }

    /** Prints how long a change of one server takes among a thousand; the bound is for machines that are busy with other things. */
    @Test
    void oneServerOfAThousandChangesQuickly() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int d = 0; d < 20; d++) {
            text.append("director d").append(d).append(" 10.91.1.10:").append(1000 + d).append(" TCP\n balance roundrobin\n");
            for (int s = 0; s < 50; s++) {
                text.append(" server s").append(d).append('_').append(s).append(" 10.91.2.").append(11 + s).append(":").append(2000 + d).append('\n');
            }
        }
        long begin = System.nanoTime();
        engine.apply(directors(text.toString()));
        long whole = System.nanoTime() - begin;
        long[] times = new long[60];
        for (int i = 0; i < times.length; i++) {
            LabRules.FakeServer server = servers.server("s" + i % 20 + "_" + i % 50);
            if (i % 2 == 0) {
                server.weight = 2 + i;
            } else {
                server.standing = Standing.RESTING;
            }
            begin = System.nanoTime();
            engine.refresh();
            times[i] = System.nanoTime() - begin;
        }
        begin = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            engine.refresh();
        }
        long idle = (System.nanoTime() - begin) / 20;
        Arrays.sort(times);
        System.out.printf("1,000 servers of 20 directors: %d ms to begin with, a change of one %.1f ms (median), %.1f ms (slowest of %d); a look without a change %.1f ms%n",
                whole / 1_000_000, times[times.length / 2] / 1e6, times[times.length - 1] / 1e6, times.length, idle / 1e6);
        assertThat(times[times.length / 2]).isLessThan(200_000_000L);
        assertThat(lab.on("lb", "nft list ruleset")).contains("10.91.2.60");
    }

    @Test
    void aReloadKeepsConnectionsAndAChildThatDiesIsReplaced() throws Exception {
        engine.apply(directors(director("roundrobin", "")));
        try (LabProcess held = lab.hold("client", VIP, 443, 4)) {
            engine.apply(directors(director("source", " server s3 10.91.2.13\n")));
            assertThat(held.line("try")).isEqualTo("ok 4 broken 0");

            long before = engine.children();
            ProcessHandle.of(engine.child().orElseThrow()).orElseThrow().destroyForcibly();
            servers.server("s1").standing = Standing.CUT;
            Await.until("a new child works", () -> engine.children() > before
                    && lab.on("lb", "nft list set inet lbd dead4").contains("10.91.2.11"));

            lab.on("lb", "nft flush ruleset");
            Await.until("the tables are back", () -> lab.on("lb", "nft list ruleset").contains("dead4"));
            assertThat(held.line("try")).matches("ok [0-4] broken [0-4]");
        }
    }

    @Test
    void tablesOfAnotherDaemonThatLivesAreLeftAlone() throws Exception {
        lab.on("lb", "nft 'add table inet lbd; add counter inet lbd pid_1'");
        assertThatThrownBy(() -> engine.apply(directors(director("roundrobin", "")))).hasMessage(
                "another lbd, process 1, has directors on this machine: table inet lbd is its own");
        lab.on("lb", "nft delete table inet lbd");
    }

    @Test
    void whatADeadDaemonLeftIsReplacedAndConnectionsGoOn() throws Exception {
        engine.apply(directors(director("roundrobin", "")));
        try (LabProcess held = lab.hold("client", VIP, 443, 4); PacketEngine next = LabRules.engine(lab, "lb", servers)) {
            next.apply(directors(director("roundrobin", "")));
            assertThat(held.line("try")).isEqualTo("ok 4 broken 0");
            assertThat(byServer(lab.ask("client", VIP, 443, 4))).hasSize(2);
        }
    }
}
