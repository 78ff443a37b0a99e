package net.lbd.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.backend.Server;
import org.junit.jupiter.api.Test;

class RandomDrawsTest extends FairContract {

    @Override
    String algorithm() {
        return "random";
    }

    @Test
    void manyDrawsFindTheLeastLoaded() {
        List<Server> servers = servers(1, 1, 1, 1);
        LoadBalancer balancer = new RandomDraws(new Candidates(servers, false), 200, 0);
        for (int i = 0; i < 400; i++) {
            assertThat(balancer.choose(stream, Server.NONE).acquire()).isTrue();
        }
        assertThat(servers).allSatisfy(server -> assertThat(server.load()).isBetween(98, 102));
    }

    @Test
    void nobodyGetsMoreThanTheFactorAllows() {
        List<Server> servers = servers(1, 2, 1);
        LoadBalancer balancer = balancer(servers, Settings.builder()
                .put(ProxySettings.HASH_BALANCE_FACTOR, 125, SourceLocation.BUILT_IN).build());
        for (int i = 0; i < 400; i++) {
            Server chosen = balancer.choose(stream, Server.NONE);
            chosen.acquire();
            assertThat(chosen.load()).isLessThanOrEqualTo((int) Math.ceil(1.25 * (i + 1) * chosen.weight() / 4));
        }
    }
}
