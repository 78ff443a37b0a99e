package net.lbd.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MessageFramingTest {

    private static final long CHUNKED = MessageFraming.CHUNKED;
    private static final long UNTIL_CLOSE = MessageFraming.UNTIL_CLOSE;
    private static final long TUNNEL = MessageFraming.TUNNEL;

    // ---- the table of both headers: minor version, headers, length or defect

    static Stream<Arguments> accepted() {
        return Stream.of(
                arguments(1, "", UNTIL_CLOSE),
                arguments(0, "", UNTIL_CLOSE),
                arguments(1, "Content-Length: 0", 0L),
                arguments(0, "Content-Length: 5", 5L),
                arguments(1, "content-LENGTH:5", 5L),
                arguments(1, "Content-Length: \t 5 \t", 5L),
                arguments(1, "Content-Length: 0005", 5L),
                arguments(1, "Content-Length: 9223372036854775807", Long.MAX_VALUE),
                arguments(1, "Content-Length: 5|Content-Length: 5", 5L),
                arguments(1, "Content-Length: 5|X: y|content-length: 5|Content-Length: 05", 5L),
                arguments(1, "Transfer-Encoding: chunked", CHUNKED),
                arguments(1, "transfer-encoding:CHUNKED", CHUNKED),
                arguments(1, "Transfer-Encoding: \tChunked\t", CHUNKED));
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments(1, "Content-Length:", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: +5", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: -5", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: 5,5", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: 5, 5", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: 5 5", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: 0x5", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: 5.0", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: 5a", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: \u00b2", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: 9223372036854775808", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: 18446744073709551616", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: 18446744073709551621", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: 100000000000000000000000000000005", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: 5|Content-Length: 6", Defect.LENGTH_CONTRADICTION),
                arguments(1, "Content-Length: 5|Content-Length: 5|Content-Length: 6", Defect.LENGTH_CONTRADICTION),
                arguments(1, "Content-Length: 5|Content-Length: x", Defect.LENGTH_CONTRADICTION),
                arguments(1, "Content-Length: x|Content-Length: 5", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: x|Content-Length: x", Defect.BAD_CONTENT_LENGTH),
                arguments(1, "Content-Length: 5|Transfer-Encoding: chunked", Defect.LENGTH_AND_ENCODING),
                arguments(1, "Transfer-Encoding: chunked|Content-Length: 0", Defect.LENGTH_AND_ENCODING),
                arguments(1, "Transfer-Encoding: identity|Content-Length: 5", Defect.LENGTH_AND_ENCODING),
                arguments(1, "Transfer-Encoding: x|Content-Length: y", Defect.LENGTH_AND_ENCODING),
                arguments(0, "Transfer-Encoding: chunked", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding:", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: identity", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: gzip", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: gzip, chunked", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: identity, chunked", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: chunked, identity", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: chunked, chunked", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: chunked,", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: ,chunked", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: chunked;q=1", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: \"chunked\"", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: xchunked", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: chun\u212aed".replace('\u212a', '\u00eb'), Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: chunked|Transfer-Encoding: chunked", Defect.BAD_TRANSFER_ENCODING),
                arguments(1, "Transfer-Encoding: identity|Transfer-Encoding: chunked", Defect.BAD_TRANSFER_ENCODING));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void agreesOnWhatIsClear(int minor, String headers, long framing) {
        HttpMessage request = request("POST", minor, headers);
        assertThat(MessageFraming.ofRequest(request)).isEqualTo(framing == UNTIL_CLOSE ? 0 : framing);
        HttpMessage response = response(200, minor, headers);
        assertThat(MessageFraming.ofResponse(response, request("GET", 1, ""))).isEqualTo(framing);
        assertThat(count(request, "content-length")).isLessThanOrEqualTo(1);
        assertThat(count(response, "content-length")).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void refusesWhatTwoReadersCouldReadDifferently(int minor, String headers, Defect defect) {
        HttpMessage request = request("POST", minor, headers);
        assertThat(MessageFraming.ofRequest(request)).isEqualTo(MessageFraming.REFUSED);
        assertThat(MessageFraming.defect(request)).isEqualTo(defect);
        HttpMessage response = response(200, minor, headers);
        assertThat(MessageFraming.ofResponse(response, request("GET", 1, ""))).isEqualTo(MessageFraming.REFUSED);
        assertThat(MessageFraming.defect(response)).isEqualTo(defect);
        // Also where no body can come: what the client is told must be clear.
        assertThat(MessageFraming.ofResponse(response(304, minor, headers), request("GET", 1, "")))
                .isEqualTo(MessageFraming.REFUSED);
        assertThat(MessageFraming.ofResponse(response(200, minor, headers), request("HEAD", 1, "")))
                .isEqualTo(MessageFraming.REFUSED);
    }

    // ---- responses: the status and the request's method

    @ParameterizedTest
    @CsvSource({
        "200, GET, '', -2", "200, POST, 'Content-Length: 7', 7", "205, GET, 'Content-Length: 0', 0",
        "500, GET, 'Transfer-Encoding: chunked', -1",
        "100, GET, 'Content-Length: 7', 0", "103, GET, '', 0", "199, GET, 'Transfer-Encoding: chunked', 0",
        "204, GET, 'Content-Length: 7', 0", "204, GET, 'Transfer-Encoding: chunked', 0", "204, CONNECT, '', 0",
        "304, GET, 'Content-Length: 7', 0", "304, GET, 'Transfer-Encoding: chunked', 0", "304, GET, '', 0",
        "200, HEAD, 'Content-Length: 7', 0", "200, HEAD, 'Transfer-Encoding: chunked', 0", "404, HEAD, '', 0",
        "200, head, 'Content-Length: 7', 7",
        "101, GET, '', -3", "200, CONNECT, '', -3", "200, CONNECT, 'Content-Length: 7', -3", "299, CONNECT, '', -3",
        "403, CONNECT, 'Content-Length: 7', 7", "407, CONNECT, '', -2",
    })
    void decidesByStatusAndMethod(int status, String method, String headers, long framing) {
        String target = method.equals("CONNECT") ? "a:1" : "/";
        HttpMessage request = Heads.goodRequest(method + " " + target + " HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(MessageFraming.ofResponse(response(status, 1, headers), request)).isEqualTo(framing);
    }

    @Test
    void aLengthThatMeansNothingIsNotPassedOn() {
        for (int status : new int[] {100, 204}) {
            HttpMessage response = response(status, 1, "A: b|Content-Length: 7|Transfer-Encoding: chunked");
            MessageFraming.ofResponse(response, request("GET", 1, ""));
            assertThat(Heads.headers(response)).containsExactly("A=b");
        }
        HttpMessage toConnect = response(200, 1, "Content-Length: 7|A: b");
        MessageFraming.ofResponse(toConnect, Heads.goodRequest("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"));
        assertThat(Heads.headers(toConnect)).containsExactly("A=b");
        HttpMessage notModified = response(304, 1, "Content-Length: 7");
        MessageFraming.ofResponse(notModified, request("GET", 1, ""));
        assertThat(Heads.headers(notModified)).containsExactly("Content-Length=7");
    }

    @Test
    void theSameLengthAgainIsPassedOnOnce() {
        HttpMessage request = request("POST", 1, "A: b|Content-Length: 5|C: d|Content-Length: 5");
        assertThat(MessageFraming.ofRequest(request)).isEqualTo(5);
        assertThat(Heads.headers(request)).isEqualTo(List.of("A=b", "Content-Length=5", "C=d"));
    }

    private static HttpMessage request(String method, int minor, String headers) {
        return Heads.goodRequest(method + " / HTTP/1." + minor + "\r\n" + lines(headers) + "\r\n");
    }

    private static HttpMessage response(int status, int minor, String headers) {
        return Heads.goodResponse("HTTP/1." + minor + " " + status + " X\r\n" + lines(headers) + "\r\n");
    }

    private static String lines(String headers) {
        return headers.isEmpty() ? "" : headers.replace("|", "\r\n") + "\r\n";
    }

    private static long count(HttpMessage m, String name) {
        return Heads.headers(m).stream().filter(h -> h.toLowerCase(java.util.Locale.ROOT).startsWith(name + "=")).count();
    }
}
