package net.lbd.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.lbd.core.TestBackends;
import net.lbd.core.backend.Server;
import org.junit.jupiter.api.Test;

/** What balancers promise that go by turns. */
abstract class TurnsContract extends FairContract {

    @Test
    void equalServersComeInTheOrderOfTheFile() {
        assertThat(sequence(servers(1, 1, 1), 9)).isEqualTo("123123123");
    }

    @Test
    void fullServerIsPassedOver() {
        List<Server> servers = List.of(TestBackends.server("s1", 1, 2, false), TestBackends.server("s2", 1, 3, false),
                TestBackends.server("s3", 1, 2, false));
        LoadBalancer balancer = balancer(servers);
        StringBuilder chosen = new StringBuilder();
        for (int i = 0; i < 9; i++) {
            Server server = balancer.choose(stream, Server.NONE);
            chosen.append(server == Server.NONE ? "-" : server.name().substring(1));
            server.acquire();
        }
        assertThat(chosen).hasToString("1231232--");
    }
}
