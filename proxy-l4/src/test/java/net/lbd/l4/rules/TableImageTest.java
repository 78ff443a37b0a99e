package net.lbd.l4.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.model.DirectorSpec;
import net.lbd.l4.rules.ServerPlan.Standing;
import org.junit.jupiter.api.Test;

/** What is written when something changes: that, and nothing else. */
class TableImageTest {

    private static DirectorSpec spec(String lines) {
        return new ConfigurationLoader(Environment.ofProcess()).loadText("t.cfg", "director d 10.0.0.1:443 TCP\n" + lines
                + " server a 10.0.1.1\n server b 10.0.1.2\n").configuration().orElseThrow().directors().get(0);
    }

    private static ServerPlan server(int id, int weight, Standing standing) throws Exception {
        return new ServerPlan(id, InetAddress.getByName("10.0.1." + id), Optional.of(443), weight, false, standing, 0);
    }

    private static DirectorPlan plan(String lines, ServerPlan... servers) {
        return new DirectorPlan(9, spec(lines), List.of(servers), 0);
    }

    private static TableImage nat(DirectorPlan... plans) {
        return NatTable.of("t", List.of(plans));
    }

    @Test
    void nothingChangesNothing() throws Exception {
        TableImage one = nat(plan("", server(1, 1, Standing.SERVING), server(2, 1, Standing.SERVING)));
        TableImage same = nat(plan("", server(1, 1, Standing.SERVING), server(2, 1, Standing.SERVING)));
        assertThat(same.changesFrom(Optional.of(one))).isEmpty();
    }

    @Test
    void theFirstReplacesWhateverBearsTheName() throws Exception {
        assertThat(nat(plan("", server(1, 1, Standing.SERVING))).changesFrom(Optional.empty()))
                .startsWith("add table inet t\ndelete table inet t\nadd table inet t\n")
                .contains("add rule inet t d_9 goto s_1\n")
                .contains("add element inet t vip4 { 10.0.0.1 . 443 : goto d_9 }\n");
    }

    @Test
    void aServerThatGoesDownChangesTheChoiceAlone() throws Exception {
        TableImage before = nat(plan(" balance roundrobin\n", server(1, 1, Standing.SERVING), server(2, 1, Standing.SERVING)));
        TableImage after = nat(plan(" balance roundrobin\n", server(1, 1, Standing.SERVING), server(2, 1, Standing.RESTING)));

        assertThat(after.changesFrom(Optional.of(before))).isEqualTo("flush chain inet t d_9\nadd rule inet t d_9 goto s_1\n");
        assertThat(before.changesFrom(Optional.of(after))).isEqualTo("flush chain inet t d_9\n"
                + "add rule inet t d_9 numgen inc mod 2 vmap { 0 : goto s_1, 1 : goto s_2 }\nadd rule inet t d_9 goto s_1\n");
    }

    @Test
    void aServerThatIsCutOffIsOneElementMore() throws Exception {
        TableImage before = nat(plan("", server(1, 1, Standing.SERVING), server(2, 1, Standing.RESTING)));
        TableImage after = nat(plan("", server(1, 1, Standing.SERVING), server(2, 1, Standing.CUT)));
        assertThat(after.changesFrom(Optional.of(before))).isEqualTo("add element inet t dead4 { 10.0.0.1 . 443 . 10.0.1.2 . 443 }\n");
        assertThat(before.changesFrom(Optional.of(after))).isEqualTo("delete element inet t dead4 { 10.0.0.1 . 443 . 10.0.1.2 . 443 }\n");
    }

    @Test
    void aServerThatIsTakenOutGoesWithEverythingThatNamesIt() throws Exception {
        TableImage before = nat(plan("", server(1, 1, Standing.SERVING), server(2, 1, Standing.RESTING)));
        TableImage after = nat(plan("", server(1, 1, Standing.SERVING)));

        assertThat(after.changesFrom(Optional.of(before)).lines().toList()).containsExactly(
                "delete element inet t in4 { 10.0.0.1 . 443 . 10.0.1.2 . 443 : \"in_2\" }",
                "delete element inet t out4 { 10.0.0.1 . 443 . 10.0.1.2 . 443 : \"out_2\" }",
                "delete element inet t closes4 { 10.0.0.1 . 443 . 10.0.1.2 . 443 : \"end_2\" }",
                "flush chain inet t s_2", "delete chain inet t s_2",
                "delete counter inet t new_2", "delete counter inet t end_2", "delete counter inet t in_2", "delete counter inet t out_2");
    }

    @Test
    void theLastRuleOfAChoiceLooksNothingUp() throws Exception {
        for (String balance : List.of("roundrobin", "leastconn", "source", "srcdst")) {
            for (String mode : List.of("nat", "gateway")) {
                DirectorPlan plan = plan(" balance " + balance + "\n mode " + mode + "\n option persistence\n",
                        server(1, 3, Standing.SERVING), server(2, 1, Standing.SERVING));
                TableImage.Builder table = new TableImage.Builder("inet", "t").chain("c", "");
                plan.choice(table, "c", "s_");
                List<String> rules = table.build().changesFrom(Optional.empty()).lines().filter(l -> l.startsWith("add rule")).toList();
                assertThat(rules.get(rules.size() - 1)).as("%s %s", balance, mode).matches("add rule inet t c goto s_[12]");
            }
        }
    }

    @Test
    void hashesDoNotChangeWithTheMachineOrTheOrder() throws Exception {
        ServerPlan a = server(1, 1, Standing.SERVING);
        ServerPlan b = server(2, 1, Standing.SERVING);
        ServerPlan c = server(3, 1, Standing.SERVING);
        List<ServerPlan> all = Shares.slots(plan(" balance source\n", a, b, c), List.of(a, b, c)).list();
        List<ServerPlan> turned = Shares.slots(plan(" balance source\n", c, b, a), List.of(c, b, a)).list();
        List<ServerPlan> without = Shares.slots(plan(" balance source\n", a, b), List.of(a, b)).list();

        assertThat(turned).isEqualTo(all);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i) != c) {
                assertThat(without.get(i)).as("slot %d stays", i).isEqualTo(all.get(i));
            }
        }
        assertThat(all.stream().filter(s -> s == a).count()).isBetween(60L, 107L);
    }

    @Test
    void sharesFollowWeights() throws Exception {
        Map<Integer, Long> turns = count(Shares.slots(plan(" balance roundrobin\n"), List.of(
                server(1, 160, Standing.SERVING), server(2, 80, Standing.SERVING), server(3, 16, Standing.SERVING))));
        assertThat(turns).isEqualTo(Map.of(1, 10L, 2, 5L, 3, 1L));
        Map<Integer, Long> hashed = count(Shares.slots(plan(" balance source\n"), List.of(
                server(1, 3, Standing.SERVING), server(2, 1, Standing.SERVING))));
        assertThat(hashed.get(1)).isBetween(165L, 212L);
    }

    @Test
    void leastconnFillsUpWhatIsBehind() throws Exception {
        ServerPlan full = new ServerPlan(1, InetAddress.getByName("10.0.1.1"), Optional.empty(), 1, false, Standing.SERVING, 20);
        ServerPlan half = new ServerPlan(2, InetAddress.getByName("10.0.1.2"), Optional.empty(), 1, false, Standing.SERVING, 10);
        ServerPlan empty = new ServerPlan(3, InetAddress.getByName("10.0.1.3"), Optional.empty(), 1, false, Standing.SERVING, 0);

        // 32 to give out make 62 in all, about 21 for each.
        assertThat(count(Shares.slots(plan(" balance leastconn\n"), List.of(full, half, empty)))).isEqualTo(Map.of(1, 1L, 2, 11L, 3, 20L));
        assertThat(Shares.best(List.of(full, half, empty))).isEqualTo(empty);
    }

    private static Map<Integer, Long> count(Shares shares) {
        return shares.list().stream().collect(Collectors.groupingBy(ServerPlan::id, Collectors.counting()));
    }
}
