package net.lbd.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import net.lbd.config.model.BalanceSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.TestBackends;
import net.lbd.core.TestProxy;
import net.lbd.core.balance.LoadBalancers;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.stats.ProxyCounters;
import net.lbd.core.stream.Stream;
import org.junit.jupiter.api.Test;

/** Many threads take places on servers that are full, wait, and hand them on: nobody is forgotten, no server gets more than it takes. */
class QueueHandOverTest {

    private static final int THREADS = 8;
    private static final int ROUNDS = 3_000;

    private final Stream stream = TestProxy.http().stream();
    private final List<Server> servers = List.of(TestBackends.server("s1", 1, 1, false), TestBackends.server("s2", 3, 2, false),
            TestBackends.server("s3", 2, 1, false));
    private final Backend backend = new Backend("b", ProxyMode.HTTP, servers, LoadBalancers.create(
            new BalanceSpec(SourceLocation.BUILT_IN, "leastconn", List.of()), servers, Settings.EMPTY, new RuntimeNames(TestProxy.FACTS)),
            new ServerQueue(), BackendRules.NONE, BackendPolicy.NONE, Optional.empty(), new ProxyCounters(), false);

    /** What comes to a waiting thread: a place, or none and the advice to look again. */
    private static final class Turn implements ServerQueue.Waiter {
        private final CompletableFuture<Optional<ServerState>> place = new CompletableFuture<>();

        @Override
        public void wake(ServerQueue.Ticket ticket) {
            place.complete(Optional.empty());
        }

        @Override
        public void give(ServerQueue.Ticket ticket, ServerState given) {
            place.complete(Optional.of(given));
        }
    }

    private Server place(boolean own) throws Exception {
        Server wanted = own ? servers.get(ThreadLocalRandom.current().nextInt(servers.size())) : Server.NONE;
        while (true) {
            Server taken = !own ? backend.balancer().take(stream, Server.NONE) : wanted.acquire() ? wanted : Server.NONE;
            if (taken != Server.NONE) {
                return taken;
            }
            Turn turn = new Turn();
            backend.queue().add(new ServerQueue.Ticket(turn, backend, wanted, 0, System.nanoTime()));
            backend.serveWaiting();
            Optional<ServerState> given = turn.place.get(30, TimeUnit.SECONDS);
            if (given.isPresent()) {
                return backend.serverOf(given.get());
            }
        }
    }

    @Test
    void everyPlaceIsHandedOnAndNoneIsGivenTwice() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Integer>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                boolean own = i % 2 == 0;
                all.add(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        Server server = place(own);
                        if (round % 50 == 0) {
                            Thread.yield();
                        }
                        if (backend.release(server)) {
                            backend.serve(server);
                        }
                    }
                    return ROUNDS;
                });
            }
            int served = 0;
            for (Future<Integer> each : pool.invokeAll(all)) {
                served += each.get();
            }
            assertThat(served).isEqualTo(THREADS * ROUNDS);
        } finally {
            pool.shutdownNow();
        }
        assertThat(backend.queue().size()).isZero();
        assertThat(servers).allSatisfy(server -> {
            assertThat(server.load()).isZero();
            assertThat(server.state().queued()).isZero();
            assertThat(server.state().counters().max.get()).isBetween(1, server.maxConnections());
        });
        assertThat(servers.stream().mapToLong(s -> s.state().counters().total.sum()).sum()).isEqualTo(THREADS * ROUNDS);
    }
}
