package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Clients come back to their server by a cookie, whatever else happens to the server. */
class CookiePersistenceTest {

    private static ScriptedOrigin origin(String name) {
        return ScriptedOrigin.start(Script.answering(request -> ok(name)));
    }

    private static EngineHarness proxy(ScriptedOrigin a, ScriptedOrigin b, String servers) {
        return EngineHarness.http("", "cookie SRV insert indirect nocache\n"
                + EngineHarness.server("s1", a.port(), "cookie A " + servers) + "\n" + EngineHarness.server("s2", b.port(), "cookie B " + servers));
    }

    private static ReceivedMessage ask(EngineHarness proxy, String cookie) {
        try (RawClient client = proxy.client()) {
            client.send(cookie.isEmpty() ? get("/") : get("/").replaceFirst("\r\n", "\r\nCookie: " + cookie + "\r\n"));
            return client.readResponse();
        }
    }

    private static Server server(EngineHarness proxy, int i) {
        return proxy.backend("be").servers().get(i);
    }

    @Test
    void drainedServerKeepsItsUsersAndGetsNoNewOnes() {
        try (ScriptedOrigin a = origin("a"); ScriptedOrigin b = origin("b"); EngineHarness proxy = proxy(a, b, "")) {
            server(proxy, 0).state().setAdmin(ServerState.Admin.DRAIN);
            for (int i = 0; i < 3; i++) {
                assertThat(ask(proxy, "").bodyText()).isEqualTo("b");
                assertThat(ask(proxy, "SRV=A").bodyText()).isEqualTo("a");
            }
            assertThat(ask(proxy, "SRV=A").headers("set-cookie")).isEmpty();
        }
    }

    @Test
    void serverOfWeightZeroKeepsItsUsers() {
        try (ScriptedOrigin a = origin("a"); ScriptedOrigin b = origin("b"); EngineHarness proxy = proxy(a, b, "")) {
            server(proxy, 0).state().setWeight(0);
            assertThat(ask(proxy, "").bodyText()).isEqualTo("b");
            assertThat(ask(proxy, "").bodyText()).isEqualTo("b");
            assertThat(ask(proxy, "SRV=A").bodyText()).isEqualTo("a");
        }
    }

    @Test
    void usersOfAServerThatIsDownGetAnotherAndItsCookie() {
        try (ScriptedOrigin a = origin("a"); ScriptedOrigin b = origin("b"); EngineHarness proxy = proxy(a, b, "")) {
            server(proxy, 0).state().setAdmin(ServerState.Admin.MAINT);
            ReceivedMessage answer = ask(proxy, "SRV=A");
            assertThat(answer.bodyText()).isEqualTo("b");
            assertThat(answer.headers("set-cookie")).containsExactly("SRV=B; path=/");
        }
    }

    /** OWA and ECP of the 2010 guide are two backends with the same servers: what one gives counts in the other. */
    @Test
    void backendsWithTheSameCookieShareIt() {
        try (ScriptedOrigin a = origin("a"); ScriptedOrigin b = origin("b");
                EngineHarness proxy = EngineHarness.start("""
                        defaults
                          mode http
                          timeout connect 5s
                          timeout client 5s
                          timeout server 5s
                          cookie ExchangeSrv insert indirect nocache
                        frontend fe
                          bind 127.0.0.1:@1
                          use_backend ecp if { path_beg /ecp }
                          default_backend be
                        backend be
                          server CAS1 127.0.0.1:%1$d cookie CAS1
                          server CAS2 127.0.0.1:%2$d cookie CAS2
                        backend ecp
                          server CAS1 127.0.0.1:%1$d cookie CAS1
                          server CAS2 127.0.0.1:%2$d cookie CAS2
                        """.formatted(a.port(), b.port()))) {
            for (int i = 0; i < 4; i++) {
                ReceivedMessage first = ask(proxy, "");
                String cookie = first.headers("set-cookie").get(0).replace("; path=/", "");
                try (RawClient client = proxy.client()) {
                    client.send(get("/ecp/").replaceFirst("\r\n", "\r\nCookie: " + cookie + "\r\n"));
                    ReceivedMessage second = client.readResponse();
                    assertThat(second.bodyText()).isEqualTo(first.bodyText());
                    assertThat(second.headers("set-cookie")).isEmpty();
                }
            }
        }
    }

    @Test
    void serverNeverSeesTheCookieOfAnIndirectOne() {
        try (ScriptedOrigin a = origin("a"); ScriptedOrigin b = origin("b"); EngineHarness proxy = proxy(a, b, "")) {
            ask(proxy, "x=1; SRV=A; y=2");
            ask(proxy, "SRV=A");
            assertThat(a.requests().get(0).headers("cookie")).containsExactly("x=1; y=2");
            assertThat(a.requests().get(1).headers("cookie")).isEmpty();
        }
    }
}
