package net.lbd.core.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestCheckTest {

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', value = {
        "GET / HTTP/1.1; Host: a; NONE",
        "GET / HTTP/1.1; ~~; MISSING_HOST",
        "GET / HTTP/1.0; ~~; NONE",
        "GET http://a/ HTTP/1.1; ~~; MISSING_HOST",
        "GET http://a/ HTTP/1.0; ~~; NONE",
        "GET / HTTP/1.1; Host:; NONE",
        "GET / HTTP/1.1; Host: a|Host: a; DUPLICATE_HOST",
        "GET / HTTP/1.1; Host: a|hOST: b; DUPLICATE_HOST",
        "GET / HTTP/1.0; Host: a|Host: a; DUPLICATE_HOST",
        "GET / HTTP/1.1; Host: a b; BAD_HOST",
        "GET / HTTP/1.0; Host: a b; BAD_HOST",
        "GET http://a/ HTTP/1.1; Host: a; NONE",
        "GET http://A.b:80/ HTTP/1.1; Host: a.B:80; NONE",
        "GET http://a?b HTTP/1.1; Host: a; NONE",
        "GET http://a/ HTTP/1.1; Host: b; HOST_MISMATCH",
        "GET http://a/ HTTP/1.0; Host: b; HOST_MISMATCH",
        "GET http://a/ HTTP/1.1; Host:; HOST_MISMATCH",
        "GET http://a/ HTTP/1.1; Host: aa; HOST_MISMATCH",
        "GET http://a:80/ HTTP/1.1; Host: a:81; HOST_MISMATCH",
        "CONNECT a:443 HTTP/1.1; Host: a:443; NONE",
        "CONNECT a:443 HTTP/1.1; Host: b:443; HOST_MISMATCH",
        "OPTIONS * HTTP/1.1; Host: a; NONE",
        "OPTIONS * HTTP/1.1; ~~; MISSING_HOST",
    })
    void judgesHostAndTarget(String line, String headers, Defect expected) {
        String lines = headers.isEmpty() ? "" : headers.replace("|", "\r\n") + "\r\n";
        assertThat(RequestCheck.host(Heads.goodRequest(line + "\r\n" + lines + "\r\n"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "A.b-c_d~e", "a.", "a:", "a:0", "a:80", "a:65535", "a:00080", "1.2.3.4:5", "[::1]", "[::1]:8", "[::1]:",
        "[fe80::1%25e0]", "[::ffff:1.2.3.4]", "a%20b", "a!$&'()*+,;=b", "xn--e1afmkfd"})
    void acceptsHosts(String host) {
        byte[] bytes = Ascii.bytes("<" + host + ">");
        assertThat(HostSyntax.isHost(bytes, 1, host.length())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {":", ":80", "a:b", "a:+80", "a:-1", "a:65536", "a:000080", "a:99999", "a:8 0", "a::80", "a:80:80", "a b", "a/b", "a@b",
        "u:p@a", "a#b", "a?b", "a\\b", "\"a\"", "a\"", "<a>", "a{b}", "a|b", "a^b", "a`b", "a\0", "a\tb", "a\177", "a\u00e9", "\u0080",
        "[", "[]", "[::1", "[::1]x", "[::1]]", "[::1]:x", "[::1]:65536", "[g::1]", "a[::1]", "]", "[:", "[:]", "a%", "a%2", "a%zz", "%", "a%2g"})
    void refusesWhatIsNoHost(String host) {
        byte[] bytes = Ascii.bytes("<" + host + ">");
        assertThat(HostSyntax.isHost(bytes, 1, host.length())).isFalse();
    }

    @Test
    void anAuthorityNeedsItsPort() {
        for (String good : new String[] {"a:1", "[::1]:443"}) {
            assertThat(HostSyntax.isHostAndPort(Ascii.bytes(good), 0, good.length())).as(good).isTrue();
        }
        for (String bad : new String[] {"a", "a:", "[::1]", ":1", "a:x", "[::1]:", "a:65536"}) {
            assertThat(HostSyntax.isHostAndPort(Ascii.bytes(bad), 0, bad.length())).as(bad).isFalse();
        }
    }
}
