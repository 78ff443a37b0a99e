package net.lbd.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.lbd.core.backend.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaticRoundRobinTest extends TurnsContract {

    @Override
    String algorithm() {
        return "static-rr";
    }

    /** The first choices of HAProxy 2.6 for these weights. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 2 3 | 132323132323", "3 2 1 | 112123112123", "5 1 1 | 11121131112113", "2 5 | 12212221221222", "10 30 | 12221222",
        "10 20 30 40 | 12434234341243423434", "7 3 1 | 1121121121311211211213", "1 5 10 | 13233233232332331323323323233233",
        "100 50 25 | 11212131121213", "0 1 2 | 233233", "4 3 3 3 | 12314213412341231421341234", "3 5 7 | 123231323132323123231323132323",
        "4 1 1 1 | 1121314", "6 2 1 | 111211213", "4 2 1 | 1121213", "1 2 4 | 1323233", "2 1 1 | 1123", "8 3 | 11121112112"})
    void choosesInHaproxysOrder(String weights, String expected) {
        int[] parsed = Arrays.stream(weights.trim().split(" ")).mapToInt(Integer::parseInt).toArray();
        assertThat(sequence(servers(parsed), expected.length())).isEqualTo(expected);
    }

    @Test
    void weightThatChangesMeansNothingButForZero() {
        List<Server> servers = servers(1, 2);
        LoadBalancer balancer = balancer(servers);
        servers.get(0).state().setWeight(200);
        assertThat(sequence(balancer, 6)).isEqualTo("122122");
    }
}
