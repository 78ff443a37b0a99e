package net.lbd.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.lbd.core.http.HeadParser.Result;
import net.lbd.core.http.Heads.Parsed;
import net.lbd.testkit.Mutations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadParserTest {

    private static final String PADDING = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

    // ---- good heads

    static Stream<Arguments> goodRequests() {
        return Stream.of(
                arguments("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/", "/", List.of("Host=a")),
                arguments("GET / HTTP/1.0\r\n\r\n", "GET", "/", "/", List.of()),
                arguments("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET", "/", "/", List.of("Host=a")),
                arguments("RPC_IN_DATA /rpc/rpcproxy.dll?cas:6001 HTTP/1.1\r\nHost:a\r\n\r\n",
                        "RPC_IN_DATA", "/rpc/rpcproxy.dll?cas:6001", "/rpc/rpcproxy.dll", List.of("Host=a")),
                arguments("M-S*#!$%&'+.^_`|~ / HTTP/1.1\r\n\r\n", "M-S*#!$%&'+.^_`|~", "/", "/", List.of()),
                arguments("GET /a\"<>\\^`{|}b HTTP/1.1\r\n\r\n", "GET", "/a\"<>\\^`{|}b", "/a\"<>\\^`{|}b", List.of()),
                arguments("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS", "*", "-", List.of("Host=a")),
                arguments("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", "CONNECT", "a:443", "-",
                        List.of("Host=a:443")),
                arguments("CONNECT [::1]:443 HTTP/1.1\r\n\r\n", "CONNECT", "[::1]:443", "-", List.of()),
                arguments("GET http://a/b?c HTTP/1.1\r\n\r\n", "GET", "http://a/b?c", "/b", List.of()),
                arguments("GET HTTPS://A:8443 HTTP/1.1\r\n\r\n", "GET", "HTTPS://A:8443", "-", List.of()),
                arguments("GET http://a?b/c HTTP/1.1\r\n\r\n", "GET", "http://a?b/c", "-", List.of()),
                arguments("GET //a//b HTTP/1.1\r\n\r\n", "GET", "//a//b", "//a//b", List.of()),
                arguments("GET / HTTP/1.1\r\nA:\r\nB: \t \r\nc:\t d\te \t\r\n\r\n", "GET", "/", "/",
                        List.of("A=", "B=", "c=d\te")),
                arguments("GET / HTTP/1.1\r\nX: \u0080\u00ff\u00e9\r\n\r\n", "GET", "/", "/", List.of("X=\u0080\u00ff\u00e9")),
                arguments("GET / HTTP/1.1\r\nX: a:b: c\r\nX: a:b: c\r\n\r\n", "GET", "/", "/",
                        List.of("X=a:b: c", "X=a:b: c")));
    }

    @ParameterizedTest
    @MethodSource("goodRequests")
    void readsRequest(String text, String method, String target, String path, List<String> headers) {
        Parsed parsed = Heads.request(text);
        assertThat(parsed.result()).as(parsed.describe()).isEqualTo(Result.COMPLETE);
        HttpMessage m = parsed.message();
        assertThat(Heads.textAt(m, m.methodOffset(), m.methodLength())).isEqualTo(method);
        assertThat(Heads.textAt(m, m.targetOffset(), m.targetLength())).isEqualTo(target);
        assertThat(m.hasPath() ? Heads.textAt(m, m.pathOffset(), m.pathLength()) : "-").isEqualTo(path);
        assertThat(parsed.headers()).isEqualTo(headers);
        assertThat(m.isPresent()).isTrue();
    }

    static Stream<Arguments> goodResponses() {
        return Stream.of(
                arguments("HTTP/1.1 200 OK\r\n\r\n", 200, "OK", 1),
                arguments("HTTP/1.0 404 Not Found\r\nA: b\r\n\r\n", 404, "Not Found", 0),
                arguments("HTTP/1.1 599 \r\n\r\n", 599, "", 1),
                arguments("HTTP/1.1 200\r\n\r\n", 200, "", 1),
                arguments("HTTP/1.1 100 \u00e9 a\tb\r\n\r\n", 100, "\u00e9 a\tb", 1));
    }

    @ParameterizedTest
    @MethodSource("goodResponses")
    void readsResponse(String text, int status, String reason, int minor) {
        Parsed parsed = Heads.response(text);
        assertThat(parsed.result()).as(parsed.describe()).isEqualTo(Result.COMPLETE);
        HttpMessage m = parsed.message();
        assertThat(m.status()).isEqualTo(status);
        assertThat(Heads.textAt(m, m.reasonOffset(), m.reasonLength())).isEqualTo(reason);
        assertThat(m.versionMinor()).isEqualTo(minor);
    }

    @Test
    void leavesWhatFollowsTheHeadInTheBuffer() {
        Parsed parsed = Heads.request("POST / HTTP/1.1\r\nHost: a\r\n\r\nbody\r\n\r\nGET / HTTP/1.1\r\n\r\n");
        assertThat(parsed.result()).isEqualTo(Result.COMPLETE);
        assertThat(parsed.rest()).isEqualTo("body\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    }

    // ---- bad heads: the arrow stands before the byte at which the defect is found

    static Stream<Arguments> badRequests() {
        return Stream.of(
                arguments(Defect.BARE_LF, "→\nGET / HTTP/1.1\r\n\r\n"),
                arguments(Defect.BARE_LF, "GET / HTTP/1.1→\nHost: a\r\n\r\n"),
                arguments(Defect.BARE_LF, "GET / HTTP/1.1\r\nHost: a→\n\r\n"),
                arguments(Defect.BARE_LF, "GET / HTTP/1.1\r\nHost: a\r\n→\n"),
                arguments(Defect.BARE_LF, "GET / HTTP/1.1\r\nA: b\tc→\n B: d\r\n\r\n"),
                arguments(Defect.BARE_CR, "GET /→\r HTTP/1.1\r\n\r\n"),
                arguments(Defect.BARE_CR, "GET / HTTP/1.1→\r\r\n\r\n"),
                arguments(Defect.BARE_CR, "GET / HTTP/1.1\r\nA: b→\rc\r\n\r\n"),
                arguments(Defect.BARE_CR, "GET / HTTP/1.1\r\nA: b\r\n→\r\r\n"),
                arguments(Defect.BAD_START_LINE, "\r\n→\r\nGET / HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_START_LINE, "GET /→\0 HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_START_LINE, "G→\1T / HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_START_LINE, "→\26\3\1\2\0\1\0\1\374\3\3"),
                arguments(Defect.BAD_METHOD, "→ GET / HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_METHOD, "G→(T / HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_METHOD, "GET→\t/ HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_METHOD, "GET→\r\n\r\n"),
                arguments(Defect.BAD_METHOD, "G→\u00c9T / HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_METHOD, "GE→\177 / HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET → / HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET →\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET /a→\tb HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET /a→#b HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET /a→\u00e9 HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET /a→\177 HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET →@evil HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET →evil HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET →a:80 HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET →* HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "OPTIONS →** HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET →ftp://a/ HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET →http://u@a/ HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET →http://a:b/ HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET →http:// HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET →http:///a HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "GET →http://?a HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "CONNECT →/ HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "CONNECT →a HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "CONNECT →a: HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "CONNECT →:80 HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_TARGET, "CONNECT →http://a:80/ HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "GET /→\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "GET / →\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "GET / → HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "GET / →HTTP/1.1 \r\n\r\n"),
                arguments(Defect.BAD_VERSION, "GET / →HTTP/1.2\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "GET / →HTTP/0.9\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "GET / →HTTP/2.0\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "PRI * →HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "GET / →HTTP/1.10\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "GET / →HTTP/1\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "GET / →http/1.1\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "GET /a →b HTTP/1.1\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "GET / →HTTP/1.1\t\r\n\r\n"),
                arguments(Defect.BAD_HEADER_NAME, "GET / HTTP/1.1\r\n→: b\r\n\r\n"),
                arguments(Defect.BAD_HEADER_NAME, "GET / HTTP/1.1\r\nA→\r\n\r\n"),
                arguments(Defect.BAD_HEADER_NAME, "GET / HTTP/1.1\r\nA→(: b\r\n\r\n"),
                arguments(Defect.BAD_HEADER_NAME, "GET / HTTP/1.1\r\nA→\u00e9: b\r\n\r\n"),
                arguments(Defect.BAD_HEADER_NAME, "GET / HTTP/1.1\r\nA→\177: b\r\n\r\n"),
                arguments(Defect.BLANK_BEFORE_COLON, "GET / HTTP/1.1\r\nA→ : b\r\n\r\n"),
                arguments(Defect.BLANK_BEFORE_COLON, "GET / HTTP/1.1\r\nA→\t: b\r\n\r\n"),
                arguments(Defect.BLANK_BEFORE_COLON, "GET / HTTP/1.1\r\nA→ b: c\r\n\r\n"),
                arguments(Defect.OBSOLETE_FOLDING, "GET / HTTP/1.1\r\n→ A: b\r\n\r\n"),
                arguments(Defect.OBSOLETE_FOLDING, "GET / HTTP/1.1\r\nA: b\r\n→ c\r\n\r\n"),
                arguments(Defect.OBSOLETE_FOLDING, "GET / HTTP/1.1\r\nA: b\r\n→\tc\r\n\r\n"),
                arguments(Defect.OBSOLETE_FOLDING, "GET / HTTP/1.1\r\nA: b\r\n→ \r\n\r\n"),
                arguments(Defect.BAD_HEADER_VALUE, "GET / HTTP/1.1\r\nA: b→\0c\r\n\r\n"),
                arguments(Defect.BAD_HEADER_VALUE, "GET / HTTP/1.1\r\nA: b→\fc\r\n\r\n"),
                arguments(Defect.BAD_HEADER_VALUE, "GET / HTTP/1.1\r\nA: →b\177c\r\n\r\n"),
                arguments(Defect.BAD_HEADER_VALUE, "GET / HTTP/1.1\r\nA: →b\t\177\r\n\r\n"));
    }

    static Stream<Arguments> badResponses() {
        return Stream.of(
                arguments(Defect.BAD_START_LINE, "→\r\nHTTP/1.1 200 OK\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "→HTTP/1.2 200 OK\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "→HTTP/2 200 OK\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "→ICY 200 OK\r\n\r\n"),
                arguments(Defect.BAD_VERSION, "→HTTP/1\r\n\r\n"),
                arguments(Defect.BAD_STATUS, "HTTP/1.1→\r\n\r\n"),
                arguments(Defect.BAD_STATUS, "HTTP/1.1 →\r\n\r\n"),
                arguments(Defect.BAD_STATUS, "HTTP/1.1 →20\r\n\r\n"),
                arguments(Defect.BAD_STATUS, "HTTP/1.1 →000 OK\r\n\r\n"),
                arguments(Defect.BAD_STATUS, "HTTP/1.1 →099 OK\r\n\r\n"),
                arguments(Defect.BAD_STATUS, "HTTP/1.1 →600 OK\r\n\r\n"),
                arguments(Defect.BAD_STATUS, "HTTP/1.1 →999 OK\r\n\r\n"),
                arguments(Defect.BAD_STATUS, "HTTP/1.1 →2000 OK\r\n\r\n"),
                arguments(Defect.BAD_STATUS, "HTTP/1.1 →+20 OK\r\n\r\n"),
                arguments(Defect.BAD_STATUS, "HTTP/1.1 →2\u06630 OK\r\n\r\n".replace('\u0663', '\u00b2')),
                arguments(Defect.BAD_STATUS, "HTTP/1.1\t→200 OK\r\n\r\n"),
                arguments(Defect.BAD_STATUS, "HTTP/1.1 →200\tOK\r\n\r\n"),
                arguments(Defect.BAD_STATUS, "HTTP/1.10→ 200 OK\r\n\r\n"),
                arguments(Defect.BAD_START_LINE, "HTTP/1.1 200 O→\0K\r\n\r\n"),
                arguments(Defect.BAD_START_LINE, "HTTP/1.1 200 →O\177\r\n\r\n"),
                arguments(Defect.BARE_LF, "HTTP/1.1 200 OK→\n\n"),
                arguments(Defect.BARE_CR, "HTTP/1.1 200 O→\rK\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("badRequests")
    void refusesRequestAtItsDefect(Defect defect, String marked) {
        expectDefect(true, defect, marked);
    }

    @ParameterizedTest
    @MethodSource("badResponses")
    void refusesResponseAtItsDefect(Defect defect, String marked) {
        expectDefect(false, defect, marked);
    }

    private static void expectDefect(boolean request, Defect defect, String marked) {
        String text = marked.replace("→", "");
        String expected = "INVALID " + defect + "@" + marked.indexOf('→');
        assertThat(Heads.parse(request, Heads.LIMIT, Heads.MAX_HEADERS, text).describe()).isEqualTo(expected);
        for (int split = 1; split < text.length(); split++) {
            assertThat(Heads.parse(request, Heads.LIMIT, Heads.MAX_HEADERS, text, split).describe())
                    .as("split at %d", split).isEqualTo(expected);
        }
    }

    @Test
    void everyOtherControlByteIsRefusedEverywhereInAHead() {
        String good = "GET /index HTTP/1.1\r\nHost: example\r\nX: y\r\n\r\n";
        for (int c = 0; c < 0x20; c++) {
            for (int at = 0; at <= good.length() - 4 && c != '\t'; at++) {
                String bad = good.substring(0, at) + (char) c + good.substring(at);
                Parsed parsed = Heads.request(bad);
                // A line end where none belongs leaves lines that are themselves no headers; only at the very start it is allowed.
                assertThat(parsed.result()).as("%02x at %d: %s", c, at, parsed.describe()).isEqualTo(Result.INVALID);
            }
        }
    }

    // ---- splits and alignment

    @Test
    void everySplitPointGivesTheSame() {
        List<String> texts = new ArrayList<>();
        goodRequests().forEach(a -> texts.add((String) a.get()[0]));
        for (String text : texts) {
            String whole = Heads.request(text + "rest").describe();
            for (int a = 1; a < text.length(); a++) {
                for (int b = a + 1; b <= text.length(); b += 3) {
                    assertThat(Heads.request(text + "rest", a, b).describe()).isEqualTo(whole);
                }
            }
            assertThat(Heads.request(text + "rest", IntStream.range(1, text.length() + 4).toArray()).describe())
                    .isEqualTo(whole);
        }
    }

    @Test
    void everyBytePerPieceNeedsMoreUntilTheLast() {
        String text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
        for (int end = 0; end < text.length(); end++) {
            assertThat(Heads.request(text.substring(0, end)).result()).isEqualTo(Result.NEED_MORE);
        }
    }

    /** Eight bytes are looked at at a time: each control byte, at each place of the eight, behind each neighbour. */
    @Test
    void findsEachControlByteAtEachAlignment() {
        int[] neighbours = {'x', 0x80, 0xff, 0x20, 0x7e, '\t', 0x9f, 0xa0};
        for (int shift = 0; shift < 17; shift++) {
            for (int control : new int[] {0, 1, 8, 0x0b, 0x1f, 0x7f}) {
                for (int neighbour : neighbours) {
                    String before = "GET / HTTP/1.1\r\nA: " + PADDING.substring(0, shift) + (char) neighbour;
                    Parsed parsed = Heads.request(before + (char) control + (char) neighbour + PADDING + "\r\n\r\n");
                    assertThat(parsed.defect()).as("%02x behind %02x at %d", control, neighbour, shift)
                            .isEqualTo(Defect.BAD_HEADER_VALUE);
                    if (control != 0x7f) {
                        assertThat(parsed.position()).isEqualTo(before.length());
                    }
                }
            }
        }
    }

    @Test
    void noOtherByteIsTakenForAControlByteAtAnyAlignment() {
        for (int shift = 0; shift < 9; shift++) {
            for (int c = 0x20; c < 0x100; c++) {
                String value = PADDING.substring(0, shift) + (char) c + (char) c + PADDING;
                if (c != 0x7f) {
                    assertThat(Heads.request("GET / HTTP/1.1\r\nA:" + value + "\r\n\r\n").headers())
                            .containsExactly("A=" + value.strip());
                }
            }
        }
    }

    // ---- limits

    @Test
    void aHeadOfExactlyTheLimitPasses() {
        String text = "GET / HTTP/1.1\r\nA: " + "x".repeat(100) + "\r\n\r\n";
        assertThat(Heads.parse(true, text.length(), 5, text + "body").result()).isEqualTo(Result.COMPLETE);
        Parsed over = Heads.parse(true, text.length() - 1, 5, text + "body");
        assertThat(over.describe()).isEqualTo("INVALID HEAD_TOO_LARGE@" + (text.length() - 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /", "GET / HTTP/1.1\r\nA: "})
    void anEndlessLineIsTooLargeAtTheLimit(String begin) {
        String text = begin + "x".repeat(200_000);
        assertThat(Heads.parse(true, 15_360, 101, text).describe()).isEqualTo("INVALID " + (begin.contains("\r\n") ? "HEAD_TOO_LARGE" : "TARGET_TOO_LONG") + "@15360");
        int[] everyThousand = IntStream.range(1, 200).map(i -> i * 1000).toArray();
        assertThat(Heads.parse(true, 15_360, 101, text, everyThousand).describe())
                .isEqualTo("INVALID " + (begin.contains("\r\n") ? "HEAD_TOO_LARGE" : "TARGET_TOO_LONG") + "@15360");
    }

    @Test
    void oneHeaderMoreThanAllowedIsTooMany() {
        String start = "GET / HTTP/1.1\r\n";
        String five = "A: b\r\n".repeat(5);
        assertThat(Heads.parse(true, 4096, 5, start + five + "\r\n").headers()).hasSize(5);
        assertThat(Heads.parse(true, 4096, 5, start + five + "A: b\r\n\r\n").describe())
                .isEqualTo("INVALID TOO_MANY_HEADERS@" + (start.length() + five.length()));
    }

    @Test
    void aHeadOfFortyEightKilobytesPassesWhereTheLimitAllows() {
        String kerberos = "Negotiate " + "Y".repeat(48 * 1024);
        Parsed parsed = Heads.parse(true, 50_176, 101, "GET / HTTP/1.1\r\nAuthorization: " + kerberos + "\r\n\r\n", 7, 9000, 40_000);
        assertThat(parsed.headers()).containsExactly("Authorization=" + kerberos);
    }

    @Test
    void isReadyForTheNextMessageAfterAReset() {
        HeadParser parser = new HeadParser(true, new BytePool(), 4096, 10);
        HttpMessage message = new HttpMessage();
        message.reset();
        io.netty.buffer.ByteBuf in = io.netty.buffer.Unpooled.copiedBuffer(
                "GET /a HTTP/1.0\r\nX: 1\r\n\r\nPUT /b HTTP/1.1\r\nHost: b\r\n\r\n", java.nio.charset.StandardCharsets.US_ASCII);
        assertThat(parser.hasBegun()).isFalse();
        assertThat(parser.feed(message, in)).isEqualTo(Result.COMPLETE);
        assertThat(parser.hasBegun()).isTrue();
        parser.reset();
        message.reset();
        assertThat(parser.hasBegun()).isFalse();
        assertThat(parser.feed(message, in)).isEqualTo(Result.COMPLETE);
        assertThat(Heads.textAt(message, message.targetOffset(), message.targetLength())).isEqualTo("/b");
        assertThat(message.isAtLeast11()).isTrue();
        assertThat(in.isReadable()).isFalse();
    }

    // ---- against a reference

    @Test
    void agreesWithTheReferenceOnRandomHeads() {
        Random random = new Random(20261);
        for (int i = 0; i < 60_000; i++) {
            boolean request = random.nextInt(3) > 0;
            String text = Mutations.head(random, request);
            int limit = random.nextInt(4) == 0 ? 40 + random.nextInt(80) : 4096;
            int maxHeaders = random.nextInt(4) == 0 ? 2 : 20;
            int[] splits = Mutations.splits(random, text.length());
            String expected = ReferenceHead.parse(request, limit, maxHeaders, text);
            Parsed parsed = Heads.parse(request, limit, maxHeaders, text, splits);
            assertThat(ReferenceHead.outline(parsed)).as("message %d, request=%s limit=%d max=%d: %s", i, request, limit,
                    maxHeaders, text).isEqualTo(expected);
        }
    }
}
