package net.lbd.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KnownHeaderTest {

    private static final Map<String, Integer> ALL = Map.ofEntries(
            Map.entry("Host", KnownHeader.HOST), Map.entry("Content-Length", KnownHeader.CONTENT_LENGTH),
            Map.entry("Transfer-Encoding", KnownHeader.TRANSFER_ENCODING), Map.entry("Connection", KnownHeader.CONNECTION),
            Map.entry("Keep-Alive", KnownHeader.KEEP_ALIVE), Map.entry("Proxy-Connection", KnownHeader.PROXY_CONNECTION),
            Map.entry("Upgrade", KnownHeader.UPGRADE), Map.entry("Expect", KnownHeader.EXPECT),
            Map.entry("Authorization", KnownHeader.AUTHORIZATION),
            Map.entry("Proxy-Authorization", KnownHeader.PROXY_AUTHORIZATION), Map.entry("TE", KnownHeader.TE),
            Map.entry("HTTP2-Settings", KnownHeader.HTTP2_SETTINGS), Map.entry("Max-Forwards", KnownHeader.MAX_FORWARDS),
            Map.entry("WWW-Authenticate", KnownHeader.WWW_AUTHENTICATE),
            Map.entry("Proxy-Authenticate", KnownHeader.PROXY_AUTHENTICATE), Map.entry("Trailer", KnownHeader.TRAILER));

    @Test
    void recognisesEachNameInAnyCaseAndNoOther() {
        ALL.forEach((name, bit) -> {
            assertThat(recognise(name)).as(name).isEqualTo(bit);
            assertThat(recognise(name.toLowerCase(Locale.ROOT))).isEqualTo(bit);
            assertThat(recognise(name.toUpperCase(Locale.ROOT))).isEqualTo(bit);
            assertThat(recognise(name + "x")).isEqualTo(KnownHeader.NONE);
            assertThat(recognise(name.substring(1))).isEqualTo(KnownHeader.NONE);
            for (int i = 0; i < name.length(); i++) {
                // The byte 0x20 apart in ASCII that is no letter's other case, and the high bit.
                assertThat(recognise(name.substring(0, i) + (char) (name.charAt(i) | 0x80) + name.substring(i + 1)))
                        .isEqualTo(KnownHeader.NONE);
            }
        });
        assertThat(recognise("")).isEqualTo(KnownHeader.NONE);
        assertThat(recognise("x".repeat(100))).isEqualTo(KnownHeader.NONE);
        assertThat(recognise("content\rlength")).isEqualTo(KnownHeader.NONE);
        assertThat(ALL.values()).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "Basic YTpi | false", "bAsIc YTpi | false", "Bearer x | false", "Digest username=x | false", "Basic | false",
        "NTLM TlRMTVNTUAAB | true", "Negotiate YII | true", "negotiate | true", "Kerberos x | true", "Basicx y | true",
        "AWS4-HMAC-SHA256 x | true", "'' | true", "Basi | true", "Hawk id=x | true", "Basic,NTLM x | true",
    })
    void bindsTheConnectionUnlessTheSchemeSpeaksForOneRequest(String value, boolean binds) {
        for (String name : new String[] {"Authorization", "proxy-authorization"}) {
            assertThat(ConnectionAuth.binds(Heads.goodRequest("GET / HTTP/1.1\r\n" + name + ": " + value + "\r\n\r\n"))).isEqualTo(binds);
            assertThat(ConnectionAuth.binds(Heads.goodRequest(
                    "GET / HTTP/1.1\r\nAuthorization: Basic a\r\n" + name + ": " + value + "\r\n\r\n"))).isEqualTo(binds);
        }
        assertThat(ConnectionAuth.binds(Heads.goodRequest("GET / HTTP/1.1\r\nX-Authorization: NTLM x\r\n\r\n"))).isFalse();
    }

    private static int recognise(String name) {
        byte[] bytes = Ascii.bytes("__" + name + "__");
        return KnownHeader.recognise(bytes, 2, name.length());
    }
}
