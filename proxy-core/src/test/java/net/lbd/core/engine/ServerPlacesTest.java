package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.testkit.Await;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Who waits for one server, and for how many there is room to wait. */
class ServerPlacesTest {

    private static final String COOKIE = "cookie SRV insert indirect\ntimeout queue 10s\n";

    private static ScriptedOrigin quick(String name) {
        return ScriptedOrigin.start(Script.answering(request -> ok(name)));
    }

    private static ScriptedOrigin whenAllowed(Semaphore permits) {
        return ScriptedOrigin.start(connection -> {
            while (connection.hasMore()) {
                String target = connection.readRequest().target();
                permits.acquire();
                connection.send(ok(target));
            }
        });
    }

    private static String bound(String target) {
        return get(target).replaceFirst("\r\n", "\r\nCookie: SRV=A\r\n");
    }

    private static Server server(EngineHarness proxy, int i) {
        return proxy.backend("be").servers().get(i);
    }

    @Test
    void clientWaitsForItsOwnServerThoughOthersHaveRoom() {
        Semaphore permits = new Semaphore(0);
        try (ScriptedOrigin a = whenAllowed(permits); ScriptedOrigin b = quick("b");
                EngineHarness proxy = EngineHarness.http("", COOKIE + EngineHarness.server("s1", a.port(), "cookie A maxconn 1") + "\n"
                        + EngineHarness.server("s2", b.port(), "cookie B maxconn 1"));
                RawClient first = proxy.client(); RawClient second = proxy.client(); RawClient third = proxy.client()) {
            first.send(bound("/1"));
            a.awaitRequest(1);
            second.send(bound("/2"));
            Await.until("one waits for s1", () -> server(proxy, 0).state().queued() == 1);
            third.send(get("/3"));
            assertThat(third.readResponse().bodyText()).isEqualTo("b");
            assertThat(proxy.backend("be").queue().size()).isZero();
            permits.release(2);
            assertThat(first.readResponse().bodyText()).isEqualTo("/1");
            assertThat(second.readResponse().bodyText()).isEqualTo("/2");
            assertThat(b.requests()).hasSize(1);
        }
    }

    @Test
    void fullQueueOfAServerSendsClientsElsewhere() {
        Semaphore permits = new Semaphore(0);
        try (ScriptedOrigin a = whenAllowed(permits); ScriptedOrigin b = quick("b");
                EngineHarness proxy = EngineHarness.http("", COOKIE + EngineHarness.server("s1", a.port(), "cookie A maxconn 1 maxqueue 1")
                        + "\n" + EngineHarness.server("s2", b.port(), "cookie B"));
                RawClient first = proxy.client(); RawClient second = proxy.client(); RawClient third = proxy.client()) {
            first.send(bound("/1"));
            a.awaitRequest(1);
            second.send(bound("/2"));
            Await.until("one waits for s1", () -> server(proxy, 0).state().queued() == 1);
            third.send(bound("/3"));
            assertThat(third.readResponse().bodyText()).isEqualTo("b");
            permits.release(2);
            assertThat(first.readResponse().bodyText()).isEqualTo("/1");
            assertThat(second.readResponse().bodyText()).isEqualTo("/2");
        }
    }

    @Test
    void serverThatGoesDownGivesItsQueueBackAtOnce() {
        Semaphore permits = new Semaphore(0);
        try (ScriptedOrigin a = whenAllowed(permits); ScriptedOrigin b = quick("b");
                EngineHarness proxy = EngineHarness.http("", COOKIE + EngineHarness.server("s1", a.port(), "cookie A maxconn 1") + "\n"
                        + EngineHarness.server("s2", b.port(), "cookie B"));
                RawClient first = proxy.client(); RawClient second = proxy.client()) {
            first.send(bound("/1"));
            a.awaitRequest(1);
            second.send(bound("/2"));
            Await.until("one waits for s1", () -> server(proxy, 0).state().queued() == 1);
            server(proxy, 0).state().setAdmin(ServerState.Admin.MAINT);
            proxy.backend("be").serverChanged();
            assertThat(second.readResponse().bodyText()).isEqualTo("b");
            permits.release();
            assertThat(first.readResponse().bodyText()).isEqualTo("/1");
        }
    }

    @Test
    void classesAndOffsetsDecideWhoIsServedFirst() {
        Semaphore permits = new Semaphore(0);
        try (ScriptedOrigin a = whenAllowed(permits);
                EngineHarness proxy = EngineHarness.http("http-request set-priority-class req.hdr(x-class)\n"
                        + "http-request set-priority-offset req.hdr(x-offset)\nhttp-request set-header X-Priority %[prio_class]/%[prio_offset]",
                        "timeout queue 10s\n" + EngineHarness.server("s1", a.port(), "maxconn 1"))) {
            String[] headers = {"X-None: 1", "X-Class: 1", "X-None: 1", "X-Offset: -60000", "X-Class: -1", "X-Class: -5000"};
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < headers.length; i++) {
                RawClient client = proxy.client();
                clients.add(client);
                client.send(get("/" + i).replaceFirst("\r\n", "\r\n" + headers[i] + "\r\n"));
                int waiting = i;
                Await.until(i + " wait", () -> proxy.backend("be").queue().size() == waiting);
                a.awaitRequest(1);
            }
            StringBuilder order = new StringBuilder();
            for (int served = 1; served <= headers.length; served++) {
                order.append(a.requests().get(served - 1).target().substring(1));
                permits.release();
                if (served < headers.length) {
                    a.awaitRequest(served + 1);
                }
            }
            assertThat(order).hasToString("054321");
            assertThat(a.requests().get(1).headers("x-priority")).containsExactly("-2047/0");
            clients.forEach(RawClient::close);
        }
    }

    @Test
    void limitGrowsWithTheLoadOfTheBackend() {
        net.lbd.core.stats.ProxyCounters backend = new net.lbd.core.stats.ProxyCounters();
        net.lbd.core.backend.ConnectionLimit limit = new net.lbd.core.backend.ConnectionLimit(100, 10, 1000, backend);
        Server server = net.lbd.core.TestBackends.server("s1", new Server.Share(1, limit, 0, false, 4096),
                new Server.Target(java.util.Optional.empty(), false, 0, java.util.Map.of()));
        for (int[] loadAndLimit : new int[][] {{0, 10}, {99, 10}, {110, 11}, {500, 50}, {999, 99}, {1000, 100}, {5000, 100}}) {
            backend.current.set(loadAndLimit[0]);
            assertThat(server.maxConnections()).isEqualTo(loadAndLimit[1]);
        }
    }

    @Test
    void retryOnNoneTriesNoConnectionAgain() {
        try (ScriptedOrigin b = quick("b");
                EngineHarness proxy = EngineHarness.http("", "retry-on none\noption redispatch 1\nbalance first\n"
                        + "server s1 127.0.0.1:9\n" + EngineHarness.server("s2", b.port(), ""));
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(503);
            assertThat(b.requests()).isEmpty();
        }
    }
}
