package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No client ever speaks with the identity of another: whatever authenticates a connection keeps it to one client. */
class HttpIdentityTest {

    private static final String CHALLENGE = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: NTLM T\r\nContent-Length: 0\r\n\r\n";

    private static String withAuth(String value) {
        return "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: " + value + "\r\n\r\n";
    }

    /** A server that authenticates connections, as IIS does: it answers with the name that the connection has. */
    private static Script authenticating() {
        return connection -> {
            String user = "nobody";
            while (connection.hasMore()) {
                ReceivedMessage request = connection.readRequest();
                String authorization = request.header("Authorization").orElse("");
                if (authorization.startsWith("NTLM negotiate")) {
                    connection.send(CHALLENGE);
                    continue;
                }
                if (authorization.startsWith("NTLM user=")) {
                    user = authorization.substring("NTLM user=".length());
                }
                connection.send(ok(connection.index() + ":" + user));
            }
        };
    }

    private static EngineHarness proxy(String lines, ScriptedOrigin... origins) {
        StringBuilder servers = new StringBuilder("http-reuse always\nbalance roundrobin\n" + lines);
        for (int i = 0; i < origins.length; i++) {
            servers.append('\n').append(EngineHarness.server("s" + (i + 1), origins[i].port()));
        }
        return EngineHarness.http("", servers.toString());
    }

    @Test
    void theThreeLegsOfNtlmStayOnOneConnectionWhateverTheBalancingSays() {
        try (ScriptedOrigin one = ScriptedOrigin.start(authenticating());
                ScriptedOrigin two = ScriptedOrigin.start(authenticating());
                EngineHarness proxy = proxy("", one, two);
                RawClient client = proxy.client();
                RawClient other = proxy.client()) {
            client.send(withAuth("NTLM negotiate"));
            assertThat(client.readResponse().status()).isEqualTo(401);
            for (int i = 0; i < 3; i++) {
                other.send(get("/"));
                assertThat(other.readResponse().bodyText()).endsWith(":nobody");
            }
            client.send(withAuth("NTLM user=ann"));
            assertThat(client.readResponse().bodyText()).endsWith(":ann");
            for (int i = 0; i < 3; i++) {
                client.send(get("/"));
                assertThat(client.readResponse().bodyText()).endsWith(":ann");
                other.send(get("/"));
                assertThat(other.readResponse().bodyText()).endsWith(":nobody");
            }
        }
    }

    @Test
    void anAuthenticatedConnectionDiesWithItsClient() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(authenticating());
                EngineHarness proxy = proxy("", origin)) {
            try (RawClient client = proxy.client()) {
                client.send(withAuth("NTLM user=ann"));
                assertThat(client.readResponse().bodyText()).isEqualTo("0:ann");
            }
            origin.awaitFinished(1);
            try (RawClient client = proxy.client()) {
                client.send(get("/"));
                assertThat(client.readResponse().bodyText()).isEqualTo("1:nobody");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 407})
    void aChallengeBindsTheConnectionToItsClient(int status) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering("HTTP/1.1 " + status + " X\r\nContent-Length: 0\r\n\r\n"));
                EngineHarness proxy = proxy("", origin);
                RawClient client = proxy.client();
                RawClient other = proxy.client()) {
            client.send(get("/1"));
            client.readResponse();
            other.send(get("/2"));
            other.readResponse();
            client.send(get("/3"));
            client.readResponse();
            assertThat(origin.connections()).hasSize(2);
            assertThat(origin.connections().get(0).requests()).extracting(ReceivedMessage::target).containsExactly("/1", "/3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NTLM x", "Negotiate x", "Kerberos x", "Unheard-Of x"})
    void credentialsOfAConnectionNeverTravelOnOneThatWasShared(String value) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy("", origin);
                RawClient plain = proxy.client();
                RawClient client = proxy.client()) {
            plain.send(get("/plain"));
            plain.readResponse();
            client.send(withAuth(value));
            client.readResponse();
            plain.send(get("/plain"));
            plain.readResponse();
            client.send(get("/mine"));
            client.readResponse();
            assertThat(origin.connections()).hasSize(2);
            assertThat(origin.connections().get(1).requests()).extracting(ReceivedMessage::target).containsExactly("/", "/mine");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic x", "Bearer x", "Digest username=x"})
    void credentialsOfOneRequestDoNotBind(String value) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy("", origin);
                RawClient first = proxy.client();
                RawClient second = proxy.client()) {
            first.send(withAuth(value));
            first.readResponse();
            second.send(withAuth(value));
            second.readResponse();
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @Test
    void credentialsThatConnectionNamesStillBind() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy("", origin);
                RawClient client = proxy.client();
                RawClient other = proxy.client()) {
            client.send("GET /1 HTTP/1.1\r\nHost: a\r\nConnection: authorization\r\nAuthorization: NTLM x\r\n\r\n");
            client.readResponse();
            other.send(get("/2"));
            other.readResponse();
            assertThat(origin.connections()).hasSize(2);
        }
    }

    /** Users come, authenticate, ask, leave and come again, in every order. */
    @Test
    void noUserEverSeesAnotherInRandomInterleavings() {
        Random random = new Random(11);
        try (ScriptedOrigin one = ScriptedOrigin.start(authenticating());
                ScriptedOrigin two = ScriptedOrigin.start(authenticating());
                EngineHarness proxy = proxy("", one, two)) {
            List<RawClient> clients = new ArrayList<>();
            List<String> users = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                clients.add(proxy.client());
                users.add("nobody");
            }
            for (int step = 0; step < 1500; step++) {
                int n = random.nextInt(clients.size());
                RawClient client = clients.get(n);
                int what = random.nextInt(20);
                if (what == 0) {
                    client.close();
                    clients.set(n, proxy.client());
                    users.set(n, "nobody");
                } else if (what < 4 && users.get(n).equals("nobody")) {
                    client.send(withAuth("NTLM negotiate"));
                    assertThat(client.readResponse().status()).isEqualTo(401);
                    users.set(n, "user" + step);
                    client.send(withAuth("NTLM user=user" + step));
                    assertThat(client.readResponse().bodyText()).endsWith(":user" + step);
                } else {
                    client.send(get("/"));
                    assertThat(client.readResponse().bodyText()).as("step %d", step).endsWith(":" + users.get(n));
                }
            }
            clients.forEach(RawClient::close);
            proxy.awaitIdle();
        }
    }
}
