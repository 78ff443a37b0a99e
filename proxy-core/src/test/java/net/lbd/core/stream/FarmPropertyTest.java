package net.lbd.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.lbd.config.model.BalanceSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.TestBackends;
import net.lbd.core.TestProxy;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.BackendPolicy;
import net.lbd.core.backend.BackendRules;
import net.lbd.core.backend.ConnectionLimit;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerQueue;
import net.lbd.core.backend.ServerState;
import net.lbd.core.balance.LoadBalancers;
import net.lbd.core.listen.BindRuntime;
import net.lbd.core.listen.Listener;
import net.lbd.core.runtime.Transport;
import net.lbd.core.runtime.Worker;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.session.Session;
import net.lbd.core.stats.ProxyCounters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many requests over 40 servers that die, come back, drain, and change their weights: none is lost that could have been
 * served, no server gets more than it takes, and the counters add up. {@code -Dlbd.farm.requests=1000000} asks for more.
 */
class FarmPropertyTest {

    private static final int SERVERS = 40;
    private static final int CLIENTS = 700;

    private final TestProxy proxy = TestProxy.http();
    private final EmbeddedChannel channel = new LocalChannel();
    private final Worker worker = new Worker(0, channel.eventLoop(), Transport.NIO, UnpooledByteBufAllocator.DEFAULT);
    private final Random random = new Random(20261125);
    private final List<Server> servers = new ArrayList<>();
    private final List<Client> busy = new ArrayList<>();
    private final Deque<Client> idle = new ArrayDeque<>();
    private final Set<Server> growing = new HashSet<>();
    private Backend backend;
    private long served;
    private long takes;
    private long lost;

    private static final class LocalChannel extends EmbeddedChannel {
        @Override
        public SocketAddress remoteAddress() {
            return new InetSocketAddress("127.0.0.1", 40_000);
        }

        @Override
        public SocketAddress localAddress() {
            return TestProxy.LISTENER;
        }
    }

    /** One that sends a request after the other; some are bound to a server by a cookie. */
    private final class Client {
        private final TestStream stream;
        private Server kept = Server.NONE;

        Client() {
            Listener listener = new Listener(TestProxy.LISTENER, BindRuntime.plain(proxy.frontend(), "bind"), List.of());
            stream = new TestStream(new Session(worker, listener, channel, 1)).onQueueTurn(this::turn);
        }

        void ask() {
            stream.again();
            if (random.nextInt(4) == 0) {
                stream.setPriorityClass(random.nextInt(3) - 1);
            }
            stream.withRequest("GET /?uid=" + random.nextInt(5_000) + " HTTP/1.1\n\n");
            kept = random.nextInt(3) == 0 ? servers.get(random.nextInt(SERVERS)) : Server.NONE;
            stream.enterBackend(backend);
            busy.add(this);
            choose();
        }

        private void turn() {
            if (stream.hasServer()) {
                taken();
            } else {
                choose();
            }
        }

        private void choose() {
            Server wanted = kept != Server.NONE && kept.acceptsPersistent() && stream.retries() == 0 ? kept : Server.NONE;
            switch (ServerChoice.make(stream, wanted)) {
                case TAKEN -> taken();
                case ALL_FULL -> stream.enqueue();
                case NO_SERVER -> {
                    // Nothing could have served it.
                    lost += backend.usableServers() > 0 ? 1 : 0;
                    end();
                }
            }
        }

        private void taken() {
            takes++;
            assertThat(stream.server().acceptsPersistent()).isTrue();
            assertThat(stream.server().load()).isLessThanOrEqualTo(Math.max(1, stream.server().state().counters().max.get()));
        }

        /** Its server died under it. */
        void retry() {
            stream.countRetry(true);
            choose();
        }

        void end() {
            stream.abandonWaits();
            stream.leaveBackend();
            busy.remove(this);
            idle.add(this);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"roundrobin", "leastconn", "url_param", "random", "first", "static-rr"})
    void noRequestIsLostThatCouldHaveBeenServed(String algorithm) {
        // No timeout of the queue: waits end by being served.
        channel.freezeTime();
        ProxyCounters counters = new ProxyCounters();
        for (int i = 0; i < SERVERS; i++) {
            int max = i % 5 == 4 ? 0 : 5 + random.nextInt(20);
            boolean grows = max > 10 && i % 3 == 0;
            servers.add(server("s" + (i + 1), new Server.Share(1 + random.nextInt(256),
                    new ConnectionLimit(max, grows ? 3 : 0, 500, counters), i % 7 == 0 ? 3 : 0, i % 10 == 9, (i + 1) * 4096)));
            if (grows) {
                growing.add(servers.get(i));
            }
        }
        List<String> arguments = algorithm.equals("url_param") ? List.of("uid") : List.of();
        backend = new Backend("b", ProxyMode.HTTP, servers, LoadBalancers.create(
                new BalanceSpec(SourceLocation.BUILT_IN, algorithm, arguments), servers, Settings.EMPTY, new RuntimeNames(TestProxy.FACTS)),
                new ServerQueue(), BackendRules.NONE, BackendPolicy.NONE, Optional.empty(), counters, false);
        for (int i = 0; i < CLIENTS; i++) {
            idle.add(new Client());
        }
        int requests = Integer.getInteger("lbd.farm.requests", 120_000) / 6;
        int asked = 0;
        while (asked < requests || !busy.isEmpty()) {
            int event = random.nextInt(1000);
            if (event < 500 && asked < requests && !idle.isEmpty()) {
                asked++;
                idle.poll().ask();
            } else if (event < 990) {
                finishOne();
            } else {
                disturb();
            }
            channel.runPendingTasks();
            nobodyWaitsForAFreePlace();
        }
        assertThat(lost).isZero();
        assertThat(served).isEqualTo(requests);
        assertThat(counters.requests.sum()).isEqualTo(requests);
        assertThat(counters.current.get()).isZero();
        assertThat(backend.queue().size()).isZero();
        assertThat(servers).allSatisfy(server -> {
            assertThat(server.load()).isZero();
            assertThat(server.state().queued()).isZero();
        });
        assertThat(servers.stream().mapToLong(s -> s.state().counters().total.sum()).sum()).isEqualTo(takes);
        channel.finishAndReleaseAll();
    }

    private static Server server(String name, Server.Share share) {
        return TestBackends.server(name, share, new Server.Target(Optional.of(new InetSocketAddress("127.0.0.1", 20481)), false, 0, Map.of()));
    }

    private void finishOne() {
        if (busy.isEmpty()) {
            return;
        }
        Client client = busy.get(random.nextInt(busy.size()));
        if (client.stream.hasServer()) {
            served++;
            client.end();
        }
    }

    /** At least ten servers stay usable, of whom one is no backup. */
    private void disturb() {
        Server server = servers.get(random.nextInt(SERVERS));
        switch (random.nextInt(5)) {
            case 0 -> {
                if (backend.usableServers() > 10) {
                    server.state().setReachable(false);
                    for (Client client : List.copyOf(busy)) {
                        if (client.stream.hasServer() && client.stream.server() == server) {
                            client.retry();
                        }
                    }
                }
            }
            case 1 -> {
                if (backend.usableServers() > 10) {
                    server.state().setAdmin(ServerState.Admin.DRAIN);
                }
            }
            case 2 -> {
                if (backend.usableServers() > 10) {
                    server.state().setWeight(random.nextInt(3) == 0 ? 0 : random.nextInt(257));
                }
            }
            default -> {
                server.state().setReachable(true);
                server.state().setAdmin(ServerState.Admin.READY);
                server.state().setWeight(1 + random.nextInt(256));
            }
        }
        backend.serverChanged();
    }

    /** A limit that grows with the backend's load is looked at when a place is given back: until then the server has streams. */
    private void nobodyWaitsForAFreePlace() {
        if (backend.queue().size() > 0) {
            assertThat(servers).noneMatch(s -> s.isUsable() && !s.isBackup() && !isBusy(s));
        }
        for (Server server : servers) {
            assertThat(server.state().queued() == 0 || isBusy(server)).as("%s is full or nobody waits for it", server).isTrue();
        }
    }

    private boolean isBusy(Server server) {
        return server.isFull() || growing.contains(server) && server.load() > 0;
    }
}
