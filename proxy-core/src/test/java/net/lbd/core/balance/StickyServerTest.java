package net.lbd.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.lbd.core.backend.Server;
import org.junit.jupiter.api.Test;

class StickyServerTest extends BalancerContract {

    @Override
    String algorithm() {
        return "sticky";
    }

    @Test
    void staysWithTheServerThatTookOverWhenTheFirstIsBack() {
        List<Server> servers = servers(1, 5, 1);
        LoadBalancer balancer = balancer(servers);
        assertThat(sequence(balancer, 3)).isEqualTo("111");
        setUp(servers.get(0), false);
        assertThat(sequence(balancer, 3)).isEqualTo("222");
        setUp(servers.get(0), true);
        assertThat(sequence(balancer, 3)).isEqualTo("222");
        setUp(servers.get(1), false);
        assertThat(sequence(balancer, 3)).isEqualTo("333");
    }
}
