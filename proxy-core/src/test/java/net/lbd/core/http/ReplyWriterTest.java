package net.lbd.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyWriterTest {

    private static final LocalReply REPLY = new LocalReply(302,
            List.of(new LocalReply.Header(Ascii.bytes("Location"), Ascii.bytes("/owa/"))), Ascii.bytes("moved"), true);

    @Test
    void writesWhatTheReplySays() {
        assertThat(write(REPLY, true, true, true))
                .isEqualTo("HTTP/1.1 302 Found\r\nContent-Length: 5\r\nLocation: /owa/\r\n\r\nmoved");
    }

    @Test
    void announcesWhatBecomesOfTheConnection() {
        assertThat(write(REPLY, true, false, true)).contains("\r\nConnection: close\r\n\r\nmoved");
        assertThat(write(REPLY, false, false, true)).contains("\r\nConnection: close\r\n\r\nmoved");
        assertThat(write(REPLY, false, true, true)).contains("\r\nConnection: keep-alive\r\n\r\nmoved");
    }

    @Test
    void leavesTheBodyOutInAnswerToHead() {
        assertThat(write(REPLY, true, true, false)).endsWith("Content-Length: 5\r\nLocation: /owa/\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 408, 431, 500, 502, 503, 504, 418})
    void anErrorPageIsAWholeAndReadableResponse(int status) {
        String text = write(ReplyWriter.error(status, true), true, true, true);
        Heads.Parsed parsed = Heads.response(text);
        assertThat(parsed.result()).isEqualTo(HeadParser.Result.COMPLETE);
        assertThat(parsed.message().status()).isEqualTo(status);
        assertThat(MessageFraming.ofResponse(parsed.message(), Heads.goodRequest("GET / HTTP/1.1\r\n\r\n")))
                .isEqualTo(parsed.rest().length());
        assertThat(parsed.rest()).contains(status + " " + ReplyWriter.reason(status));
        assertThat(parsed.headers()).contains("Cache-Control=no-cache", "Content-Type=text/html");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void aStatusWithoutContentHasNeitherLengthNorBody(int status) {
        LocalReply reply = new LocalReply(status, List.of(), Ascii.bytes("stray"), true);
        assertThat(write(reply, true, true, true)).startsWith("HTTP/1.1 " + status + " ")
                .doesNotContain("stray").doesNotContain("Content-Length");
    }

    private static String write(LocalReply reply, boolean version11, boolean keepAlive, boolean withBody) {
        ByteBuf out = ReplyWriter.write(UnpooledByteBufAllocator.DEFAULT, reply, version11, keepAlive, withBody);
        try {
            return out.toString(StandardCharsets.ISO_8859_1);
        } finally {
            out.release();
        }
    }
}
