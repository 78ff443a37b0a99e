package net.lbd.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    @Test
    void takesInTheSameOrder() {
        LoadBalancer balancer = balancer(servers(2, 1, 3));
        StringBuilder taken = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            taken.append(balancer.take(stream, Server.NONE).name().substring(1));
        }
        assertThat(taken).hasToString("123313313213313213313213313213");
    }

    /**
     * Threads that take places at once, and none that gives one back meanwhile: whoever took the last place of a server took it from
     * none that was better. Between two rounds some places are given back.
     */
    @ParameterizedTest
    @CsvSource({"1 1 1 1 1 1 1 1", "1 2 3 5 8 13 21 34", "256 1 100 7", "1 1"})
    void noServerIsMoreThanOneConnectionBehindTheBestWhateverManyThreadsDo(String weights) throws Exception {
        List<Server> servers = servers(Arrays.stream(weights.split(" ")).mapToInt(Integer::parseInt).toArray());
        LoadBalancer balancer = balancer(servers);
        int threads = 8;
        Random random = new Random(20261126);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (int round = 0; round < 60; round++) {
                CyclicBarrier together = new CyclicBarrier(threads);
                List<Callable<Map<Server, Integer>>> takers = Collections.nCopies(threads, () -> {
                    Map<Server, Integer> mine = new HashMap<>();
                    together.await();
                    for (int i = 0; i < 200; i++) {
                        mine.merge(balancer.take(stream, Server.NONE), 1, Integer::sum);
                    }
                    return mine;
                });
                Map<Server, Integer> taken = new HashMap<>();
                for (Future<Map<Server, Integer>> each : pool.invokeAll(takers)) {
                    each.get().forEach((server, count) -> taken.merge(server, count, Integer::sum));
                }
                assertThat(taken.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(threads * 200);
                for (Server last : taken.keySet()) {
                    for (Server other : servers) {
                        assertThat(measure(last.load() - 1) * other.weight()).as("%s took its last place from %s, with %s and %s connections",
                                last, other, last.load(), other.load()).isLessThanOrEqualTo(measure(other.load()) * last.weight());
                    }
                }
                for (Server server : servers) {
                    for (int left = random.nextInt(server.load() + 1); left > 0; left--) {
                        server.state().counters().leave();
                    }
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static long measure(int connections) {
        return connections == 0 ? 0 : connections + 1;
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
