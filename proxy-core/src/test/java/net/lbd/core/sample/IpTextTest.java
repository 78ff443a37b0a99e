package net.lbd.core.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.lbd.core.session.Peer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTextTest {

    private static byte[] parsed(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] out = new byte[16];
        int length = IpText.parse(bytes, 0, bytes.length, out);
        return length < 0 ? new byte[0] : Arrays.copyOf(out, length);
    }

    private static String text(byte[] address) {
        byte[] out = new byte[IpText.MAX_LENGTH];
        return new String(out, 0, IpText.put(out, 0, address, 0, address.length), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({"1.2.3.4, 1.2.3.4", "1.2.3.4:80, 1.2.3.4", "::1, ::1", "[::1]:443, ::1", "2001:DB8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "::ffff:10.0.0.1, ::ffff:a00:1", "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0", "::, ::", "fe80::1, fe80::1",
        "0:0:0:0:0:0:0:1, ::1"})
    void readsAndWritesCanonically(String input, String output) {
        assertThat(text(parsed(input))).isEqualTo(output);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.2.3", "1.2.3.4.5", "300.0.2.7", "10.1", "010.0.0.1", "1.2.3.4x", "1.2.3.4:8x",
        ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "[::1", "g::", "::1.2.3", "fe80::1%eth0",
        "1:2:3:4:5:6:7:1.2.3.4", "mail.example.com"})
    void refusesWhatIsNoAddress(String input) {
        assertThat(parsed(input)).isEmpty();
    }

    /** Against the JDK's reader and the proxy's own form of addresses. */
    @Test
    void agreesWithTheJdkOnRandomAddresses() throws UnknownHostException {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] address = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(address);
            for (int k = 0; k < address.length; k += 2) {
                if (random.nextInt(3) > 0) {
                    address[k] = 0;
                    address[k + 1] = 0;
                }
            }
            InetAddress jdk = InetAddress.getByAddress(address);
            if (jdk.getAddress().length != address.length) {
                continue;
            }
            String text = text(address);
            assertThat(parsed(text)).isEqualTo(address);
            assertThat(text).isEqualTo(new String(Peer.of(new InetSocketAddress(jdk, 1)).text(),
                    StandardCharsets.ISO_8859_1));
        }
    }
}
