package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.testkit.Await;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {

    private static String text(ScriptedOrigin origin, String... frontendLines) {
        return EngineHarness.httpText(String.join("\n", frontendLines), EngineHarness.server("s1", origin.port()));
    }

    @Test
    void anOpenConnectionIsServedByTheNewConfigurationFromItsNextRequestOn() {
        try (ScriptedOrigin one = ScriptedOrigin.start(Script.answering(ok("one")));
                ScriptedOrigin two = ScriptedOrigin.start(Script.answering(ok("two")));
                EngineHarness proxy = EngineHarness.start(text(one));
                RawClient client = proxy.client()) {
            client.send(get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("one");
            proxy.reload(text(two));
            client.send(get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("two");
            proxy.reload(text(two, "http-request deny"));
            client.send(get("/"));
            assertThat(client.readResponse().status()).isEqualTo(403);
        }
    }

    @Test
    void anExchangeThatIsGoingOnEndsAsItBegan() {
        try (ScriptedOrigin one = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.expect("0123456789");
                    connection.send(ok("one"));
                    connection.readToEnd();
                });
                ScriptedOrigin two = ScriptedOrigin.start(Script.answering(ok("two")));
                EngineHarness proxy = EngineHarness.start(text(one));
                RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");
            one.awaitConnection(1);
            proxy.reload(text(two));
            client.send("56789" + get("/next"));
            assertThat(client.readResponse().bodyText()).isEqualTo("one");
            assertThat(client.readResponse().bodyText()).isEqualTo("two");
        }
    }

    @Test
    @Timeout(60)
    void noRequestIsLostWhileConfigurationsChange() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        try (ScriptedOrigin one = ScriptedOrigin.start(Script.answering(ok("one")));
                ScriptedOrigin two = ScriptedOrigin.start(Script.answering(ok("two")));
                EngineHarness proxy = EngineHarness.start(text(one).replace("nbthread 1", "nbthread 2"))) {
            ExecutorService threads = Executors.newFixedThreadPool(4);
            List<Future<Integer>> all = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                boolean keepAlive = t % 2 == 0;
                all.add(threads.submit(() -> {
                    int served = 0;
                    RawClient client = proxy.client();
                    while (!done.get()) {
                        client.send(get("/"));
                        assertThat(client.readResponse().bodyText()).isIn("one", "two");
                        served++;
                        if (!keepAlive) {
                            client.close();
                            client = proxy.client();
                        }
                    }
                    client.close();
                    return served;
                }));
            }
            for (int i = 0; i < 30; i++) {
                proxy.reload(text(i % 2 == 0 ? two : one).replace("nbthread 1", "nbthread 2"));
            }
            done.set(true);
            for (Future<Integer> one4 : all) {
                assertThat(one4.get()).isPositive();
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
            proxy.awaitIdle();
        }
    }

    @Test
    void aConfigurationThatCannotBeAppliedChangesNothing(@TempDir Path dir) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.start(text(origin));
                RawClient client = proxy.client();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            client.send(get("/1"));
            client.readResponse();
            ApplyResult result = proxy.apply(text(origin) + "\nfrontend more\n  mode http\n  bind 127.0.0.1:" + taken.getLocalPort()
                    + "\n  timeout client 5s\n  default_backend be\n");
            assertThat(result.applied()).isFalse();
            assertThat(result.problems()).anySatisfy(p -> assertThat(p.message()).contains("cannot listen").contains("more"));
            ApplyResult certificate = proxy.apply(text(origin).replace(":@1", ":@2 ssl crt "
                    + Files.writeString(dir.resolve("damaged.pem"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")));
            assertThat(certificate.applied()).isFalse();
            assertThat(certificate.problems()).anySatisfy(p -> assertThat(p.message()).contains("damaged.pem"));
            client.send(get("/2"));
            assertThat(client.readResponse().bodyText()).isEqualTo("/2");
            proxy.reload(text(origin));
        }
    }

    @Test
    void problemsHaveTheirCodes() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.start(text(origin));
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String more = "\nfrontend more\n  mode http\n  bind %s\n  timeout client 5s\n  default_backend be\n";
            assertThat(codes(proxy.apply(text(origin) + more.formatted("127.0.0.1:" + taken.getLocalPort())))).contains("LB3001");
            assertThat(codes(proxy.apply(text(origin).replace("nbthread 1", "nbthread 2")))).contains("LB3006");
            String another = "\nbackend another\n  mode http\n  timeout server 5s\n  timeout connect 5s\n  %s\n";
            assertThat(codes(proxy.apply(text(origin) + another.formatted("server s nowhere.invalid:80")))).contains("LB3004");
            assertThat(codes(proxy.apply(text(origin) + another.formatted("server s unix@/" + "x".repeat(120))))).contains("LB3003");
        }
    }

    private static List<String> codes(ApplyResult result) {
        return result.problems().stream().map(net.lbd.config.syntax.Diagnostic::code).toList();
    }

    @Test
    void anAddressThatIsGoneIsClosedAndItsClientsGoOn() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.start(text(origin));
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            client.readResponse();
            int old = client.remoteAddress().getPort();
            proxy.reload(text(origin).replace(":@1", ":@2"));
            assertThat(net.lbd.testkit.Ports.isListening(old)).isFalse();
            client.send(get("/2"));
            assertThat(client.readResponse().bodyText()).isEqualTo("/2");
            try (RawClient other = proxy.client()) {
                other.send(get("/3"));
                assertThat(other.readResponse().bodyText()).isEqualTo("/3");
            }
        }
    }

    @Test
    void aSoftStopLetsExchangesEndAndIdleClientsGo() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    while (connection.hasMore()) {
                        connection.readHead();
                        connection.expect("0123456789");
                        connection.send(ok("done"));
                    }
                });
                EngineHarness proxy = EngineHarness.start(text(origin));
                RawClient idle = proxy.client();
                RawClient fresh = proxy.client();
                RawClient busy = proxy.client()) {
            idle.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789");
            assertThat(idle.readResponse().status()).isEqualTo(200);
            busy.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");
            Await.until("all are there", () -> proxy.frontend("fe").counters().current.get() == 3);
            proxy.engine().softStop();
            idle.expectEof();
            fresh.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789");
            assertThat(fresh.readResponse().headers("Connection")).as("its first request was on its way").containsExactly("close");
            fresh.expectEof();
            busy.send("56789");
            assertThat(busy.readResponse().headers("Connection")).containsExactly("close");
            busy.expectEof();
            Await.until("the engine is drained", proxy.engine()::isDrained);
        }
    }
}
