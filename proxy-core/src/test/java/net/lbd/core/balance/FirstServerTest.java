package net.lbd.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.lbd.core.TestBackends;
import net.lbd.core.backend.Server;
import org.junit.jupiter.api.Test;

class FirstServerTest extends BalancerContract {

    @Override
    String algorithm() {
        return "first";
    }

    @Test
    void fillsOneServerAfterTheOtherInTheOrderOfTheirIds() {
        List<Server> servers = List.of(TestBackends.server("s3", 1, 2, false), TestBackends.server("s1", 9, 1, false),
                TestBackends.server("s2", 1, 2, false));
        LoadBalancer balancer = balancer(servers);
        StringBuilder chosen = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            Server server = balancer.choose(stream, Server.NONE);
            chosen.append(server == Server.NONE ? "-" : server.name().substring(1));
            server.acquire();
        }
        assertThat(chosen).hasToString("12233-");
        servers.get(2).state().counters().leave();
        assertThat(balancer.choose(stream, Server.NONE).name()).isEqualTo("s2");
    }
}
