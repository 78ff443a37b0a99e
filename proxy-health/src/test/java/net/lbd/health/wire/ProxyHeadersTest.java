package net.lbd.health.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import net.lbd.health.wire.ProxyHeaders.End;
import net.lbd.health.wire.ProxyHeaders.Field;
import org.junit.jupiter.api.Test;

/** The bytes that HAProxy 2.6 sent for the same connections. */
class ProxyHeadersTest {

    private static final End A = new End(new byte[] {1, 2, 3, 4}, 1111);
    private static final End B = new End(new byte[] {5, 6, 7, 8}, 2);
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String v1(End source, End destination) {
        return new String(ProxyHeaders.version1(source, destination, address -> address.length == 4 ? "four" : "six"), StandardCharsets.US_ASCII);
    }

    @Test
    void version1() {
        End six = new End(new byte[16], 3);
        assertThat(v1(A, B)).isEqualTo("PROXY TCP4 four four 1111 2\r\n");
        assertThat(v1(A, six)).isEqualTo("PROXY TCP6 six six 1111 3\r\n");
        assertThat(v1(A, End.NONE)).isEqualTo("PROXY UNKNOWN\r\n");
    }

    @Test
    void version2WithChecksumAndTls() {
        byte[] ssl = ProxyHeaders.sslValue(0, 0, List.of());
        assertThat(hex(ProxyHeaders.version2(A, B, List.of(new Field(ProxyHeaders.SSL, ssl)), true)))
                .isEqualTo(SIGNATURE + "2111001b01020304050607080457000203" + "0004" + "7a70b25a" + "2000050000000000");
    }

    @Test
    void version2WithoutAddressesIsLocal() {
        assertThat(hex(ProxyHeaders.version2(End.NONE, B, List.of(), true))).isEqualTo(SIGNATURE + "20000000");
        assertThat(hex(ProxyHeaders.local())).isEqualTo(SIGNATURE + "20000000");
    }
}
