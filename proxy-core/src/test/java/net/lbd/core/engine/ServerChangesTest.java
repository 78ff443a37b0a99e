package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import net.lbd.config.check.AddedServer;
import net.lbd.core.NoLeaks;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.core.runtime.ChangeRefused;
import net.lbd.testkit.Await;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.TestCertificates;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Servers that come and go while a backend serves. */
@ExtendWith(NoLeaks.class)
class ServerChangesTest {

    private static ScriptedOrigin origin(String name) {
        return ScriptedOrigin.start(Script.answering(request -> ok(name)));
    }

    private static void add(EngineHarness proxy, String name, String words) throws ChangeRefused {
        proxy.engine().serverChanges().add("be", (serving, backend) -> {
            AddedServer read = AddedServer.read(serving, backend, name, List.of(words.split(" ")), Path.of("").toAbsolutePath());
            return read.server().orElseThrow(() -> new ChangeRefused(String.join("\n", read.errors())));
        });
    }

    private static Server server(EngineHarness proxy, String name) {
        return proxy.backend("be").servers().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
    }

    private static void set(EngineHarness proxy, String name, Admin wanted) {
        proxy.engine().setAdmin(proxy.backend("be"), server(proxy, name), wanted);
    }

    private static String ask(RawClient client) {
        client.send(get("/"));
        return client.readResponse().bodyText();
    }

    private static ReceivedMessage askWith(EngineHarness proxy, String cookie) {
        try (RawClient client = proxy.client()) {
            client.send(cookie.isEmpty() ? get("/") : get("/").replaceFirst("\r\n", "\r\nCookie: " + cookie + "\r\n"));
            return client.readResponse();
        }
    }

    @Test
    void anAddedServerServesWhenItIsReadyAndIsGoneWhenItIsRemoved() throws ChangeRefused {
        try (ScriptedOrigin a = origin("a"); ScriptedOrigin b = origin("b");
                EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s1", a.port())); RawClient client = proxy.client()) {
            add(proxy, "s2", "127.0.0.1:" + b.port() + " weight 3");
            assertThat(server(proxy, "s2").state().admin()).isEqualTo(Admin.MAINT);
            assertThat(server(proxy, "s2").id()).isEqualTo(2);
            assertThat(ask(client)).isEqualTo("a");
            assertThat(ask(client)).isEqualTo("a");

            set(proxy, "s2", Admin.READY);
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(ask(client));
            }
            assertThat(answers).containsOnly("a", "b").filteredOn("b"::equals).hasSize(6);
            assertThat(proxy.engine().runtime().orElseThrow().configuration().backend("be").orElseThrow().server("s2")).isPresent();

            assertThatThrownBy(() -> proxy.engine().serverChanges().remove("be", "s2"))
                    .isInstanceOf(ChangeRefused.class).hasMessage("Only servers in maintenance mode can be deleted.");
            set(proxy, "s2", Admin.MAINT);
            proxy.engine().serverChanges().remove("be", "s2");
            assertThat(proxy.backend("be").servers()).extracting(Server::name).containsExactly("s1");
            assertThat(ask(client)).isEqualTo("a");
            b.awaitFinished(1);

            add(proxy, "s2", "127.0.0.1:" + b.port());
            assertThat(server(proxy, "s2").state().counters().total.sum()).as("it starts anew").isZero();
        }
    }

    @Test
    void aServerWithStreamsIsNotRemoved() throws ChangeRefused {
        Semaphore permit = new Semaphore(0);
        try (ScriptedOrigin slow = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            permit.acquire();
            connection.send(ok("late"));
        }); EngineHarness proxy = EngineHarness.http("", ""); RawClient client = proxy.client()) {
            add(proxy, "s", "127.0.0.1:" + slow.port() + " enabled");
            client.send(get("/"));
            slow.awaitRequest(1);
            set(proxy, "s", Admin.MAINT);
            assertThatThrownBy(() -> proxy.engine().serverChanges().remove("be", "s"))
                    .hasMessage("Server still has connections attached to it, cannot remove it.");
            permit.release();
            assertThat(client.readResponse().bodyText()).isEqualTo("late");
            Await.until("the stream has ended", () -> server(proxy, "s").load() == 0);
            proxy.engine().serverChanges().remove("be", "s");
            assertThat(proxy.backend("be").servers()).isEmpty();
        }
    }

    /** Servers come and go two hundred times under a client that counts. */
    @Test
    void noRequestFailsWhileServersComeAndGo() throws Exception {
        try (ScriptedOrigin a = origin("a"); ScriptedOrigin b = origin("b");
                EngineHarness proxy = EngineHarness.http("", "balance leastconn\n" + EngineHarness.server("s1", a.port()))) {
            AtomicBoolean end = new AtomicBoolean();
            CompletableFuture<Integer> traffic = CompletableFuture.supplyAsync(() -> {
                int good = 0;
                try (RawClient client = proxy.client()) {
                    while (!end.get()) {
                        assertThat(ask(client)).isIn("a", "b");
                        good++;
                    }
                }
                return good;
            });
            for (int i = 0; i < 200; i++) {
                add(proxy, "s2", "127.0.0.1:" + b.port() + " enabled");
                long seen = b.requests().size();
                Await.until("s2 has its share", () -> b.requests().size() > seen || traffic.isDone());
                set(proxy, "s2", Admin.MAINT);
                Await.until("s2 is removed", () -> {
                    try {
                        proxy.engine().serverChanges().remove("be", "s2");
                        return true;
                    } catch (ChangeRefused e) {
                        assertThat(e).hasMessageContaining("still has connections");
                        return false;
                    }
                });
            }
            end.set(true);
            assertThat(traffic.get()).isGreaterThan(400);
        }
    }

    @Test
    void checksBeginWhenTheyAreSwitchedOn() throws ChangeRefused {
        int nobody = Ports.free();
        try (EngineHarness proxy = EngineHarness.http("", "")) {
            add(proxy, "s", "127.0.0.1:" + nobody + " check inter 50ms");
            set(proxy, "s", Admin.READY);
            assertThat(server(proxy, "s").isUsable()).as("nothing looks at it").isTrue();
            proxy.engine().setChecked(server(proxy, "s"), false, true);
            Await.until("the check has found out", () -> !server(proxy, "s").isUsable());
        }
    }

    @Test
    void aReloadThatHasTheServerLetsItServeAndBeChecked() throws ChangeRefused {
        int nobody = Ports.free();
        String line = "server s 127.0.0.1:" + nobody + " check inter 50ms";
        try (ScriptedOrigin a = origin("a"); EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s1", a.port()))) {
            add(proxy, "s", "127.0.0.1:" + nobody + " check inter 50ms");
            proxy.reload(EngineHarness.httpText("", EngineHarness.server("s1", a.port()) + "\n" + line));
            assertThat(server(proxy, "s").state().admin()).isEqualTo(Admin.READY);
            Await.until("the check has found out", () -> !server(proxy, "s").state().isUp());

            add(proxy, "t", "127.0.0.1:" + a.port());
            proxy.reload(EngineHarness.httpText("", EngineHarness.server("s1", a.port())));
            assertThat(proxy.backend("be").servers()).extracting(Server::name).as("a reload knows nothing of it").containsExactly("s1");
        }
    }

    @Test
    void anAddedServerThatTracksFollows() throws ChangeRefused {
        int nobody = Ports.free();
        try (EngineHarness proxy = EngineHarness.http("", "server s1 127.0.0.1:" + nobody + " check inter 50ms")) {
            add(proxy, "t", "127.0.0.1:1 track s1 enabled");
            Await.until("both are down", () -> !server(proxy, "s1").state().isUp() && !server(proxy, "t").state().isUp());
            assertThatThrownBy(() -> proxy.engine().serverChanges().remove("be", "s1"))
                    .hasMessageContaining("other configuration elements pointing to it");
        }
    }

    @Test
    void aNameHasNoAddressBeforeItIsGivenOne() throws ChangeRefused {
        try (ScriptedOrigin a = origin("a"); EngineHarness proxy = EngineHarness.http("", ""); RawClient client = proxy.client()) {
            add(proxy, "s", "mail.example.test:" + a.port());
            set(proxy, "s", Admin.READY);
            assertThat(server(proxy, "s").isUsable()).isFalse();
            proxy.engine().setAddress(server(proxy, "s"), new InetSocketAddress("127.0.0.1", a.port()));
            assertThat(ask(client)).isEqualTo("a");
        }
    }

    @Test
    void anAddedServerSpeaksTls() throws Exception {
        try (ScriptedOrigin a = ScriptedOrigin.startTls(TestCertificates.create().server(TestCertificates.KeyKind.ECDSA, "localhost").serverContext(), Script.answering(request -> ok("a")));
                EngineHarness proxy = EngineHarness.http("", ""); RawClient client = proxy.client()) {
            add(proxy, "s", "127.0.0.1:" + a.port() + " ssl verify none enabled");
            assertThat(ask(client)).isEqualTo("a");
            assertThatThrownBy(() -> add(proxy, "t", "127.0.0.1:1 ssl ca-file /nowhere/ca.pem")).hasMessageContaining("/nowhere/ca.pem");
            assertThat(proxy.backend("be").servers()).hasSize(1);
        }
    }

    @Test
    void whoWaitsIsServedByAServerThatComes() throws Exception {
        Semaphore permit = new Semaphore(0);
        try (ScriptedOrigin slow = ScriptedOrigin.start(connection -> {
            connection.readRequest();
            permit.acquire();
            connection.send(ok("slow"));
        }); ScriptedOrigin b = origin("b");
                EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s1", slow.port(), "maxconn 1"));
                RawClient first = proxy.client(); RawClient second = proxy.client()) {
            first.send(get("/"));
            slow.awaitRequest(1);
            second.send(get("/"));
            Await.until("the second waits", () -> proxy.backend("be").queue().size() == 1);
            add(proxy, "s2", "127.0.0.1:" + b.port() + " enabled");
            assertThat(second.readResponse().bodyText()).isEqualTo("b");
            permit.release();
            assertThat(first.readResponse().bodyText()).isEqualTo("slow");
        }
    }

    @Test
    void cookiesAreMadeOfAddressesWhileThatIsSwitchedOn() throws ChangeRefused {
        try (ScriptedOrigin a = origin("a"); ScriptedOrigin b = origin("b");
                EngineHarness proxy = EngineHarness.http("", "cookie SRV insert indirect\ndynamic-cookie-key first\n"
                        + EngineHarness.server("s1", a.port()))) {
            assertThat(cookie(proxy)).as("no value").isEmpty();
            proxy.engine().serverChanges().setDynamicCookie("be", true);
            String first = cookie(proxy).orElseThrow();
            assertThat(first).matches("[0-9a-f]{16}");

            proxy.engine().serverChanges().setDynamicCookieKey("be", "second");
            String second = cookie(proxy).orElseThrow();
            assertThat(second).matches("[0-9a-f]{16}").isNotEqualTo(first);

            add(proxy, "s2", "127.0.0.1:" + b.port() + " weight 0 enabled");
            assertThat(askWith(proxy, "SRV=" + second).bodyText()).isEqualTo("a");

            proxy.engine().setAddress(server(proxy, "s1"), new InetSocketAddress("127.0.0.1", b.port()));
            String moved = cookie(proxy).orElseThrow();
            assertThat(moved).as("the value follows the address").isNotEqualTo(second);

            proxy.engine().serverChanges().setDynamicCookie("be", false);
            assertThat(cookie(proxy)).isEmpty();
        }
    }

    private static Optional<String> cookie(EngineHarness proxy) {
        List<String> set = askWith(proxy, "").headers("set-cookie");
        return set.stream().filter(line -> line.startsWith("SRV=") && !line.startsWith("SRV=;")).findFirst()
                .map(line -> line.substring(4, line.indexOf(';')));
    }

    @Test
    void checksGoWhereACommandSaysUntilTheNextReload() {
        int nobody = Ports.free();
        try (ScriptedOrigin alive = origin("a"); EngineHarness proxy = EngineHarness.http("",
                EngineHarness.server("s", nobody, "check inter 50ms"))) {
            Await.until("nobody answers the check", () -> !server(proxy, "s").state().isUp());
            server(proxy, "s").state().setCheckAsked(ServerState.Asked.AS_CONFIGURED.on(alive.port()));
            Await.until("the check is answered on the other port", () -> server(proxy, "s").state().isUp());
            proxy.reload(EngineHarness.httpText("", EngineHarness.server("s", nobody, "check inter 50ms")));
            Await.until("the reload takes it back", () -> !server(proxy, "s").state().isUp());
        }
    }

    @Test
    void theAgentIsAskedElsewhereAndSentSomethingElse() throws ChangeRefused {
        List<String> questions = new CopyOnWriteArrayList<>();
        Script agent = connection -> {
            String question = connection.readUntil("\n").strip();
            questions.add(question);
            connection.send("down\n");
        };
        try (ScriptedOrigin old = ScriptedOrigin.start(Script.answering(request -> ok("x"))); ScriptedOrigin other = ScriptedOrigin.start(agent);
                EngineHarness proxy = EngineHarness.http("", "server s 127.0.0.1:" + old.port() + " agent-check agent-inter 50ms agent-port "
                        + Ports.free() + " agent-send first\\n")) {
            server(proxy, "s").state().setAgentAsked(ServerState.Asked.AS_CONFIGURED.on(other.port()));
            Await.until("the agent on the other port says down", () -> !server(proxy, "s").state().isUp());
            proxy.engine().serverChanges().setAgentQuestion("be", "s", "second\n");
            Await.until("it is sent something else", () -> questions.contains("second"));
        }
    }

    @Test
    void theAgentIsAskedWhereTheCheckIsUnlessItHasAPlaceOfItsOwn() {
        try (ScriptedOrigin agent = ScriptedOrigin.start(connection -> connection.send("down\n"));
                EngineHarness proxy = EngineHarness.http("", "server s 127.0.0.9:1 agent-check agent-inter 50ms addr 127.0.0.1 port " + agent.port())) {
            Await.until("the agent says down", () -> !server(proxy, "s").state().isUp());
        }
    }

    @Test
    void tlsToAServerIsSwitchedOnAndOff() throws Exception {
        try (ScriptedOrigin plain = origin("plain");
                ScriptedOrigin tls = ScriptedOrigin.startTls(TestCertificates.create().server(TestCertificates.KeyKind.ECDSA, "localhost").serverContext(),
                        Script.answering(request -> ok("tls")));
                EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s", plain.port(), "verify none") + "\n"
                        + EngineHarness.server("t", plain.port(), "disabled"));
                RawClient client = proxy.client()) {
            assertThat(ask(client)).isEqualTo("plain");
            proxy.engine().serverChanges().setTls("be", "s", true);
            proxy.engine().setAddress(server(proxy, "s"), new InetSocketAddress("127.0.0.1", tls.port()));
            assertThat(ask(client)).isEqualTo("tls");
            proxy.engine().serverChanges().setTls("be", "s", false);
            proxy.engine().setAddress(server(proxy, "s"), new InetSocketAddress("127.0.0.1", plain.port()));
            assertThat(ask(client)).isEqualTo("plain");
            assertThatThrownBy(() -> proxy.engine().serverChanges().setTls("be", "t", true)).hasMessageContaining("default-server should define ssl settings");
        }
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        try (EngineHarness proxy = EngineHarness.http("", "balance static-rr\nserver s1 127.0.0.1:1")) {
            assertThatThrownBy(() -> add(proxy, "x", "127.0.0.1:1")).hasMessageContaining("dynamic load balancing");
        }
        try (EngineHarness proxy = EngineHarness.http("http-request deny if { srv_is_up(be/s1) }", "server s1 127.0.0.1:1 disabled")) {
            assertThatThrownBy(() -> add(proxy, "x", "127.0.0.1:1 resolvers d")).hasMessage("'resolvers' option is not accepted for dynamic server");
            assertThatThrownBy(() -> add(proxy, "x", "127.0.0.1:1 colour red")).hasMessageContaining("'colour'");
            assertThatThrownBy(() -> add(proxy, "s1", "127.0.0.1:1")).hasMessage("Already exists a server with the same name in backend.");
            assertThatThrownBy(() -> proxy.engine().serverChanges().remove("be", "s1")).hasMessageContaining("other configuration elements");
            assertThatThrownBy(() -> proxy.engine().serverChanges().remove("be", "s9")).hasMessage("No such server.");
            assertThatThrownBy(() -> proxy.engine().serverChanges().remove("xx", "s9")).hasMessage("No such backend.");
            assertThat(proxy.backend("be").servers()).hasSize(1);
        }
    }
}
