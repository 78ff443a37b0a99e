package net.lbd.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.lbd.core.backend.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeastConnectionsTest extends TurnsContract {

    @Override
    String algorithm() {
        return "leastconn";
    }

    /** The first choices of HAProxy 2.6 when every connection is held. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 1 1 | 123123123123123123123123123123", "10 30 | 122222122212221222122212221222",
        "1 2 3 | 123323323123323123323123323123", "3 2 1 | 123121121321121321121321121321",
        "2 1 3 | 123313313213313213313213313213", "1 2 | 122212212212212212212212212212", "5 1 | 121111111121111121111121111121"})
    void choosesInHaproxysOrder(String weights, String expected) {
        int[] parsed = Arrays.stream(weights.trim().split(" ")).mapToInt(Integer::parseInt).toArray();
        LoadBalancer balancer = balancer(servers(parsed));
        StringBuilder chosen = new StringBuilder();
        for (int i = 0; i < expected.length(); i++) {
            Server server = balancer.choose(stream, Server.NONE);
            assertThat(server.acquire()).isTrue();
            chosen.append(server.name().substring(1));
        }
        assertThat(chosen).hasToString(expected);
    }

    /** Connections of HAProxy's run closed after the 6th, 9th, 10th and 13th choice. */
    @Test
    void serverThatLosesConnectionsIsNext() {
        List<Server> servers = servers(1, 1, 1);
        LoadBalancer balancer = balancer(servers);
        StringBuilder chosen = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            Server server = balancer.choose(stream, Server.NONE);
            server.acquire();
            chosen.append(server.name().substring(1));
            int closed = i == 5 ? 1 : i == 8 || i == 9 ? 2 : i == 12 ? 0 : -1;
            if (closed >= 0) {
                servers.get(closed).state().counters().leave();
            }
        }
        assertThat(chosen).hasToString("123123213233123123123123123123");
    }
}
