package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** What a reload does to the connections to servers that rest between two exchanges. */
class ReloadConnectionsTest {

    private static final String CHALLENGE = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM T\r\nContent-Length: 0\r\n\r\n";

    /** Answers with the number of the connection; challenges the first leg of NTLM. */
    private static Script numbering() {
        return connection -> {
            while (connection.hasMore()) {
                ReceivedMessage request = connection.readRequest();
                boolean negotiates = request.header("Authorization").orElse("").equals("NTLM negotiate");
                connection.send(negotiates ? CHALLENGE : ok("connection " + connection.index()));
            }
        };
    }

    private static String withAuth(String value) {
        return "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: " + value + "\r\n\r\n";
    }

    private static String text(String serverOptions, int... ports) {
        StringBuilder lines = new StringBuilder("http-reuse always\nbalance roundrobin");
        for (int i = 0; i < ports.length; i++) {
            lines.append('\n').append(EngineHarness.server("s" + (i + 1), ports[i], serverOptions));
        }
        return EngineHarness.httpText("", lines.toString());
    }

    @Test
    void theLegsOfNtlmStayOnOneConnectionWhenAReloadComesBetweenThem() {
        try (ScriptedOrigin one = ScriptedOrigin.start(numbering());
                ScriptedOrigin two = ScriptedOrigin.start(numbering());
                EngineHarness proxy = EngineHarness.start(text("", one.port(), two.port()));
                RawClient client = proxy.client()) {
            client.send(withAuth("NTLM negotiate"));
            assertThat(client.readResponse().status()).isEqualTo(401);
            proxy.reload(text("weight 10", one.port(), two.port()));
            client.send(withAuth("NTLM authenticate"));
            assertThat(client.readResponse().bodyText()).isEqualTo("connection 0");
            proxy.reload(text("", one.port(), two.port()));
            client.send(get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("connection 0");
            assertThat(one.connections().size() + two.connections().size()).isEqualTo(1);
        }
    }

    @Test
    void aConnectionOfAClientToAServerThatIsGoneIsClosedAtOnce() {
        try (ScriptedOrigin one = ScriptedOrigin.start(numbering());
                ScriptedOrigin two = ScriptedOrigin.start(numbering());
                EngineHarness proxy = EngineHarness.start(text("", one.port()));
                RawClient client = proxy.client()) {
            client.send(withAuth("NTLM negotiate"));
            assertThat(client.readResponse().status()).isEqualTo(401);
            proxy.reload(text("", two.port()));
            one.awaitFinished(1);
            client.send(withAuth("NTLM negotiate"));
            assertThat(client.readResponse().status()).isEqualTo(401);
            assertThat(two.requests()).hasSize(1);
        }
    }

    @Test
    void idleConnectionsOfServersThatStayAreUsedAndThoseOfOthersAreClosed() {
        try (ScriptedOrigin one = ScriptedOrigin.start(numbering());
                ScriptedOrigin two = ScriptedOrigin.start(numbering());
                EngineHarness proxy = EngineHarness.start(text("", one.port(), two.port()));
                RawClient client = proxy.client()) {
            for (int i = 0; i < 2; i++) {
                client.send(get("/"));
                client.readResponse();
            }
            one.awaitConnection(1);
            two.awaitConnection(1);
            proxy.reload(text("", one.port()));
            two.awaitFinished(1);
            client.send(get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("connection 0");
            assertThat(one.connections()).hasSize(1);
        }
    }

    @Test
    void aConnectionThatIsInUseWhenItsServerIsRemovedIsClosedBehindTheExchange() {
        try (ScriptedOrigin one = ScriptedOrigin.start(connection -> {
                    connection.readHead();
                    connection.expect("0123456789");
                    connection.send(ok("done"));
                    connection.readToEnd();
                });
                ScriptedOrigin two = ScriptedOrigin.start(numbering());
                EngineHarness proxy = EngineHarness.start(text("", one.port()));
                RawClient client = proxy.client()) {
            client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");
            one.awaitConnection(1);
            proxy.reload(text("", two.port()));
            client.send("56789");
            assertThat(client.readResponse().bodyText()).isEqualTo("done");
            one.awaitFinished(1);
        }
    }

    @Test
    void withoutAPurgeDelayNoIdleConnectionIsKept() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(numbering());
                EngineHarness proxy = EngineHarness.start(text("pool-purge-delay 0", origin.port()));
                RawClient client = proxy.client()) {
            client.send(get("/"));
            client.readResponse();
            origin.awaitFinished(1);
        }
    }

    /** With {@code addr} of the same server moved, what was authenticated there is of no use elsewhere. */
    @Test
    void aServerWhoseTlsSettingsChangeGetsNewConnections() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(numbering());
                EngineHarness proxy = EngineHarness.start(text("", origin.port()));
                RawClient client = proxy.client()) {
            client.send(withAuth("NTLM negotiate"));
            assertThat(client.readResponse().status()).isEqualTo(401);
            proxy.reload(text("ssl verify none", origin.port()));
            origin.awaitFinished(1);
        }
    }
}
