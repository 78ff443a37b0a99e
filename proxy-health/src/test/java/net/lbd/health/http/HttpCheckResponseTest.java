package net.lbd.health.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;
import net.lbd.health.NoLeaks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(NoLeaks.class)
class HttpCheckResponseTest {

    private static final String LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final String CHUNKED = "HTTP/1.1 503 No way\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;ext=1\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: z\r\n\r\n";
    private static final String TO_CLOSE = "\r\nHTTP/1.0 404 \r\nA: b\r\n c\r\n\r\nhello";
    private static final String NO_BODY = "HTTP/1.1 204\r\n\r\n";
    private static final String BAD_CHUNK = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhelx\r\n";
    private static final String BAD_HEAD = "HTTP/1.1 200 OK\r\nA B: c\r\n\r\n";

    static Stream<Arguments> responses() {
        return Stream.of(
                Arguments.of(LENGTH, "200 OK hello complete"),
                Arguments.of(CHUNKED, "503 No way hello complete"),
                Arguments.of(TO_CLOSE, "404  hello complete"),
                Arguments.of(NO_BODY, "204   complete"),
                Arguments.of(BAD_CHUNK, "200 OK hel malformed"),
                Arguments.of(BAD_HEAD, "malformed"),
                Arguments.of("220 mail\r\n", "malformed"));
    }

    @ParameterizedTest
    @MethodSource("responses")
    void readsTheSameAtEverySplit(String text, String expected) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second++) {
                HttpCheckResponse response = new HttpCheckResponse(false, 1000);
                read(response, Arrays.copyOfRange(bytes, 0, first));
                read(response, Arrays.copyOfRange(bytes, first, second));
                read(response, Arrays.copyOfRange(bytes, second, bytes.length));
                response.end();

                assertThat(describe(response)).as("split at %d and %d", first, second).isEqualTo(expected);
            }
        }
    }

    @Test
    void everyPrefixOfAResponseIsUndecidedOrCut() {
        byte[] bytes = LENGTH.getBytes(StandardCharsets.ISO_8859_1);
        int head = LENGTH.indexOf("hello");
        for (int length = 0; length < bytes.length; length++) {
            HttpCheckResponse response = new HttpCheckResponse(false, 1000);
            read(response, Arrays.copyOf(bytes, length));

            assertThat(response.headComplete()).isEqualTo(length >= head);
            assertThat(response.malformed()).isFalse();
            assertThat(response.bodyFinal()).isFalse();
            response.end();
            assertThat(response.malformed()).isEqualTo(length < head);
            assertThat(response.bodyFinal()).isTrue();
        }
    }

    @Test
    void refusesAForeignProtocolAtItsFirstByte() {
        HttpCheckResponse response = new HttpCheckResponse(false, 0);

        read(response, new byte[] {'2'});

        assertThat(response.malformed()).isTrue();
    }

    @Test
    void keepsNoMoreThanTheLimit() {
        HttpCheckResponse response = new HttpCheckResponse(false, 3);

        read(response, LENGTH.getBytes(StandardCharsets.ISO_8859_1));

        assertThat(response.bodyLength()).isEqualTo(3);
        assertThat(response.bodyFinal()).isTrue();
    }

    @Test
    void limitsTheHeadAndTheTrailers() {
        HttpCheckResponse endlessHead = new HttpCheckResponse(false, 0);
        read(endlessHead, ("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(3_000)).getBytes(StandardCharsets.ISO_8859_1));
        HttpCheckResponse endlessTrailers = new HttpCheckResponse(false, 0);
        read(endlessTrailers, ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + "a: b\r\n".repeat(3_000))
                .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(endlessHead.malformed()).isTrue();
        assertThat(endlessTrailers.malformed()).isTrue();
    }

    @Test
    void manyChunksDoNotAddUpToTheLineLimit() {
        HttpCheckResponse response = new HttpCheckResponse(false, 16_384);
        read(response, ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\nx\r\n".repeat(10_000) + "0\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(response.malformed()).isFalse();
        assertThat(response.bodyLength()).isEqualTo(10_000);
    }

    @Test
    void aResponseToHeadHasNoBody() {
        HttpCheckResponse response = new HttpCheckResponse(true, 100);

        read(response, LENGTH.getBytes(StandardCharsets.ISO_8859_1));

        assertThat(response.bodyLength()).isZero();
        assertThat(response.bodyFinal()).isTrue();
    }

    private static void read(HttpCheckResponse response, byte[] bytes) {
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        response.read(buffer);
        assertThat(buffer.isReadable()).isFalse();
        buffer.release();
    }

    private static String describe(HttpCheckResponse response) {
        String end = response.malformed() ? "malformed" : response.bodyFinal() ? "complete" : "open";
        return response.headComplete()
                ? response.status() + " " + response.reason() + " "
                        + new String(response.body(), 0, response.bodyLength(), StandardCharsets.ISO_8859_1) + " " + end
                : end;
    }
}
