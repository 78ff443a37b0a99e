package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The options about messages and their connections do what they say, and only where they are asked for. */
class HttpOptionsTest {

    private static EngineHarness proxy(String front, String back, int port) {
        return EngineHarness.http(front, back + "\n" + EngineHarness.server("s1", port));
    }

    /** Two frontends with a backend each in one engine: {@code fe} as it comes, {@code fe2} with the lines. */
    private static EngineHarness two(String front, String back, int port) {
        String server = EngineHarness.server("s1", port);
        return EngineHarness.start(EngineHarness.httpText("", server) + "frontend fe2\n  bind 127.0.0.1:@2\n  default_backend be2\n  "
                + front.replace("\n", "\n  ") + "\nbackend be2\n  " + back.replace("\n", "\n  ") + "\n  " + server + "\n");
    }

    private static Script echoHead() {
        return Script.answering(request -> ok(request.head()));
    }

    // ---- unsafe messages

    private static final String[] UNSAFE_REQUESTS = {
        "GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX(y): 1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\u0001b\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\"b\r\n\r\n"
    };

    @Test
    void unsafeRequestsPassWhereTheyAreAskedForAndNowhereElse() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echoHead());
                EngineHarness proxy = two("option accept-unsafe-violations-in-http-request", "", origin.port())) {
            for (String request : UNSAFE_REQUESTS) {
                try (RawClient client = proxy.client("fe")) {
                    client.send(bytes(request));
                    assertThat(client.readResponse().status()).as(request).isEqualTo(400);
                }
                try (RawClient client = proxy.client("fe2")) {
                    client.send(bytes(request));
                    assertThat(client.readResponse().status()).as(request).isEqualTo(200);
                }
            }
            assertThat(origin.requests().get(0).startLine()).isEqualTo("GET /\u00e4 HTTP/1.1");
            assertThat(origin.requests().get(5).headers("Host")).containsExactly("a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/0.9\r\n\r\n", "GET /\r\n", "GET / RTSP/1.0\r\n\r\n", "GET / HTTP/1.12\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\u0000b\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n", "G\u00e4T / HTTP/1.1\r\nHost: a\r\n\r\n"})
    void whatCouldDesynchroniseIsRefusedHoweverLenientTheProxy(String request) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echoHead());
                EngineHarness lenient = proxy("option accept-invalid-http-request", "", origin.port());
                RawClient client = lenient.client()) {
            client.send(bytes(request)).shutdownOutput();
            assertThat(client.readResponse().status()).isEqualTo(400);
            assertThat(origin.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nX(y): 1\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nX: \u0001\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 777 Odd\r\nContent-Length: 2\r\n\r\nok"})
    void unsafeResponsesPassWhereTheyAreAskedForAndNowhereElse(String response) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(response));
                EngineHarness proxy = two("", "option accept-unsafe-violations-in-http-response", origin.port());
                RawClient refused = proxy.client("fe");
                RawClient served = proxy.client("fe2")) {
            refused.send(get("/"));
            assertThat(refused.readResponse().status()).isEqualTo(502);
            served.send(get("/"));
            assertThat(served.readResponse().bodyText()).isEqualTo("ok");
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    // ---- probes

    @Test
    void aConnectionWithoutAByteIsIgnoredAndOneWithABeginningIsNot() {
        try (SyslogSink log = SyslogSink.udp();
                EngineHarness proxy = EngineHarness.start("global\n  log 127.0.0.1:" + log.port() + " local0\n" + EngineHarness.httpText(
                        "log global\noption httplog\noption http-ignore-probes\ntimeout http-request 200ms", "").replace("global\n  nbthread 1\n", ""))) {
            try (RawClient silent = proxy.client()) {
                silent.expectEof();
            }
            try (RawClient leaving = proxy.client()) {
                leaving.shutdownOutput().expectEof();
            }
            try (RawClient begun = proxy.client()) {
                begun.send("GET");
                assertThat(begun.readResponse().status()).isEqualTo(408);
            }
            log.awaitContaining("cR--");
            assertThat(log.messages()).filteredOn(m -> m.contains("BADREQ")).hasSize(1);
            assertThat(proxy.frontend("fe").counters().requestErrors.sum()).isZero();
        }
    }

    // ---- connections

    @Test
    void aServerNeedNotKnowThatItsConnectionWillClose() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echoHead());
                EngineHarness proxy = proxy("", "option http-server-close\noption http-pretend-keepalive", origin.port());
                RawClient client = proxy.client()) {
            for (int i = 0; i < 2; i++) {
                client.send(get("/"));
                assertThat(client.readResponse().bodyText()).doesNotContainIgnoringCase("connection:");
            }
            assertThat(origin.connections()).hasSize(2);
        }
    }

    @Test
    void aRequestToAProxyIsTakenAsOne() {
        String lists = "userlist u\n  user bob insecure-password pw\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(echoHead());
                EngineHarness proxy = EngineHarness.start(lists + EngineHarness.httpText(
                        "option http-use-proxy-header\nhttp-request auth realm r if { path /in } !{ http_auth(u) }",
                        EngineHarness.server("s1", origin.port())));
                RawClient client = proxy.client()) {
            client.send("GET http://a/in HTTP/1.1\r\nHost: a\r\nAuthorization: Basic Ym9iOnB3\r\nProxy-Connection: keep-alive\r\n\r\n");
            ReceivedMessage asked = client.readResponse();
            assertThat(asked.status()).isEqualTo(407);
            assertThat(asked.header("Proxy-Authenticate")).contains("Basic realm=\"r\"");
            client.send("GET http://a/in HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Basic Ym9iOnB3\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
            client.send("GET /in HTTP/1.1\r\nHost: a\r\nProxy-Authorization: Basic Ym9iOnB3\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(401);
            client.send("GET http://a/ HTTP/1.1\r\nHost: a\r\nProxy-Connection: close\r\n\r\n");
            assertThat(client.readResponse().bodyText()).doesNotContainIgnoringCase("proxy-connection");
            client.expectEof();
        }
    }

    @Test
    void anIdleConnectionLivesThroughASoftStopUntilItsNextAnswer() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(echoHead());
                EngineHarness proxy = proxy("option idle-close-on-response", "", origin.port());
                RawClient client = proxy.client()) {
            client.send(get("/1"));
            client.readResponse();
            proxy.engine().softStop();
            client.send(get("/2"));
            ReceivedMessage last = client.readResponse();
            assertThat(last.status()).isEqualTo(200);
            assertThat(last.header("Connection")).contains("close");
            client.expectEof();
        }
    }

    // ---- header names

    @Test
    void oddHeaderNamesPassOrGoOrAreRefused() {
        String request = "GET / HTTP/1.1\r\nHost: a\r\nX-Good: 1\r\nX_Odd: 2\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(echoHead());
                EngineHarness deleting = two("", "option http-restrict-req-hdr-names delete", origin.port())) {
            assertThat(answer(deleting, "fe", request).bodyText()).contains("X_Odd: 2");
            assertThat(answer(deleting, "fe2", request).bodyText()).contains("X-Good: 1").doesNotContain("X_Odd");
        }
        try (ScriptedOrigin origin = ScriptedOrigin.start(echoHead());
                EngineHarness rejecting = proxy("option http-restrict-req-hdr-names reject\nhttp-request set-header Y_Z 1 if { path /odd }", "", origin.port())) {
            assertThat(answer(rejecting, request).status()).isEqualTo(403);
            assertThat(answer(rejecting, get("/")).status()).isEqualTo(200);
            assertThat(answer(rejecting, get("/odd")).status()).isEqualTo(403);
        }
    }

    private static ReceivedMessage answer(EngineHarness proxy, String request) {
        return answer(proxy, "fe", request);
    }

    private static ReceivedMessage answer(EngineHarness proxy, String frontend, String request) {
        try (RawClient client = proxy.client(frontend)) {
            client.send(request);
            return client.readResponse();
        }
    }

    // ---- trailers

    @Test
    void trailersPassOrAreLeftOutOnEitherSide() {
        String chunks = "3\r\nabc\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n";
        String request = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks));
                EngineHarness proxy = two("option http-drop-response-trailers", "option http-drop-request-trailers", origin.port())) {
            assertThat(answer(proxy, request + chunks).rawBodyText()).isEqualTo(chunks);
            assertThat(origin.awaitRequest(1).rawBodyText()).isEqualTo(chunks);
            for (int split = 1; split < chunks.length(); split++) {
                try (RawClient client = proxy.client("fe2")) {
                    client.sendSplit(request + chunks, request.length() + split);
                    assertThat(client.readResponse().rawBodyText()).isEqualTo("3\r\nabc\r\n0\r\n\r\n");
                }
                assertThat(origin.awaitRequest(split + 1).rawBodyText()).isEqualTo("3\r\nabc\r\n0\r\n\r\n");
            }
        }
    }

    // ---- caches

    @ParameterizedTest
    @ValueSource(strings = {"", "Cache-Control: public", "Cache-Control: max-age=10", "Pragma: x", "Cache-Control: public, x=1"})
    void aCookieThatACacheMightKeepDoesNotPass(String header) {
        assertThat(cookie("200 OK", header, "GET")).isEqualTo(502);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Cache-Control: private", "Cache-Control: a, no-store", "Pragma: no-cache", "Cache-Control: max-age=0",
        "Cache-Control: no-cache=\"set-cookie, x\"", "Cache-Control: s-maxage=0", "Cache-Control: NO-CACHE"})
    void aCookieThatNoCacheKeepsPasses(String header) {
        assertThat(cookie("200 OK", header, "GET")).isEqualTo(200);
    }

    @Test
    void whatCachesDoNotKeepByThemselvesPassesUnlessItIsPublic() {
        assertThat(cookie("302 Found", "", "GET")).isEqualTo(302);
        assertThat(cookie("302 Found", "Cache-Control: public", "GET")).isEqualTo(502);
        assertThat(cookie("200 OK", "", "PUT")).isEqualTo(200);
    }

    private static int cookie(String status, String header, String method) {
        String response = "HTTP/1.1 " + status + "\r\nSet-Cookie: a=1\r\n" + (header.isEmpty() ? "" : header + "\r\n") + "Content-Length: 0\r\n\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(response));
                EngineHarness proxy = proxy("", "option checkcache", origin.port())) {
            return answer(proxy, get("/").replace("GET", method)).status();
        }
    }
}
