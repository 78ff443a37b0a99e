package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.chunked;
import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import net.lbd.core.http.HttpCache;
import net.lbd.testkit.Http2Wire;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import net.lbd.testkit.SyslogSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Caches: what is kept, what never is, and what a client gets from one. */
class CacheTest {

    private static final String SECTION = "cache c\n  total-max-size 4\n  max-object-size 4096\n  process-vary on\n";
    private static final String HIT = "http-after-response set-header X-Hit \"%[res.cache_hit] %[res.cache_name]\"";

    private static EngineHarness proxy(String front, String back, int port) {
        return EngineHarness.start(EngineHarness.httpText(HIT + "\n" + front,
                "http-request cache-use c\nhttp-response cache-store c\n" + back + "\n" + EngineHarness.server("s1", port)) + SECTION);
    }

    /** Each answer has another body, so that a test sees which it gets; {@code /a|b} asks for headers. */
    private static Script numbered(String headers) {
        AtomicInteger number = new AtomicInteger();
        return Script.answering(request -> {
            String body = request.startLine().startsWith("HEAD") ? "" : "n" + number.incrementAndGet();
            return "HTTP/1.1 200 OK\r\n" + (headers.isEmpty() ? "" : headers.replace("|", "\r\n") + "\r\n")
                    + "Content-Length: " + body.length() + "\r\n\r\n" + body;
        });
    }

    private static String with(String target, String... headers) {
        return "GET " + target + " HTTP/1.1\r\nHost: a\r\n" + (headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n") + "\r\n";
    }

    private static String body(RawClient client, String request) {
        client.send(request);
        return client.readResponse().bodyText();
    }

    private static HttpCache cache(EngineHarness proxy) {
        return proxy.engine().runtime().orElseThrow().caches().get(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', value = {
        "Cache-Control: max-age=100 ! true", "Cache-Control: public, s-maxage=100, max-age=0 ! true", "ETag: \"x\" ! true",
        "Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT ! true", "Expires: Wed, 21 Oct 2065 07:28:00 GMT ! true",
        "Expires: Wed, 21 Oct 2015 07:28:00 GMT ! false", "Expires: 0 ! false", "X-None: 1 ! false", "Cache-Control: max-age=0 ! false",
        "Cache-Control: no-store ! false", "Cache-Control: private, max-age=100 ! false", "Cache-Control: no-cache, max-age=100 ! false",
        "Cache-Control: max-age=100|Set-Cookie: a=b ! false", "Cache-Control: max-age=100|Vary: X-Other ! false",
        "Cache-Control: max-age=100|Vary: * ! false", "Cache-Control: max-age=100|Age: 100 ! false", "Cache-Control: max-age=100|Age: 95 ! true",
        "Cache-Control: max-age=100|Content-Encoding: odd|Vary: Accept-Encoding ! false", "Pragma: no-cache|ETag: \"x\" ! false"})
    void onlyWhatASharedCacheMayKeepIsKept(String headers, boolean kept) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(numbered(headers)); EngineHarness proxy = proxy("", "", origin.port());
                RawClient client = proxy.client()) {
            assertThat(body(client, get("/x"))).isEqualTo("n1");
            client.send(get("/x"));
            ReceivedMessage second = client.readResponse();
            assertThat(second.bodyText()).isEqualTo(kept ? "n1" : "n2");
            assertThat(second.header("X-Hit")).contains(kept ? "1 c" : "0");
            assertThat(second.headers("Age")).hasSize(kept || headers.contains("Age:") ? 1 : 0);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '!', value = {
        "Authorization: Basic eDp5 ! false ! false", "Cache-Control: no-cache ! false ! true", "Cache-Control: max-age=0 ! false ! true",
        "Pragma: no-cache ! false ! true", "Cache-Control: no-store ! false ! false", "Cookie: a=b ! true ! true", "Range: bytes=0-0 ! true ! true"})
    void whatTheRequestSaysCounts(String header, boolean answered, boolean stored) {
        try (ScriptedOrigin origin = ScriptedOrigin.start(numbered("Cache-Control: max-age=100")); EngineHarness proxy = proxy("", "", origin.port());
                RawClient client = proxy.client()) {
            assertThat(body(client, get("/x"))).isEqualTo("n1");
            assertThat(body(client, with("/x", header))).isEqualTo(answered ? "n1" : "n2");
            assertThat(body(client, get("/x"))).isEqualTo(answered || !stored ? "n1" : "n2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"length", "chunks", "close", "empty"})
    void bodiesOfEachFramingAreKeptWhole(String framing) {
        String text = "0123456789".repeat(300);
        String head = "HTTP/1.1 200 OK\r\nCache-Control: max-age=100\r\n";
        String answer = switch (framing) {
            case "length" -> head + "Content-Length: 3000\r\n\r\n" + text;
            case "chunks" -> head + "Transfer-Encoding: chunked\r\n\r\n" + chunked(text, 700);
            case "close" -> head + "\r\n" + text;
            default -> head + "Content-Length: 0\r\n\r\n";
        };
        String wanted = framing.equals("empty") ? "" : text;
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.sendSplit(answer, answer.length() / 2);
                });
                EngineHarness proxy = proxy("", "", origin.port())) {
            for (int i = 0; i < 3; i++) {
                try (RawClient client = proxy.client()) {
                    assertThat(body(client, get("/x"))).isEqualTo(wanted);
                }
            }
            assertThat(origin.requests()).hasSize(1);
            try (Http2Wire client = Http2Wire.client(proxy.client())) {
                client.headers(1, true, Http2Wire.get("/x"));
                assertThat(client.message(1).bodyText()).isEqualTo(wanted);
            }
            assertThat(origin.requests()).hasSize(1);
        }
    }

    @Test
    void headAndConditionsAreAnsweredFromIt() {
        try (SyslogSink log = SyslogSink.udp(); ScriptedOrigin origin = ScriptedOrigin.start(numbered("ETag: \"x\"|Last-Modified: Wed, 21 Oct 2015 07:28:00 GMT"));
                EngineHarness proxy = proxy("log 127.0.0.1:" + log.port() + " local0\noption httplog", "", origin.port());
                RawClient client = proxy.client()) {
            assertThat(body(client, get("/x"))).isEqualTo("n1");
            client.send(get("/x").replace("GET", "HEAD"));
            ReceivedMessage head = client.readResponseTo("HEAD");
            assertThat(head.header("Content-Length")).contains("2");
            client.send(with("/x", "If-None-Match: \"y\", W/\"x\""));
            assertThat(client.readResponse().status()).isEqualTo(304);
            client.send(with("/x", "If-Modified-Since: Wed, 21 Oct 2015 07:28:00 GMT"));
            assertThat(client.readResponse().status()).isEqualTo(304);
            assertThat(body(client, with("/x", "If-None-Match: \"y\""))).isEqualTo("n1");
            assertThat(body(client, with("/x", "If-Modified-Since: Wed, 21 Oct 2014 07:28:00 GMT"))).isEqualTo("n1");
            assertThat(log.awaitContaining("\"HEAD /x")).contains(" be/<CACHE> 0/0/0/0/").contains(" 200 ").contains(" LR-- ");
        }
    }

    @Test
    void anotherMethodMakesItForget() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(numbered("Cache-Control: max-age=100")); EngineHarness proxy = proxy("", "", origin.port());
                RawClient client = proxy.client()) {
            assertThat(body(client, get("/x"))).isEqualTo("n1");
            assertThat(body(client, Messages.post("/x", "abc"))).isEqualTo("n2");
            assertThat(body(client, get("/x"))).isEqualTo("n3");
            assertThat(body(client, get("/x?y"))).isEqualTo("n4");
            assertThat(body(client, get("/x").replace("Host: a", "Host: b"))).isEqualTo("n5");
            assertThat(body(client, get("/x"))).isEqualTo("n3");
        }
    }

    @Test
    void encodedContentGoesToThoseWhoTakeItAlone() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(numbered("Cache-Control: max-age=100|Content-Encoding: gzip|Vary: Accept-Encoding, Referer"));
                EngineHarness proxy = proxy("", "", origin.port()); RawClient client = proxy.client()) {
            assertThat(body(client, with("/x", "Accept-Encoding: gzip, br"))).isEqualTo("n1");
            assertThat(body(client, with("/x", "Accept-Encoding: deflate, gzip;q=0.5"))).isEqualTo("n1");
            assertThat(body(client, with("/x", "Accept-Encoding: gzip;q=0"))).isEqualTo("n2");
            assertThat(body(client, with("/x"))).isEqualTo("n3");
            assertThat(body(client, with("/x", "Accept-Encoding: gzip", "Referer: http://r/"))).isEqualTo("n4");
            assertThat(body(client, with("/x", "Accept-Encoding: gzip", "Referer: http://r/"))).isEqualTo("n4");
        }
    }

    /** What came over a connection that is logged in is for its client alone, although its request shows no credentials. */
    @Test
    void nothingOfALoggedInConnectionIsKept() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(numbered("Cache-Control: max-age=100")); EngineHarness proxy = proxy("", "", origin.port());
                RawClient one = proxy.client(); RawClient other = proxy.client()) {
            assertThat(body(one, with("/x", "Authorization: NTLM TlRMTVNTUAAB"))).isEqualTo("n1");
            assertThat(body(one, get("/x"))).isEqualTo("n2");
            assertThat(body(other, get("/x"))).isEqualTo("n3");
            assertThat(body(one, get("/x"))).as("what anybody may have").isEqualTo("n3");
        }
    }

    @Test
    void whatIsTooLargeOrCutIsNotKept() {
        AtomicInteger requests = new AtomicInteger();
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    while (connection.hasMore()) {
                        boolean cut = connection.readRequest().startLine().contains("/cut");
                        requests.incrementAndGet();
                        connection.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=100\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + (cut ? "5\r\nhello\r\n" : chunked("x".repeat(5000), 1000)));
                        if (cut) {
                            return;
                        }
                    }
                });
                EngineHarness proxy = proxy("", "", origin.port())) {
            for (String target : new String[] {"/large", "/large", "/cut", "/cut"}) {
                try (RawClient client = proxy.client()) {
                    client.send(get(target));
                    client.readHead();
                    if (target.equals("/large")) {
                        client.readUntil("0\r\n\r\n");
                    } else {
                        client.readToEnd();
                    }
                }
            }
            assertThat(requests).hasValue(4);
            assertThat(cache(proxy).bytes()).isZero();
        }
    }

    @Test
    void itNeverTakesMoreThanItsSizeAndTheOldestGo() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Script.answering(request -> ok("x".repeat(3000)).replace("\r\n\r\n", "\r\nETag: \"1\"\r\n\r\n")));
                EngineHarness proxy = EngineHarness.start(EngineHarness.httpText(HIT, "http-request cache-use c\nhttp-response cache-store c\n"
                        + EngineHarness.server("s1", origin.port())) + "cache c\n  total-max-size 1\n  max-object-size 4096\n");
                RawClient client = proxy.client()) {
            for (int i = 0; i < 400; i++) {
                assertThat(body(client, get("/" + i))).hasSize(3000);
            }
            assertThat(cache(proxy).bytes()).isLessThanOrEqualTo(1 << 20).isGreaterThan(900_000);
            client.send(get("/0"));
            assertThat(client.readResponse().header("X-Hit")).contains("0");
            client.send(get("/399"));
            assertThat(client.readResponse().header("X-Hit")).contains("1 c");
        }
    }

    @Test
    void aReloadBeginsWithAnEmptyOne() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(numbered("Cache-Control: max-age=100"))) {
            String text = EngineHarness.httpText(HIT, "http-request cache-use c\nhttp-response cache-store c\n"
                    + EngineHarness.server("s1", origin.port())) + SECTION;
            try (EngineHarness proxy = EngineHarness.start(text); RawClient client = proxy.client()) {
                assertThat(body(client, get("/x"))).isEqualTo("n1");
                proxy.reload(text);
                assertThat(body(client, get("/x"))).isEqualTo("n2");
                assertThat(body(client, get("/x"))).isEqualTo("n2");
            }
        }
    }
}
