package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server is told about the client, and what rules cannot tell it. HaproxyOracleTest has what HAProxy 2.6 knows, too. */
class ClientHeadersTest {

    private static EngineHarness proxy(String front, String back, int port) {
        return EngineHarness.http(front, back + "\n" + EngineHarness.server("s1", port));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "option forwarded | proto=http;for=127.0.0.1",
        "option forwarded proto for | proto=http;for=127.0.0.1",
        "option forwarded host by for | host=\"a\";by=127.0.0.1;for=127.0.0.1",
        "option forwarded host-expr str(host.com) by-expr str(_haproxy) for-expr src,ipmask(0) for_port-expr int(10) | host=\"host.com\";by=_haproxy;for=\"0.0.0.0:10\"",
        "option forwarded for-expr str(ab.cd) for_port-expr str(x) | for=\"_ab.cd:_x\"",
        "option forwarded for-expr str(unknown) | for=unknown",
        "option forwarded proto for-expr 'str(\"two words\")' | proto=http",
        "option forwarded for-expr str(::1),ipmask(32,128) | for=\"[::1]\"",
    })
    void theForwardedHeaderSaysWhatIsAskedFor(String option, String expected) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy("", option, origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/"));
            client.readResponse();
            assertThat(origin.requests().get(0).header("Forwarded")).contains(expected);
        }
    }

    @Test
    void theForwardedHeaderOfTheClientStaysBeforeOurs() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy("", "option forwarded for for_port", origin.port());
                RawClient client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nForwarded: for=1.2.3.4\r\nConnection: Forwarded, X-Mine\r\nX-Mine: 1\r\n\r\n");
            client.readResponse();
            ReceivedMessage request = origin.requests().get(0);
            assertThat(request.headers("Forwarded")).hasSize(1).allMatch(v -> v.matches("for=\"127.0.0.1:[0-9]+\""));
            assertThat(request.header("X-Mine")).isEmpty();
        }
    }

    @Test
    void aRetryElsewhereNamesTheOtherServer() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("", "http-send-name-header X-Server\nretries 1\noption redispatch\n"
                        + EngineHarness.server("dead", 1) + "\n" + EngineHarness.server("alive", origin.port()))) {
            for (int i = 0; i < 2; i++) {
                try (RawClient client = proxy.client()) {
                    client.send(get("/"));
                    assertThat(client.readResponse().status()).isEqualTo(200);
                }
            }
            assertThat(origin.requests()).allSatisfy(request -> assertThat(request.headers("X-Server")).containsExactly("alive"));
        }
    }

    /** HAProxy obeys, and whoever reads the message behind it believes the rule. */
    @ParameterizedTest
    @ValueSource(strings = {"set-header Content-Length 3", "add-header Content-Length 3", "del-header Content-Length",
        "del-header content- -m beg", "replace-header Content-Length .* 3", "replace-value Content-Length .* 3",
        "set-header Transfer-Encoding chunked", "add-header Transfer-Encoding chunked", "set-header Connection close",
        "del-header (?i)^(content-length|transfer-encoding)$ -m reg"})
    void noRuleMovesTheEndOfAMessage(String action) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(request -> ok(request.bodyText())));
                EngineHarness proxy = proxy("http-request " + action + "\nhttp-response " + action + "\nhttp-after-response " + action, "", origin.port());
                RawClient client = proxy.client()) {
            for (String body : List.of("hello", "GET /evil HTTP/1.1\r\nHost: a\r\n\r\n")) {
                client.send(Messages.post("/", body));
                ReceivedMessage response = client.readResponse();
                assertThat(response.bodyText()).isEqualTo(body);
                assertThat(response.header("Connection")).isEmpty();
            }
            client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("hello");
            assertThat(origin.requests()).extracting(ReceivedMessage::target).containsExactly("/", "/", "/");
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 4", "1, 2", "3, 1", "-1, 1"})
    void aConnectionIsUsedAgainAsOftenAsIsSaid(int max, int connections) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("", "http-reuse always\n" + EngineHarness.server("s1", origin.port(), "max-reuse " + max));
                RawClient client = proxy.client()) {
            for (int i = 0; i < 4; i++) {
                client.send(get("/" + i));
                assertThat(client.readResponse().bodyText()).isEqualTo("/" + i);
            }
            assertThat(origin.connections()).hasSize(connections);
        }
    }

    @Test
    void badEscapesAreRefusedWhereTheRuleIsStrictAndFragmentsGoWhereTheyAreTaken() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = proxy("option accept-invalid-http-request\nhttp-request normalize-uri fragment-encode if { path_beg /e }\n"
                        + "http-request normalize-uri fragment-strip", "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/a#b?c"));
            assertThat(client.readResponse().bodyText()).isEqualTo("/a");
            client.send(get("/e#b?c"));
            assertThat(client.readResponse().bodyText()).isEqualTo("/e%23b?c");
            client.send("GET http://a/x#y HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().bodyText()).isEqualTo("http://a/x");
        }
    }
}
