package net.lbd.core.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.lbd.core.backend.Server;
import org.junit.jupiter.api.Test;

/** What balancers promise that share the load by weight. */
abstract class FairContract extends BalancerContract {

    @Test
    void loadIsSharedByWeightFromManyThreads() throws Exception {
        List<Server> servers = servers(10, 30, 60);
        LoadBalancer balancer = balancer(servers);
        int threads = 4;
        int each = 5_000;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        Callable<Map<Server, Integer>> task = () -> {
            Map<Server, Integer> counts = new HashMap<>();
            for (int i = 0; i < each; i++) {
                Server server = balancer.choose(stream, Server.NONE);
                server.acquire();
                counts.merge(server, 1, Integer::sum);
            }
            return counts;
        };
        Map<Server, Integer> sum = new HashMap<>();
        try {
            for (Future<Map<Server, Integer>> future : pool.invokeAll(List.of(task, task, task, task))) {
                future.get().forEach((server, count) -> sum.merge(server, count, Integer::sum));
            }
        } finally {
            pool.shutdown();
            assertThat(pool.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
        int total = threads * each;
        for (Server server : servers) {
            assertThat((double) sum.get(server) / total).isBetween(server.weight() / 100.0 - 0.02, server.weight() / 100.0 + 0.02);
        }
    }
}
