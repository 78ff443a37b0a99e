package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import net.lbd.core.NoLeaks;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.testkit.Await;
import net.lbd.testkit.DnsServer;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Servers that go where a real name server says; the sentences are HAProxy 2.6's. */
@ExtendWith(NoLeaks.class)
@EnabledIf("isInstalled")
class ServerNamesTest {

    private final List<HttpServer> origins = new ArrayList<>();
    private final int port = Ports.free();
    @TempDir
    private Path dir;
    private DnsServer dns;

    static boolean isInstalled() {
        return DnsServer.isInstalled();
    }

    @BeforeEach
    void startNameServer() {
        dns = DnsServer.start(dir.resolve("d"));
    }

    @AfterEach
    void stop() {
        dns.close();
        origins.forEach(o -> o.stop(0));
    }

    /** A web server that answers with its address, on the same port whatever the address. */
    private void origin(String address) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 100);
            server.createContext("/", exchange -> {
                byte[] body = address.getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            origins.add(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String text(String resolvers, String frontendLines, String backendLines) {
        return EngineHarness.httpText(frontendLines, backendLines) + """
                resolvers d
                  nameserver ns 127.0.0.1:%d
                  timeout resolve 30ms
                  timeout retry 500ms
                  resolve_retries 2
                  hold nx 0
                  hold other 0
                  hold refused 0
                  hold timeout 0
                  %s
                """.formatted(dns.port(), resolvers.replace("\n", "\n  "));
    }

    private EngineHarness engine(String resolvers, String backendLines) {
        return EngineHarness.start(text(resolvers, "", backendLines));
    }

    private static Server server(EngineHarness engine, String name) {
        return engine.backend("be").servers().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    private static List<String> texts(Server server) {
        return server.state().events().stream().map(ServerState.Event::text).toList();
    }

    private static String ask(RawClient client) {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        return client.readResponse().bodyText();
    }

    private static String address(Server server) {
        return server.checkAddress(java.util.Optional.empty()) instanceof InetSocketAddress inet && !inet.isUnresolved()
                ? inet.getAddress().getHostAddress() : "-";
    }

    @Test
    void aServerGoesWhereItsNameLeads() {
        origin("127.0.0.11");
        origin("127.0.0.12");
        try (EngineHarness engine = engine("", "server s t.test:" + port + " init-addr none resolvers d resolve-prefer ipv4");
                RawClient client = engine.client()) {
            Server s = server(engine, "s");
            assertThat(s.isUsable()).isFalse();
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(503);

            dns.add("t.test. 0 A 127.0.0.11");
            Await.until("it has an address, and it is told", () -> s.isUsable() && texts(s).size() == 3);
            assertThat(texts(s)).containsExactly("be/s changed its IP from (none) to 127.0.0.11 by d/ns.",
                    "Server be/s ('t.test') is UP/READY (resolves again).",
                    "Server be/s administratively READY thanks to valid DNS answer.");
            try (RawClient next = engine.client()) {
                assertThat(ask(next)).isEqualTo("127.0.0.11");
                dns.add("t.test. 0 A 127.0.0.12");
                dns.replace("t.test", "t.test. 0 A 127.0.0.12");
                Await.until("it has moved", () -> address(s).equals("127.0.0.12"));
                assertThat(ask(next)).as("no connection to the old address is used again").isEqualTo("127.0.0.12");
            }

            dns.remove("t.test");
            Await.until("it is gone, and it is told", () -> !s.isUsable() && texts(s).get(texts(s).size() - 1).contains("maintenance"));
            assertThat(texts(s)).last().asString().matches("Server be/s is going DOWN for maintenance"
                    + " \\((DNS NX status|unspecified DNS error)\\)\\. 0 active and 0 backup servers left\\."
                    + " 0 sessions active, 0 requeued, 0 remaining in queue\\.");
        }
    }

    @Test
    void withinHoldAnErrorSaysNothing() {
        dns.add("t.test. 0 A 127.0.0.11");
        try (EngineHarness engine = engine("hold timeout 1h\nhold nx 1h\nhold other 1h\nhold refused 1h",
                "server s t.test:" + port + " init-addr none resolvers d resolve-prefer ipv4")) {
            Server s = server(engine, "s");
            Await.until("it has an address", s::isUsable);
            dns.kill();
            long before = engine.engine().resolvers().find("d").orElseThrow().statistics().get(0).counters()
                    .get(net.lbd.core.dns.DnsCounter.TIMEOUT);
            Await.until("questions are not answered", () -> engine.engine().resolvers().find("d").orElseThrow().statistics().get(0)
                    .counters().get(net.lbd.core.dns.DnsCounter.TIMEOUT) > before + 4);
            assertThat(s.isUsable()).isTrue();
        }
    }

    @Test
    void aTemplateFillsAndEmpties() {
        try (EngineHarness engine = engine("", "server-template w 3 a.test:" + port
                + " init-addr none resolvers d resolve-prefer ipv4\n")) {
            List<Server> all = engine.backend("be").servers();
            assertThat(all).extracting(Server::name).containsExactly("w1", "w2", "w3");
            dns.add("a.test. 0 A 127.0.0.11");
            Await.until("one", () -> engine.backend("be").usableServers() == 1);
            dns.add("a.test. 0 A 127.0.0.12");
            Await.until("two", () -> engine.backend("be").usableServers() == 2);
            assertThat(all.stream().filter(Server::isUsable).map(ServerNamesTest::address)).containsExactlyInAnyOrder("127.0.0.11", "127.0.0.12");

            for (int i = 13; i < 16; i++) {
                dns.add("a.test. 0 A 127.0.0." + i);
            }
            Await.until("three, and no more", () -> engine.backend("be").usableServers() == 3);
            assertThat(all.stream().map(ServerNamesTest::address).distinct()).hasSize(3);

            // There is none for the third and for the second; the first keeps one.
            dns.remove("a.test");
            dns.add("a.test. 0 A 127.0.0.12");
            Await.until("one again", () -> engine.backend("be").usableServers() == 1
                    && all.stream().filter(Server::isUsable).allMatch(s -> address(s).equals("127.0.0.12")));
        }
    }

    @Test
    void serversOfOneNameMayShareAnAddressIfTheyAreTold() {
        dns.add("a.test. 0 A 127.0.0.11");
        try (EngineHarness engine = engine("", "server-template w 2 a.test:" + port
                + " init-addr none resolvers d resolve-prefer ipv4 resolve-opts allow-dup-ip\nserver x a.test:1 init-addr none resolvers d")) {
            Await.until("both", () -> server(engine, "w1").isUsable() && server(engine, "w2").isUsable());
            assertThat(address(server(engine, "w2"))).isEqualTo("127.0.0.11");
            assertThat(server(engine, "x").isUsable()).isFalse();
            assertThat(engine.engine().runtime()).isPresent();
        }
    }

    @Test
    void networksAndFamiliesArePreferred() {
        for (String address : List.of("127.0.0.11", "127.0.9.1", "127.0.0.12")) {
            dns.add("a.test. 0 A " + address);
        }
        dns.add("six.test. 0 AAAA ::1");
        dns.add("six.test. 0 A 127.0.0.11");
        dns.add("only4.test. 0 A 127.0.0.11");
        try (EngineHarness engine = engine("", "default-server init-addr none resolvers d\n"
                + "server near a.test:1 resolve-net 127.0.9.0/24 resolve-prefer ipv4\nserver six six.test:1\nserver four six.test:1 resolve-prefer ipv4\n"
                + "server fall only4.test:1 resolve-prefer ipv6")) {
            Await.until("all", () -> engine.backend("be").usableServers() == 4);
            assertThat(address(server(engine, "near"))).isEqualTo("127.0.9.1");
            assertThat(address(server(engine, "six"))).isEqualTo("0:0:0:0:0:0:0:1");
            assertThat(address(server(engine, "four"))).isEqualTo("127.0.0.11");
            assertThat(address(server(engine, "fall"))).isEqualTo("127.0.0.11");
        }
    }

    @Test
    void recordsOfAServiceFillServersWithPortsAndWeights() {
        dns.add("s1.test. 0 A 127.0.0.11");
        dns.add("s2.test. 0 A 127.0.0.12");
        dns.add("_web._tcp.test. 0 SRV 0 65535 8081 s1.test.");
        try (EngineHarness engine = engine("", "server-template v 2 _web._tcp.test init-addr none resolvers d resolve-prefer ipv4")) {
            Server v1 = server(engine, "v1");
            Server v2 = server(engine, "v2");
            Await.until("the first, and it is told", () -> v1.isUsable() && texts(v1).size() >= 3);
            assertThat(v1.checkAddress(java.util.Optional.empty())).isEqualTo(new InetSocketAddress("127.0.0.11", 8081));
            assertThat(v1.weight()).isEqualTo(256);
            assertThat(v2.isUsable()).isFalse();
            assertThat(texts(v1)).contains("be/v1 changed its FQDN from (null) to s1.test by 'SRV record'",
                    "Server be/v1 ('s1.test') is UP/READY (resolves again).");

            dns.add("_web._tcp.test. 0 SRV 0 512 8082 s2.test.");
            Await.until("the second", v2::isUsable);
            assertThat(v2.checkAddress(java.util.Optional.empty())).isEqualTo(new InetSocketAddress("127.0.0.12", 8082));
            assertThat(v2.weight()).isEqualTo(3);

            // What is reloaded stays where it was.
            engine.reload(text("", "", "server-template v 2 _web._tcp.test init-addr none resolvers d resolve-prefer ipv4"));
            assertThat(server(engine, "v2").isUsable()).isTrue();
            assertThat(address(server(engine, "v1"))).isEqualTo("127.0.0.11");

            dns.remove("_web._tcp.test");
            dns.add("_web._tcp.test. 0 SRV 0 512 8082 s2.test.");
            Await.until("the first is gone, the second is there",
                    () -> !server(engine, "v1").isUsable() && engine.backend("be").usableServers() == 1
                            || server(engine, "v1").checkAddress(java.util.Optional.empty()).equals(new InetSocketAddress("127.0.0.12", 8082)));
        }
    }

    @Test
    void nothingIsLostWhileRecordsChangeUnderLoad() throws InterruptedException {
        origin("127.0.0.11");
        origin("127.0.0.12");
        origin("127.0.0.13");
        dns.add("t.test. 0 A 127.0.0.11");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger answered = new AtomicInteger();
        AtomicReference<String> wrong = new AtomicReference<>("");
        try (EngineHarness engine = engine("hold nx 1h\nhold other 1h\nhold timeout 1h\nhold refused 1h",
                "server-template s 2 t.test:" + port + " init-addr none resolvers d resolve-prefer ipv4 check inter 100ms\ntimeout check 10s")) {
            Await.until("it has an address", () -> engine.backend("be").usableServers() == 1);
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Thread thread = new Thread(() -> {
                    while (!over.get()) {
                        try (RawClient client = engine.client()) {
                            for (int n = 0; n < 20 && !over.get(); n++) {
                                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                                var response = client.readResponse();
                                if (response.status() != 200) {
                                    wrong.compareAndSet("", response.toString());
                                }
                                answered.incrementAndGet();
                            }
                        } catch (RuntimeException | AssertionError e) {
                            wrong.compareAndSet("", e.toString());
                        }
                    }
                });
                thread.start();
                clients.add(thread);
            }
            for (int round = 0; round < 12; round++) {
                String next = "127.0.0.1" + (1 + (round + 1) % 3);
                dns.add("t.test. 0 A " + next);
                Await.until("the new one serves", () -> engine.backend("be").servers().stream()
                        .anyMatch(s -> s.isUsable() && address(s).equals(next)));
                dns.replace("t.test", "t.test. 0 A " + next);
                Await.until("the old one is gone", () -> engine.backend("be").servers().stream()
                        .filter(Server::isUsable).allMatch(s -> address(s).equals(next)));
                int before = answered.get();
                Await.until("traffic goes on", () -> answered.get() > before + 20);
            }
            over.set(true);
            for (Thread client : clients) {
                client.join(10_000);
            }
            assertThat(wrong.get()).isEmpty();
        }
    }

    @Test
    void rulesLookNamesUp() {
        origin("127.0.0.12");
        dns.add("web.test. 0 A 127.0.0.12");
        String rules = """
                http-request do-resolve(txn.ip,d,ipv4) req.hdr(x-name)
                http-request return status 404 unless { var(txn.ip) -m found }
                http-request set-dst var(txn.ip)""";
        try (EngineHarness engine = EngineHarness.start(text("", rules, "server s 0.0.0.0:" + port));
                RawClient client = engine.client()) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.1\r\nHost: a\r\nx-name: Web.Test\r\n\r\n");
                assertThat(client.readResponse().bodyText()).isEqualTo("127.0.0.12");
            }
            var counters = engine.engine().resolvers().find("d").orElseThrow().statistics().get(0).counters();
            assertThat(counters.get(net.lbd.core.dns.DnsCounter.SENT)).as("the answer is used again").isEqualTo(1);
            client.send("GET / HTTP/1.1\r\nHost: a\r\nx-name: nobody.test\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(404);
            client.send("POST / HTTP/1.1\r\nHost: a\r\nx-name: other.test\r\nContent-Length: 3\r\n\r\nabc");
            assertThat(client.readResponse().status()).isEqualTo(404);
        }
        try (EngineHarness engine = EngineHarness.start(text("", rules, "server s 0.0.0.0:" + port)); RawClient client = engine.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nx-name: not..a name\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(404);
            client.send("GET / HTTP/1.1\r\nHost: a\r\nx-name: 127.0.0.12\r\n\r\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("127.0.0.12");
        }
    }

    @Test
    void contentRulesLookNamesUp() {
        origin("127.0.0.12");
        dns.add("web.test. 0 A 127.0.0.12");
        for (String mode : List.of("mode tcp\n", "")) {
            String rules = """
                    tcp-request inspect-delay 10s
                    tcp-request content do-resolve(sess.ip,d,ipv4) str(web.test)
                    tcp-request content set-dst var(sess.ip)
                    tcp-request content accept""";
            try (EngineHarness engine = EngineHarness.start(text("", mode + rules, mode + "server s 0.0.0.0:" + port));
                    RawClient client = engine.client()) {
                assertThat(ask(client)).isEqualTo("127.0.0.12");
            }
        }
    }

    @Test
    void aReloadThatIsRefusedLeavesTheAddressesAlone() {
        dns.add("t.test. 0 A 127.0.0.11");
        String line = "server s t.test:1 init-addr none resolvers d resolve-prefer ipv4";
        try (EngineHarness engine = engine("timeout resolve 1h\ntimeout retry 10s", line)) {
            Server s = server(engine, "s");
            Await.until("it has an address", s::isUsable);
            ApplyResult refused = engine.apply(text("", "", "server s u.test:1 init-addr none resolvers d\nserver t nowhere.invalid:1 init-addr libc"));
            assertThat(refused.applied()).isFalse();
            assertThat(address(s)).isEqualTo("127.0.0.11");
            engine.reload(text("timeout resolve 1h\ntimeout retry 10s", "", line));
            assertThat(address(server(engine, "s"))).isEqualTo("127.0.0.11");
            assertThat(server(engine, "s").isUsable()).isTrue();
        }
    }

    @Test
    void aNameServerIsAskedOverTcp() {
        dns.add("t.test. 0 A 127.0.0.11");
        String text = text("", "", "server s t.test:1 init-addr none resolvers d resolve-prefer ipv4")
                .replace("nameserver ns ", "nameserver ns tcp@");
        try (EngineHarness engine = EngineHarness.start(text)) {
            Await.until("it has an address", () -> server(engine, "s").isUsable());
        }
    }

    @Test
    void whatTheAdministratorSetsStays() {
        dns.add("t.test. 0 A 127.0.0.11");
        dns.add("u.test. 0 A 127.0.0.12");
        try (EngineHarness engine = engine("", "server s t.test:1 init-addr none resolvers d resolve-prefer ipv4")) {
            Server s = server(engine, "s");
            Await.until("it has an address", s::isUsable);
            engine.engine().setAddress(s, new InetSocketAddress("127.0.0.77", 9));
            long asked = engine.engine().resolvers().find("d").orElseThrow().statistics().get(0).counters().get(net.lbd.core.dns.DnsCounter.VALID);
            Await.until("it was asked again", () -> engine.engine().resolvers().find("d").orElseThrow().statistics().get(0).counters()
                    .get(net.lbd.core.dns.DnsCounter.VALID) > asked + 2);
            assertThat(address(s)).isEqualTo("127.0.0.77");
            engine.engine().setHostName(s, "u.test");
            Await.until("it goes by the other name", () -> address(s).equals("127.0.0.12"));
        }
    }

    @Test
    void theStartDoesNotFailButWhereItIsTold() {
        try (EngineHarness engine = EngineHarness.http("", "server s nowhere.invalid:80\nserver t nowhere.invalid:80 init-addr none"
                + "\nserver u nowhere.invalid:80 init-addr libc,127.0.0.9")) {
            assertThat(server(engine, "s").state().isUnresolved()).isTrue();
            assertThat(server(engine, "t").state().isUnresolved()).isTrue();
            assertThat(address(server(engine, "u"))).isEqualTo("127.0.0.9");
            ApplyResult refused = engine.apply(EngineHarness.httpText("", "server s nowhere.invalid:81 init-addr libc"));
            assertThat(refused.applied()).isFalse();
            assertThat(refused.problems().toString()).contains("server 's': the name 'nowhere.invalid' cannot be resolved");
        }
    }
}
