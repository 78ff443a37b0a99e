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

class HopByHopTest {

    private static final int CLOSE = HopByHop.CLOSE;
    private static final int KEEP_ALIVE = HopByHop.KEEP_ALIVE;
    private static final int UPGRADE = HopByHop.UPGRADE;

    static Stream<Arguments> heads() {
        return Stream.of(
                arguments("A: b", 0, List.of("A=b")),
                arguments("Connection: close|A: b", CLOSE, List.of("A=b")),
                arguments("A: b|cOnnection:  Keep-Alive ", KEEP_ALIVE, List.of("A=b")),
                arguments("Connection: close, keep-alive", CLOSE | KEEP_ALIVE, List.of()),
                arguments("Connection: keep-alive|Connection: close", CLOSE | KEEP_ALIVE, List.of()),
                arguments("Connection:", 0, List.of()),
                arguments("Connection: , ,,\tclose\t,", CLOSE, List.of()),
                arguments("Connection: closed", 0, List.of()),
                arguments("Connection: \"close\"", 0, List.of()),
                arguments("Connection: x-a|X-A: b|x-a: c|X-B: d", 0, List.of("X-B=d")),
                arguments("X-A: b|Connection: keep-alive, X-a ,close", CLOSE | KEEP_ALIVE, List.of()),
                arguments("Connection: X-A|Connection: X-B|X-A: 1|X-B: 2|X-C: 3", 0, List.of("X-C=3")),
                arguments("Connection: connection", 0, List.of()),
                arguments("Connection: host, content-length, transfer-encoding|Host: a|Content-Length: 5|Transfer-Encoding: x", 0,
                        List.of("Host=a", "Content-Length=5", "Transfer-Encoding=x")),
                arguments("Keep-Alive: timeout=5|Proxy-Connection: close|TE: trailers|HTTP2-Settings: x|A: b", 0, List.of("A=b")),
                arguments("Upgrade: websocket", 0, List.of()),
                arguments("Connection: Upgrade", 0, List.of()),
                arguments("Connection: Upgrade|Upgrade: websocket", UPGRADE, List.of("Upgrade=websocket")),
                arguments("upgrade: WebSocket|connection: keep-alive,UPGRADE", KEEP_ALIVE | UPGRADE, List.of("upgrade=WebSocket")),
                arguments("Connection: Upgrade|Upgrade: websocket|Upgrade: foo", 0, List.of()),
                arguments("Connection: Upgrade, HTTP2-Settings|Upgrade: h2c|HTTP2-Settings: AAMA", 0, List.of()),
                arguments("Connection: Upgrade|Upgrade: websocket, H2C", 0, List.of()),
                arguments("Connection: Upgrade, Upgrade|Upgrade: websocket|Connection: X", UPGRADE, List.of("Upgrade=websocket")));
    }

    @ParameterizedTest
    @MethodSource("heads")
    void takesOutWhatSpeaksAboutOneConnection(String headers, int tokens, List<String> left) {
        HttpMessage m = request("HTTP/1.1", headers);
        assertThat(HopByHop.strip(m)).isEqualTo(tokens);
        assertThat(Heads.headers(m)).isEqualTo(left);
    }

    @Test
    void aRequestOfHttp10CannotBeUpgraded() {
        HttpMessage m = request("HTTP/1.0", "Connection: Upgrade|Upgrade: websocket|A: b");
        assertThat(HopByHop.strip(m)).isZero();
        assertThat(Heads.headers(m)).containsExactly("A=b");
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1, '', true", "HTTP/1.1, close, false", "HTTP/1.1, keep-alive, true", "HTTP/1.1, 'keep-alive, close', false",
        "HTTP/1.0, '', false", "HTTP/1.0, keep-alive, true", "HTTP/1.0, close, false", "HTTP/1.0, 'Keep-Alive,CLOSE', false",
    })
    void tellsWhetherTheSenderKeepsTheConnection(String version, String connection, boolean keeps) {
        HttpMessage m = request(version, "Connection: " + connection);
        assertThat(m.keepsAlive(HopByHop.strip(m))).isEqualTo(keeps);
    }

    private static HttpMessage request(String version, String headers) {
        return Heads.goodRequest("GET / " + version + "\r\n" + headers.replace("|", "\r\n") + "\r\n\r\n");
    }
}
