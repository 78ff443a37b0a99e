package net.lbd.core.engine;

import static net.lbd.core.engine.Messages.get;
import static net.lbd.core.engine.Messages.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import net.lbd.core.http.BytePool;
import net.lbd.core.http.Defect;
import net.lbd.core.http.HeadParser;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.MessageFraming;
import net.lbd.core.http.RequestCheck;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;

/** Malformed messages through the whole engine: nothing of them reaches the other side, and the engine goes on. */
class HttpRefusalTest {

    private static final String[] TARGETS = {"@evil", "evil", "a:80", "*", "/a#b", "/a\tb", "/\u00e9", "/\177", "http://", "http:///", "http://?",
        "ftp://a/", "http://u:p@a/", "http://a:99999/", "http://a:x/", "http://a b/", "//a#", "", "\\", "?x", "#", "a/b", "https:/a", "HTTP:a"};
    private static final String[] VERSIONS = {"", "HTTP/0.9", "HTTP/1.2", "HTTP/1", "HTTP/1.", "HTTP/1.1.1", "HTTP/11", "HTTP/2.0", "HTTP/3", "http/1.1",
        "HTTP/ 1.1", "HTTP /1.1", "HTTP/1.1 ", "HTTP/1.1 x", "HTTP/1.10", "HTTP/01.1", "HTTP/+1.1", "HTTPS/1.1", "XTTP/1.1", "HTTP/1,1", "\tHTTP/1.1",
        "HTTP/1.\u00b9"};
    private static final String[] METHODS = {"", " GET", "G ET", "GET\t", "G\0T", "G/T", "G:T", "(GET)", "\u00c9", "GET,", "\"GET\"", "G\177", "G@T", "<GET>",
        "GET;", "[G]", "G\\T", "{G}", "G=T", "G?T", "\26\3\1\1\0", "\200\200\1\3\1"};
    private static final String[] HEADERS = {": x", " : x", "X : y", "X\t: y", "X", "X y", " X: y", "\tX: y", "X: y\r\n z", "X: y\r\n\tz", "X\0: y", "X: \0",
        "X: a\1b", "X: a\bb", "X: a\13b", "X: a\14b", "X: a\37b", "X: a\177b", "X(: y", "X): y", "X,: y", "X/: y", "X;: y", "X<: y", "X=: y", "X>: y",
        "X?: y", "X@: y", "X[: y", "X\\: y", "X]: y", "X{: y", "X}: y", "\"X\": y", "X\u00e9: y", "X\177: y", "X: a\rb", "X: a\nb", "X: a\r\rb", "\rX: y",
        "\nX: y", "X\n: y", "X\r: y"};
    private static final String[] HOSTS = {"Host: a\r\nHost: a", "Host: a\r\nHost: b", "Host: a\r\nhOsT: a", "Host: a b", "Host: a,b c", "Host: a/b", "Host: u@a",
        "Host: a:b", "Host: a:65536", "Host: a:-1", "Host: a:+1", "Host: a:8 0", "Host: :80", "Host: [::1", "Host: ::1", "Host: []", "Host: [x]", "Host: \"a\"",
        "Host: a\\b", "Host: a?b", "Host: a#b", "Host: a<b", "Host: a%", "Host: a%zz", "Host: \u00e9", "Host: a\tb", "Host: {a}", "Host: a|b", "Host: ^", "X: y"};
    private static final String[] LENGTHS = {"Content-Length:", "Content-Length: ,", "Content-Length: +5", "Content-Length: -5", "Content-Length: 5,5",
        "Content-Length: 5, 5", "Content-Length: 5 5", "Content-Length: 0x5", "Content-Length: 5.0", "Content-Length: 5e0", "Content-Length: five",
        "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\ncontent-length: x", "Content-Length: 9223372036854775808",
        "Content-Length: 18446744073709551616", "Content-Length: 18446744073709551621", "Content-Length: 99999999999999999999999", "Content-Length: \u00b2",
        "Content-Length : 5", "Content-Length\t: 5", "Content-Length: 5;", "Content-Length: \"5\"",
        "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5", "Transfer-Encoding:",
        "Transfer-Encoding: identity", "Transfer-Encoding: gzip", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, gzip",
        "Transfer-Encoding: identity, chunked", "Transfer-Encoding: chunked, identity", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: chunked,",
        "Transfer-Encoding: ,chunked", "Transfer-Encoding: chunked;x", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: x\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "Transfer-Encoding : chunked",
        "Transfer-Encoding\t: chunked", " Transfer-Encoding: chunked", "Transfer-Encoding: xchunked", "Transfer-Encoding: chunkedx", "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: 'chunked'", "Transfer-Encoding: chun ked", "Transfer-Encoding: \13chunked", "Transfer-Encoding: chunked\0"};

    /** Each malformed, and a whole request behind it that must not be taken for one. */
    private static List<String> requests() {
        List<String> all = new ArrayList<>();
        for (String target : TARGETS) {
            all.add("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        for (String version : VERSIONS) {
            all.add("GET /bad " + version + "\r\nHost: a\r\n\r\n");
        }
        for (String method : METHODS) {
            all.add(method + " /bad HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        for (String header : HEADERS) {
            all.add("GET /bad HTTP/1.1\r\nHost: a\r\n" + header + "\r\n\r\n");
        }
        for (String host : HOSTS) {
            all.add("GET /bad HTTP/1.1\r\n" + host + "\r\n\r\n");
        }
        for (String length : LENGTHS) {
            all.add("POST /bad HTTP/1.1\r\nHost: a\r\n" + length + "\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
        }
        all.add("POST /bad HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        all.add("GET /bad HTTP/1.1\nHost: a\n\n");
        all.add("GET /bad HTTP/1.1\r\nHost: a\n\r\n");
        all.add("GET /bad HTTP/1.1\r\nHost: a\r\n\n");
        all.add("GET /bad HTTP/1.1\rHost: a\r\r");
        all.add("\nGET /bad HTTP/1.1\r\nHost: a\r\n\r\n");
        all.add("\r\n\r\nGET /bad HTTP/1.1\r\nHost: a\r\n\r\n");
        all.add("GET http://b/bad HTTP/1.1\r\nHost: a\r\n\r\n");
        all.add("CONNECT /bad HTTP/1.1\r\nHost: a\r\n\r\n");
        all.add("CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n");
        all.add("CONNECT a:1 HTTP/1.1\r\nHost: b:1\r\n\r\n");
        all.add("PRI * HTTP/2.0\r\n\r\nSMX\r\n\r\n");
        all.add("GET /bad\r\n");
        all.add("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        all.add("GET /bad HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n");
        all.add("GET /bad HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(150) + "\r\n");
        return all;
    }

    @Test
    void nothingOfABadRequestReachesAServer() {
        List<String> requests = requests();
        assertThat(requests).hasSizeGreaterThan(200).doesNotHaveDuplicates();
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s1", origin.port()))) {
            for (String request : requests) {
                try (RawClient client = proxy.client()) {
                    client.send(request + get("/smuggled"));
                    ReceivedMessage response = client.readResponse();
                    boolean large = request.length() > 10_000 || request.contains("X: y\r\n".repeat(100));
                    assertThat(response.status()).as(request).isEqualTo(!large ? 400 : request.indexOf('\r') < 15_360 ? 431 : 414);
                    assertThat(response.headers("Connection")).containsExactly("close");
                    client.expectEof();
                }
            }
            assertThat(origin.connections()).isEmpty();
            proxy.awaitIdle();
            assertThat(proxy.frontend("fe").counters().requestErrors.sum()).isEqualTo(requests.size());
            try (RawClient client = proxy.client()) {
                client.send(get("/good"));
                assertThat(client.readResponse().bodyText()).isEqualTo("/good");
            }
        }
    }

    @Test
    void aBadMessageIsBadInTheSameWayWhereverTheNetworkCutsIt() {
        for (String text : requests()) {
            everySplitIsRefused(true, text + get("/smuggled"));
        }
        for (String text : responses()) {
            if (!text.startsWith("HTTP/1.1 10")) {
                // What is no response to this request is for the engine to say.
                everySplitIsRefused(false, text);
            }
        }
    }

    private static void everySplitIsRefused(boolean request, String text) {
        Defect whole = judge(request, text, text.length());
        assertThat(whole).as(text).isNotEqualTo(Defect.NONE);
        for (int split = 1; split < Math.min(text.length(), 400); split++) {
            assertThat(judge(request, text, split)).as("cut at %s: %s", split, text).isEqualTo(whole);
        }
    }

    /** What the first message of the text is refused for. */
    private static Defect judge(boolean request, String text, int split) {
        HttpMessage message = new HttpMessage();
        message.reset();
        HeadParser parser = new HeadParser(request, new BytePool(), 15_360, 101);
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        HeadParser.Result result = parser.feed(message, Unpooled.wrappedBuffer(bytes, 0, split));
        if (result == HeadParser.Result.NEED_MORE && split < bytes.length) {
            result = parser.feed(message, Unpooled.wrappedBuffer(bytes, split, bytes.length - split));
        }
        if (result != HeadParser.Result.COMPLETE) {
            return parser.defect();
        }
        if (request && RequestCheck.host(message) != Defect.NONE) {
            return RequestCheck.host(message);
        }
        HttpMessage asked = new HttpMessage();
        asked.reset();
        boolean refused = (request ? MessageFraming.ofRequest(message) : MessageFraming.ofResponse(message, asked)) == MessageFraming.REFUSED;
        return refused ? MessageFraming.defect(message) : Defect.NONE;
    }

    @Test
    void aBadRequestBehindAGoodOneIsRefusedInItsTurn() {
        try (ScriptedOrigin origin = ScriptedOrigin.start(Messages.echoTarget());
                EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s1", origin.port()))) {
            for (String request : List.of("GET /bad HTTP/1.1\r\n\r\n", "\0", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n")) {
                try (RawClient client = proxy.client()) {
                    client.send(get("/good") + request + get("/smuggled"));
                    assertThat(client.readResponse().bodyText()).isEqualTo("/good");
                    assertThat(client.readResponse().status()).isEqualTo(400);
                    client.expectEof();
                }
            }
            assertThat(origin.requests()).allMatch(r -> r.target().equals("/good"));
        }
    }

    private static List<String> responses() {
        List<String> responses = new ArrayList<>();
        for (String line : new String[] {"", " ", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 20", "HTTP/1.1 2000 OK", "HTTP/1.1 000 OK", "HTTP/1.1 099 OK",
            "HTTP/1.1 600 OK", "HTTP/1.1 999 OK", "HTTP/1.1 +20 OK", "HTTP/1.1 -20 OK", "HTTP/1.1 2x0 OK", "HTTP/1.1 20\u00b2 OK", "HTTP/1.1  200 OK",
            "HTTP/1.1\t200 OK", "HTTP/1.1 200\tOK", "HTTP/1.1 200 O\0K", "HTTP/1.1 200 O\177K", "HTTP/1.1 200 O\1K", "HTTP/1.2 200 OK", "HTTP/0.9 200 OK",
            "HTTP/2 200 OK", "HTTP/2.0 200 OK", "HTTP/11 200 OK", "http/1.1 200 OK", "ICY 200 OK", " HTTP/1.1 200 OK", "\tHTTP/1.1 200 OK", "200 OK", "<html>",
            "SSH-2.0-OpenSSH", "\0", "HTTP/1.1 200 O\rK", "\26\3\3\0\1", "HTTP/1.1 101 Switching Protocols"}) {
            responses.add(line + "\r\nContent-Length: 4\r\n\r\nevil");
        }
        for (String header : HEADERS) {
            responses.add("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n" + header + "\r\n\r\nevil");
        }
        for (String length : LENGTHS) {
            responses.add("HTTP/1.1 200 OK\r\n" + length + "\r\n\r\n4\r\nevil\r\n0\r\n\r\n");
        }
        responses.add("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nevil\r\n0\r\n\r\n");
        responses.add("HTTP/1.1 200 OK\nContent-Length: 4\n\nevil");
        responses.add("\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
        responses.add("HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000) + "\r\nContent-Length: 4\r\n\r\nevil");
        responses.add("HTTP/1.1 200 OK\r\n" + "X: evil\r\n".repeat(150) + "\r\n");
        responses.add("HTTP/1.1 103 Early\r\nX : evil\r\n\r\n" + ok("evil"));
        return responses;
    }

    @Test
    void nothingOfABadResponseReachesAClient() {
        List<String> responses = responses();
        assertThat(responses).hasSizeGreaterThan(100).doesNotHaveDuplicates();
        int[] next = {0};
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    while (connection.hasMore()) {
                        connection.readRequest();
                        connection.send(next[0] < responses.size() ? responses.get(next[0]++) : ok("good"));
                    }
                });
                EngineHarness proxy = EngineHarness.http("", EngineHarness.server("s1", origin.port()));
                RawClient client = proxy.client()) {
            for (String response : responses) {
                client.send(get("/"));
                ReceivedMessage received = client.readResponse();
                assertThat(received.status()).as(response).isEqualTo(502);
                assertThat(received.toString()).doesNotContain("evil");
            }
            client.send(get("/"));
            assertThat(client.readResponse().bodyText()).isEqualTo("good");
            assertThat(origin.connections()).hasSize(responses.size() + 1);
        }
    }
}
