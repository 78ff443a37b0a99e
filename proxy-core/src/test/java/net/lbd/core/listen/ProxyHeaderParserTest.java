package net.lbd.core.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.lbd.core.session.ReceivedProxy;
import net.lbd.health.wire.ProxyHeaders;
import net.lbd.health.wire.ProxyHeaders.End;
import net.lbd.health.wire.ProxyHeaders.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderParserTest {

    private static final End A = new End(new byte[] {1, 2, 3, 4}, 1111);
    private static final End B = new End(new byte[] {5, 6, 7, 8}, 2222);

    /** The result, after every shorter beginning was found to be incomplete. */
    private static ProxyHeaderParser.Result parse(byte[] header) {
        for (int length = 0; length < header.length; length++) {
            assertThat(ProxyHeaderParser.parse(header, length)).as("the first %d bytes", length)
                    .isEqualTo(ProxyHeaderParser.Incomplete.INSTANCE);
        }
        byte[] more = Arrays.copyOf(header, header.length + 5);
        return ProxyHeaderParser.parse(more, more.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String ends(byte[] header) {
        ProxyHeaderParser.Header read = (ProxyHeaderParser.Header) parse(header);
        assertThat(read.length()).isEqualTo(header.length);
        return read.ends().map(e -> text(e.source().text()) + " " + e.source().port() + " " + text(e.destination().text()) + " "
                + e.destination().port()).orElse("its own");
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    /** What is refused, whatever comes behind it. */
    private static HandshakeEnd refused(byte[] header) {
        byte[] more = Arrays.copyOf(header, header.length + 300);
        ProxyHeaderParser.Result result = ProxyHeaderParser.parse(more, more.length);
        assertThat(result).isInstanceOf(ProxyHeaderParser.Bad.class);
        return ((ProxyHeaderParser.Bad) result).reason();
    }

    @Test
    void readsVersion1() {
        assertThat(ends(bytes("PROXY TCP4 1.2.3.4 5.6.7.8 1111 2222\r\n"))).isEqualTo("1.2.3.4 1111 5.6.7.8 2222");
        assertThat(ends(bytes("PROXY TCP4 255.255.255.255 0.0.0.0 65535 0\r\n"))).isEqualTo("255.255.255.255 65535 0.0.0.0 0");
        assertThat(ends(bytes("PROXY TCP6 2001:DB8::1 ::1 1 2\r\n"))).isEqualTo("2001:db8::1 1 ::1 2");
        assertThat(ends(bytes("PROXY TCP6 ::ffff:1.2.3.4 ::1 1 2\r\n"))).isEqualTo("::ffff:1.2.3.4 1 ::1 2");
        assertThat(ends(bytes("PROXY UNKNOWN\r\n"))).isEqualTo("its own");
        assertThat(ends(bytes("PROXY UNKNOWN what ever \7 it says\r\n"))).isEqualTo("its own");
        assertThat(ends(bytes("PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n")))
                .startsWith("ffff:");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "PROXY TCP4 300.0.2.7 5.6.7.8 1 2\r\n", "PROXY TCP4 10.1 5.6.7.8 1 2\r\n", "PROXY TCP4 010.0.0.1 5.6.7.8 1 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 70000 2\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 +1 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n", "PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n", "PROXY TCP4 1.2.3.4. 5.6.7.8 1 2\r\n",
        "PROXY TCP4 ::1 ::1 1 2\r\n", "PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n", "PROXY TCP6 1:2:3 ::1 1 2\r\n", "PROXY TCP6 fe80::1%lo ::1 1 2\r\n",
        "PROXY TCP6 ::ffff:010.0.0.1 ::1 1 2\r\n", "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n", "PROXY \r\n",
        "PROXY TCP4 1.2.3.4 5.6.7.8 \u0661 2\r\n",
        "PROXY UNKNOWN 123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456\r\n"})
    void refusesOtherAddressesThanTheyLook(String header) {
        assertThat(refused(bytes(header))).isEqualTo(HandshakeEnd.PROXY_INVALID);
    }

    @Test
    void tellsWhatIsNoHeaderFromTheFirstByteThatDiffers() {
        assertThat(ProxyHeaderParser.parse(bytes("G"), 1)).isEqualTo(new ProxyHeaderParser.Bad(HandshakeEnd.PROXY_OTHER));
        assertThat(ProxyHeaderParser.parse(bytes("PROXz"), 5)).isEqualTo(new ProxyHeaderParser.Bad(HandshakeEnd.PROXY_OTHER));
        assertThat(ProxyHeaderParser.parse(bytes("\r\n\r\nx"), 5)).isEqualTo(new ProxyHeaderParser.Bad(HandshakeEnd.PROXY_OTHER));
    }

    @Test
    void readsWhatTheWriterWrites() {
        assertThat(ends(ProxyHeaders.version2(A, B, List.of(), false))).isEqualTo("1.2.3.4 1111 5.6.7.8 2222");
        assertThat(ends(ProxyHeaders.version2(A, B, List.of(new Field(5, new byte[300])), true))).isEqualTo("1.2.3.4 1111 5.6.7.8 2222");
        End six = new End(new byte[] {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 9);
        assertThat(ends(ProxyHeaders.version2(six, B, List.of(), true))).isEqualTo("2001:db8::1 9 ::ffff:5.6.7.8 2222");
        assertThat(ends(ProxyHeaders.version2(A, End.NONE, List.of(), true))).isEqualTo("its own");
    }

    @Test
    void keepsTheFields() {
        byte[] header = ProxyHeaders.version2(A, B, List.of(new Field(2, bytes("mail")), new Field(0xe1, bytes("x"))), true);
        ReceivedProxy told = ((ProxyHeaderParser.Header) parse(header)).told();

        int at = told.find(2);
        assertThat(new String(told.fields(), ReceivedProxy.valueOf(at), told.length(at), StandardCharsets.US_ASCII)).isEqualTo("mail");
        assertThat(told.length(told.find(0xe1))).isEqualTo(1);
        assertThat(told.find(5)).isEqualTo(ReceivedProxy.ABSENT);
    }

    private static byte[] version2(int command, int family, int length, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ProxyHeaders.signature());
        out.write(command);
        out.write(family);
        out.write(length >> 8);
        out.write(length);
        out.writeBytes(body);
        return out.toByteArray();
    }

    @Test
    void takesWhatTheProtocolAllowsWithoutAddresses() {
        assertThat(ends(version2(0x20, 0x00, 0, new byte[0]))).isEqualTo("its own");
        assertThat(ends(version2(0x20, 0x11, 12, new byte[12]))).isEqualTo("its own");
        assertThat(ends(version2(0x21, 0x00, 4, new byte[4]))).isEqualTo("its own");
        assertThat(ends(version2(0x21, 0x31, 216, new byte[216]))).isEqualTo("unix 0 unix 0");
    }

    @Test
    void refusesMalformedVersion2() {
        byte[] field = new byte[12 + 3];
        field[12] = 5;
        field[14] = 9;
        assertThat(List.of(version2(0x11, 0x11, 12, new byte[12]), version2(0x22, 0x11, 12, new byte[12]),
                version2(0x21, 0x12, 12, new byte[12]), version2(0x21, 0x41, 12, new byte[12]), version2(0x21, 0x11, 8, new byte[8]),
                version2(0x21, 0x21, 12, new byte[12]), version2(0x21, 0x11, 15, field), version2(0x21, 0x11, 13, new byte[13]),
                version2(0x21, 0x11, 60000, new byte[0])))
                .allSatisfy(header -> assertThat(refused(header)).isEqualTo(HandshakeEnd.PROXY_INVALID));
    }

    @Test
    void refusesEveryHeaderWithOneBitOfItWrongThatHasAChecksum() {
        byte[] right = ProxyHeaders.version2(A, B, List.of(new Field(5, bytes("id"))), true);
        // The addresses and what follows; before them every bit has a meaning of its own.
        for (int bit = 16 * 8; bit < right.length * 8; bit++) {
            byte[] wrong = right.clone();
            wrong[bit / 8] ^= (byte) (1 << bit % 8);
            ProxyHeaderParser.Result result = ProxyHeaderParser.parse(wrong, wrong.length);
            // A bit of the checksum's own type makes it another field.
            boolean hidden = bit / 8 == 28;
            assertThat(result instanceof ProxyHeaderParser.Bad || hidden).as("bit %d", bit).isTrue();
        }
    }
}
