package net.lbd.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundRobinTest extends TurnsContract {

    @Override
    String algorithm() {
        return "roundrobin";
    }

    /** The first choices of HAProxy 2.6 for these weights. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "10 10 | 1212121212121212", "10 30 | 222122212221222122212221", "30 10 | 111211121112111211121112",
        "1 2 3 | 323132323132323132323132", "3 2 1 | 121312121312121312121312",
        "5 1 1 | 111211311121131112113111211311", "1 1 5 | 333133233313323331332333133233", "2 3 | 221212212122121221212212122121",
        "3 2 | 112121121211212112121121211212", "4 1 | 111121111211112111121111211112",
        "2 5 | 222122122212212221221222122122", "1 1 2 | 313231323132313231323132", "6 6 1 | 121212121212312121212121231212",
        "100 50 25 | 112131211213121121312112131211", "10 20 30 40 | 434234143243423414324342341432",
        "1 5 10 | 332332313233233233233231323323", "7 3 1 | 112112113121121121131211211211312112112113121121",
        "0 1 2 | 332332332332332332332332"})
    void choosesInHaproxysOrder(String weights, String expected) {
        int[] parsed = Arrays.stream(weights.trim().split(" ")).mapToInt(Integer::parseInt).toArray();
        assertThat(sequence(servers(parsed), expected.length())).isEqualTo(expected);
    }
}
