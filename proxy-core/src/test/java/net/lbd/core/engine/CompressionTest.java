package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import net.lbd.testkit.RawClient;
import net.lbd.testkit.ReceivedMessage;
import net.lbd.testkit.Script;
import net.lbd.testkit.ScriptedOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Responses are compressed where client, server and configuration let them be, as HAProxy 2.6 does it, and nothing is held back. */
class CompressionTest {

    private static final String TEXT = "hello ".repeat(50);
    private static final String LINES = "compression algo gzip raw-deflate deflate\ncompression type text/";

    private static EngineHarness proxy(String lines, ScriptedOrigin origin) {
        return EngineHarness.start(EngineHarness.httpText(lines, EngineHarness.server("s1", origin.port())));
    }

    /** The origin answers with what the target asks for, and says what it was asked. */
    private static ScriptedOrigin origin() {
        return ScriptedOrigin.start(Script.answering(request -> {
            String target = request.startLine().split(" ")[1];
            String type = target.contains("noct") ? "" : "Content-Type: " + (target.contains("image") ? "image/png" : "Text/html; charset=x") + "\r\n";
            String extra = target.contains("?") ? target.substring(target.indexOf('?') + 1).replace("_", " ").replace("|", "\r\n") + "\r\n" : "";
            String asked = "X-Asked: " + request.headers("accept-encoding") + "\r\n";
            String head = "HTTP/1.1 " + (target.contains("404") ? "404 Not Found" : "200 OK") + "\r\n" + type + extra + asked;
            if (target.contains("empty")) {
                return head + "Content-Length: 0\r\n\r\n";
            }
            return target.contains("chunk")
                    ? head + "Transfer-Encoding: chunked\r\n\r\n64\r\n" + TEXT.substring(0, 100) + "\r\nc8\r\n" + TEXT.substring(100) + "\r\n0\r\nX-Trailer: t\r\n\r\n"
                    : head + "Content-Length: " + TEXT.length() + "\r\n\r\n" + TEXT;
        }));
    }

    private static ReceivedMessage get(EngineHarness proxy, String method, String target, String headers) {
        try (RawClient client = proxy.client()) {
            client.send(method + " " + target + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n");
            ReceivedMessage first = client.readResponseTo(method);
            // The connection is good for another exchange.
            client.send("GET /empty HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(client.readResponse().status()).isEqualTo(200);
            return first;
        }
    }

    private static String plain(ReceivedMessage response) throws IOException {
        byte[] body = response.body();
        String coding = response.headers("content-encoding").isEmpty() ? "" : response.headers("content-encoding").get(0);
        return switch (coding) {
            case "gzip" -> text(new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes());
            case "deflate" -> text(new InflaterInputStream(new ByteArrayInputStream(body), new Inflater((body[0] & 15) != 8)).readAllBytes());
            default -> text(body);
        };
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest(name = "{0} with {1}")
    @CsvSource(delimiter = '!', value = {
        "/ ! gzip ! gzip", "/ ! deflate;q=0.5, gzip;q=0.1 ! deflate", "/ ! gzip;q=0 ! ''", "/ ! br ! ''", "/ ! * ! deflate",
        "/chunk ! gzip ! gzip", "/chunk ! deflate ! deflate", "/image ! gzip ! ''", "/noct ! gzip ! ''", "/404 ! gzip ! ''",
        "/?Cache-Control:_no-transform ! gzip ! ''", "/?Content-Encoding:_br ! gzip ! br", "/?ETag:_abc ! gzip ! ''",
        "/?ETag:_\"a\"|ETag:_\"b\" ! gzip ! ''", "/?ETag:_\"a\" ! gzip ! gzip", "/?ETag:_W/\"a\" ! gzip ! gzip"})
    void choosesAsHaproxyDoes(String target, String accepted, String coding) throws IOException {
        try (ScriptedOrigin origin = origin(); EngineHarness proxy = proxy(LINES, origin)) {
            ReceivedMessage response = get(proxy, "GET", target, "Accept-Encoding: " + accepted + "\r\n");

            assertThat(String.join(",", response.headers("content-encoding"))).isEqualTo(coding);
            if (!coding.equals("br")) {
                assertThat(plain(response)).isEqualTo(TEXT);
            }
            boolean compressed = !coding.isEmpty() && !coding.equals("br");
            assertThat(response.headers("vary").contains("Accept-Encoding")).isEqualTo(compressed);
            assertThat(response.headers("content-length").isEmpty()).isEqualTo(compressed || target.contains("chunk"));
            if (target.contains("\"a\"") && compressed) {
                assertThat(response.headers("etag")).containsExactly("W/\"a\"");
            }
            proxy.awaitIdle();
        }
    }

    @Test
    void aRequestForTheHeadAndAnEmptyBodyStayAsTheyAre() {
        try (ScriptedOrigin origin = origin(); EngineHarness proxy = proxy(LINES, origin)) {
            assertThat(get(proxy, "HEAD", "/", "Accept-Encoding: gzip\r\n").headers("content-length")).containsExactly("300");
            assertThat(get(proxy, "GET", "/empty", "Accept-Encoding: gzip\r\n").headers("content-encoding")).isEmpty();
        }
    }

    @Test
    void oldBrowsersGetWhatTheyCanRead() {
        try (ScriptedOrigin origin = origin(); EngineHarness proxy = proxy(LINES, origin)) {
            String accept = "Accept-Encoding: gzip\r\nUser-Agent: ";
            assertThat(get(proxy, "GET", "/", accept + "Mozilla/4.0\r\n").headers("content-encoding")).isEmpty();
            assertThat(get(proxy, "GET", "/", accept + "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)\r\n").headers("content-encoding")).isEmpty();
            assertThat(get(proxy, "GET", "/", accept + "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)\r\n")
                    .headers("content-encoding")).containsExactly("gzip");
            assertThat(get(proxy, "GET", "/", accept + "Mozilla/4.0 (compatible; MSIE 8.0)\r\n").headers("content-encoding")).containsExactly("gzip");
        }
    }

    @Test
    void offloadHidesFromTheServerWhatIsDoneHere() {
        try (ScriptedOrigin origin = origin(); EngineHarness proxy = proxy("compression algo gzip\ncompression offload", origin)) {
            assertThat(get(proxy, "GET", "/noct", "Accept-Encoding: gzip\r\n").headers("x-asked")).containsExactly("[]");
            assertThat(get(proxy, "GET", "/noct", "Accept-Encoding: br\r\n").headers("x-asked")).containsExactly("[br]");
        }
    }

    @Test
    void smallResponsesAreLeftAlone() {
        try (ScriptedOrigin origin = origin(); EngineHarness proxy = proxy(LINES + "\ncompression minsize-res 301", origin)) {
            assertThat(get(proxy, "GET", "/", "Accept-Encoding: gzip\r\n").headers("content-encoding")).isEmpty();
            assertThat(get(proxy, "GET", "/chunk", "Accept-Encoding: gzip\r\n").headers("content-encoding")).containsExactly("gzip");
        }
    }

    @Test
    void trailersComeBehindACompressedBody() throws IOException {
        try (ScriptedOrigin origin = origin(); EngineHarness proxy = proxy(LINES, origin); RawClient client = proxy.client()) {
            client.send("GET /chunk HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAccept-Encoding: gzip\r\n\r\n");

            assertThat(text(client.readToEnd())).endsWith("\r\n0\r\nX-Trailer: t\r\n\r\n");
        }
    }

    @Test
    void everyPartLeavesWhenItComes() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
                    connection.hang();
                });
                EngineHarness proxy = proxy(LINES, origin); RawClient client = proxy.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: deflate\r\n\r\n");

            assertThat(client.readUntil("\r\n\r\n")).contains("Content-Encoding: deflate");
            assertThat(client.readUntil("\r\n")).isNotEmpty();
        }
    }
}
