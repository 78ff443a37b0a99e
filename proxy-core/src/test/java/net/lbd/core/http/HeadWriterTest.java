package net.lbd.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeadWriterTest {

    private static final String ODD = "GET /a?b HTTP/1.1\r\nhOST:a\r\nX-Odd:\t  b \t\r\nCookie: c\r\nEmpty:\r\n\r\n";

    @Test
    void anUnchangedHeadLeavesByteForByte() {
        assertThat(write(Heads.goodRequest(ODD))).isEqualTo(ODD);
        assertThat(write(Heads.goodRequest("\r\n" + ODD + "body"))).isEqualTo(ODD);
        String none = "GET / HTTP/1.0\r\n\r\n";
        assertThat(write(Heads.goodRequest(none))).isEqualTo(none);
        String response = "HTTP/1.1 200  Odd  reason \u00e9\r\nA:b\r\n\r\n";
        assertThat(write(Heads.goodResponse(response))).isEqualTo(response);
    }

    @Test
    void aStatusLineHasItsSecondBlank() {
        assertThat(write(Heads.goodResponse("HTTP/1.1 204\r\nA:b\r\n\r\n"))).isEqualTo("HTTP/1.1 204 \r\nA:b\r\n\r\n");
        assertThat(write(Heads.goodResponse("HTTP/1.1 204 \r\n\r\n"))).isEqualTo("HTTP/1.1 204 \r\n\r\n");
        assertThat(write(Heads.goodRequest("A / HTTP/1.0\r\n\r\n"))).isEqualTo("A / HTTP/1.0\r\n\r\n");
    }

    @Test
    void removedHeadersAreLeftOutAndAddedOnesStandLast() {
        HttpMessage m = Heads.goodRequest(ODD);
        m.remove(1);
        m.add(Ascii.bytes("X-New"), Ascii.bytes("1"));
        m.add(Ascii.bytes("X-Gone"), Ascii.bytes("2"));
        m.add(Ascii.bytes("x-NEW"), Ascii.bytes(""));
        m.removeAll(Ascii.bytes("x-gone"));
        assertThat(write(m)).isEqualTo("GET /a?b HTTP/1.1\r\nhOST:a\r\nCookie: c\r\nEmpty:\r\nX-New: 1\r\nx-NEW: \r\n\r\n");
    }

    @Test
    void everyCombinationOfRemovedHeadersIsWrittenRight() {
        for (int mask = 0; mask < 16; mask++) {
            HttpMessage m = Heads.goodRequest(ODD);
            StringBuilder expected = new StringBuilder("GET /a?b HTTP/1.1\r\n");
            String[] lines = ODD.split("\r\n");
            for (int i = 0; i < 4; i++) {
                if ((mask & 1 << i) != 0) {
                    m.remove(i);
                } else {
                    expected.append(lines[i + 1]).append("\r\n");
                }
            }
            assertThat(write(m)).isEqualTo(expected + "\r\n");
        }
    }

    @Test
    void aChangedStartLineIsWrittenAnew() {
        HttpMessage m = Heads.goodRequest(ODD);
        byte[] target = Ascii.bytes("__/new/path?x__");
        m.setTarget(target, 2, target.length - 4);
        assertThat(write(m)).startsWith("GET /new/path?x HTTP/1.1\r\nhOST:a\r\n");
        assertThat(Heads.textAt(m, m.pathOffset(), m.pathLength())).isEqualTo("/new/path");
        m.setMethod(Ascii.bytes("PUT"), 0, 3);
        assertThat(write(m)).startsWith("PUT /new/path?x HTTP/1.1\r\nhOST:a\r\n");
        assertThat(Heads.textAt(m, m.startLineOffset(), m.startLineLength())).isEqualTo("GET /a?b HTTP/1.1");
        HttpMessage old = Heads.goodRequest("GET / HTTP/1.0\r\n\r\n");
        old.setTarget(target, 2, 4);
        assertThat(write(old)).isEqualTo("GET /new HTTP/1.0\r\n\r\n");
    }

    @Test
    void anAddedValueCannotEndItsLine() {
        HttpMessage m = Heads.goodRequest("GET / HTTP/1.1\r\n\r\n");
        m.add(Ascii.bytes("X"), Ascii.bytes("a\r\nEvil: b\0\n"));
        assertThat(write(m)).isEqualTo("GET / HTTP/1.1\r\nX: a  Evil: b  \r\n\r\n");
    }

    @Test
    void headersMayBeAddedWithoutEndAndTheBoundHolds() {
        HttpMessage m = Heads.goodRequest(ODD);
        List<String> expected = new ArrayList<>(Heads.headers(m));
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            String value = "v".repeat(random.nextInt(200));
            m.add(Ascii.bytes("N" + i), Ascii.bytes(value));
            expected.add("N" + i + "=" + value);
        }
        m.setTarget(Ascii.bytes("/" + "t".repeat(5000)), 0, 5001);
        String written = write(m);
        assertThat(written.length()).isLessThanOrEqualTo(HeadWriter.sizeBound(m));
        assertThat(Heads.parse(true, 1 << 20, 1000, written).headers()).isEqualTo(expected);
    }

    @Test
    void aResponseSpeaksOurVersion() {
        HttpMessage m = Heads.goodResponse("HTTP/1.0 200 OK\r\nA: b\r\n\r\n");
        m.speakVersion11();
        assertThat(write(m)).isEqualTo("HTTP/1.1 200 OK\r\nA: b\r\n\r\n");
    }

    static String write(HttpMessage m) {
        ByteBuf out = Unpooled.buffer();
        HeadWriter.write(m, out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
