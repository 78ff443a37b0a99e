package net.lbd.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.lbd.config.model.BalanceSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.TestBackends;
import net.lbd.core.TestProxy;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every balancer promises. */
abstract class BalancerContract {

    final Stream stream = TestProxy.http().stream();

    abstract String algorithm();

    final LoadBalancer balancer(List<Server> servers) {
        return balancer(servers, Settings.EMPTY);
    }

    final LoadBalancer balancer(List<Server> servers, Settings settings) {
        return LoadBalancers.create(new BalanceSpec(SourceLocation.BUILT_IN, algorithm(), arguments()), servers, settings,
                new RuntimeNames(TestProxy.FACTS));
    }

    List<String> arguments() {
        return List.of();
    }

    static List<Server> servers(int... weights) {
        List<Server> servers = new ArrayList<>();
        for (int weight : weights) {
            servers.add(TestBackends.server("s" + (servers.size() + 1), weight, 0, false));
        }
        return servers;
    }

    static void setUp(Server server, boolean up) {
        if (up) {
            server.state().setReachable(true);
        } else {
            server.state().setReachable(false);
        }
    }

    /** The numbers of the servers chosen, none of them held. */
    final String sequence(List<Server> servers, int length) {
        return sequence(balancer(servers), length);
    }

    final String sequence(LoadBalancer balancer, int length) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(balancer.choose(stream, Server.NONE).name().replace("s", ""));
        }
        return out.toString();
    }

    @Test
    void serverThatIsDownDrainingOrInMaintenanceGetsNothing() {
        List<Server> servers = servers(1, 1, 1, 1);
        LoadBalancer balancer = balancer(servers);
        setUp(servers.get(0), false);
        servers.get(1).state().setAdmin(ServerState.Admin.DRAIN);
        servers.get(2).state().setAdmin(ServerState.Admin.MAINT);
        assertThat(sequence(balancer, 4)).isEqualTo("4444");
    }

    @Test
    void serverThatComesBackTakesPartAgain() {
        List<Server> servers = servers(1, 1);
        LoadBalancer balancer = balancer(servers);
        setUp(servers.get(0), false);
        assertThat(sequence(balancer, 3)).isEqualTo("222");
        setUp(servers.get(0), true);
        setUp(servers.get(1), false);
        assertThat(sequence(balancer, 3)).isEqualTo("111");
    }

    @Test
    void weightThatBecomesZeroGetsNothingUntilItIsMore() {
        List<Server> servers = servers(1, 1);
        LoadBalancer balancer = balancer(servers);
        servers.get(0).state().setWeight(0);
        assertThat(sequence(balancer, 3)).isEqualTo("222");
        servers.get(0).state().setWeight(1);
        servers.get(1).state().setWeight(0);
        assertThat(sequence(balancer, 3)).isEqualTo("111");
    }

    @Test
    void allBackupsStandInTogetherIfTheyAreAsked() {
        List<Server> servers = List.of(TestBackends.server("s1", 1, 0, false), TestBackends.server("s2", 1, 1, true),
                TestBackends.server("s3", 1, 1, true));
        LoadBalancer balancer = balancer(servers, Settings.builder()
                .put(ProxySettings.ALLBACKUPS, true, SourceLocation.BUILT_IN).build());
        assertThat(sequence(balancer, 3)).isEqualTo("111");
        setUp(servers.get(0), false);
        Server first = balancer.choose(stream, Server.NONE);
        assertThat(first.acquire()).isTrue();
        Server second = balancer.choose(stream, Server.NONE);
        assertThat(List.of(first, second)).containsExactlyInAnyOrder(servers.get(1), servers.get(2));
    }

    @Test
    void weightZeroGetsNothing() {
        assertThat(sequence(servers(0, 1), 3)).isEqualTo("222");
    }

    @Test
    void nobodyIsChosenWhenNobodyIsUsable() {
        List<Server> servers = servers(1, 1);
        servers.forEach(s -> setUp(s, false));
        assertThat(balancer(servers).choose(stream, Server.NONE)).isSameAs(Server.NONE);
        assertThat(balancer(List.of()).choose(stream, Server.NONE)).isSameAs(Server.NONE);
    }

    @Test
    void firstBackupStandsInOnlyWhenNoOtherIsLeft() {
        List<Server> servers = List.of(TestBackends.server("s1", 1, 0, false), TestBackends.server("s2", 1, 0, true),
                TestBackends.server("s3", 1, 0, true));
        LoadBalancer balancer = balancer(servers);
        assertThat(sequence(balancer, 3)).isEqualTo("111");
        setUp(servers.get(0), false);
        assertThat(sequence(balancer, 3)).isEqualTo("222");
        setUp(servers.get(1), false);
        assertThat(sequence(balancer, 3)).isEqualTo("333");
    }

    @Test
    void fullServersDoNotSendTrafficToBackups() {
        List<Server> servers = List.of(TestBackends.server("s1", 1, 1, false), TestBackends.server("s2", 1, 0, true));
        assertThat(servers.get(0).acquire()).isTrue();
        assertThat(balancer(servers).choose(stream, Server.NONE)).isSameAs(Server.NONE);
    }

    @Test
    void avoidedServerIsTakenOnlyIfNoOtherHasRoom() {
        List<Server> servers = List.of(TestBackends.server("s1", 1, 0, false), TestBackends.server("s2", 1, 1, false));
        LoadBalancer balancer = balancer(servers);
        for (int i = 0; i < 4; i++) {
            assertThat(balancer.choose(stream, servers.get(0))).isSameAs(servers.get(1));
        }
        servers.get(1).acquire();
        assertThat(balancer.choose(stream, servers.get(0))).isSameAs(servers.get(0));
    }

    /** As a stream does whose connections are refused: it comes to each server, and only then to one again. */
    @Test
    void retriesElsewhereReachEveryServer() {
        List<Server> servers = servers(1, 1, 1, 1, 1);
        servers.forEach(server -> server.acquire());
        servers.subList(0, 3).forEach(server -> server.state().counters().current.set(0));
        LoadBalancer balancer = balancer(servers);
        Stream retrying = TestProxy.http().stream();
        Set<Server> tried = new HashSet<>();
        for (int i = 0; i < servers.size(); i++) {
            Server chosen = balancer.choose(retrying, retrying.avoidedServer());
            assertThat(tried.add(chosen)).as("%s again, behind %s", chosen.name(), tried).isTrue();
            chosen.acquire();
            retrying.takeServer(chosen);
            retrying.countRetry(true);
            retrying.releaseServer();
        }
        assertThat(balancer.choose(retrying, retrying.avoidedServer())).isNotSameAs(Server.NONE).isNotSameAs(retrying.avoidedServer());
    }

    /** Random deaths, revivals and weights: whoever is chosen is usable and has room. */
    @Test
    void neverChoosesWhoMustNotBeChosen() {
        Random random = new Random(20261121);
        for (int round = 0; round < 200; round++) {
            int[] weights = random.ints(1 + random.nextInt(8), 0, 20).toArray();
            List<Server> servers = new ArrayList<>();
            for (int weight : weights) {
                servers.add(TestBackends.server("s" + servers.size(), weight, random.nextInt(4), random.nextInt(5) == 0));
            }
            LoadBalancer balancer = balancer(servers);
            for (int i = 0; i < 100; i++) {
                Server changed = servers.get(random.nextInt(servers.size()));
                setUp(changed, random.nextInt(3) > 0);
                Server chosen = balancer.choose(stream, Server.NONE);
                boolean possible = servers.stream().anyMatch(s -> s.isUsable() && !s.isFull()
                        && (!s.isBackup() || servers.stream().noneMatch(o -> o.isUsable() && !o.isBackup())
                                && servers.stream().filter(o -> o.isUsable()).findFirst().get() == s));
                assertThat(chosen != Server.NONE).isEqualTo(possible);
                if (chosen != Server.NONE) {
                    assertThat(chosen.isUsable()).isTrue();
                    assertThat(chosen.acquire()).isTrue();
                }
                if (random.nextInt(3) == 0) {
                    servers.forEach(s -> s.state().counters().current.set(0));
                }
            }
        }
    }
}
