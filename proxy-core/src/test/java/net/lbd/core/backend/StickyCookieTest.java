package net.lbd.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.CookieSpec;
import net.lbd.core.TestBackends;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The values and dates are those that HAProxy 2.6 gave. */
class StickyCookieTest {

    /** awdvM, when HAProxy was asked, was this many milliseconds since 1970. */
    private static final long THEN = 448_912_332L * 4000;

    private static CookieSpec spec(int idle, int life, boolean dynamic) {
        return new CookieSpec("SRV", CookieSpec.Mode.INSERT, true, false, false, false, false, false, List.of(),
                Optional.of(Duration.ofSeconds(idle)).filter(d -> !d.isZero()), Optional.of(Duration.ofSeconds(life)).filter(d -> !d.isZero()),
                dynamic, List.of());
    }

    private static StickyCookie cookie(int idle, int life) {
        return new StickyCookie(spec(idle, life, false), List.of(TestBackends.server("s1", 1, 0, false)), List.of(Optional.of("A")), Optional.empty());
    }

    private static String line(StickyCookie cookie, Server server, int first, int now) {
        return new String(cookie.line(server, first, now), StandardCharsets.ISO_8859_1);
    }

    private static int date(String text) {
        return text.isEmpty() ? StickyCookie.UNDATED : StickyCookie.readDate(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
    }

    @Test
    void datesAreThirtyBitsOfTheTime() {
        assertThat(StickyCookie.date(THEN)).isEqualTo(date("awdvM"));
        assertThat(date("AAAAA")).isEqualTo(StickyCookie.UNDATED);
        assertThat(date("awd-M")).isEqualTo(StickyCookie.UNDATED);
        assertThat(date("awdv")).isEqualTo(StickyCookie.UNDATED);
    }

    /** What became of a cookie with these dates at awdvN: V it counted, U it was renewed, E and O it did not count. */
    @ParameterizedTest
    @CsvSource({
        "60, 3600, awdvM, awdvM, U", "60, 3600, awdvF, awdvF, U", "60, 3600, awduz, awduz, E", "60, 3600, awdvF, awdfk, O",
        "60, 3600, awd9Q, awdvM, V", "60, 3600, awjOw, awdvM, E", "60, 3600, awdvM, awjOw, O", "60, 3600, awdvK, '', U",
        "60, 3600, '', awdvK, U", "60, 0, awdvM, awdvM, U", "60, 0, awduz, awduz, E", "60, 0, awdvF, awdfk, U", "60, 0, awd9Q, awdvM, U",
        "60, 0, awjOw, awdvM, E", "60, 0, awdvK, '', U", "60, 0, '', awdvK, U", "0, 3600, awduz, awduz, U", "0, 3600, awdvF, awdfk, O",
        "0, 3600, awd9Q, awdvM, V", "0, 3600, awjOw, awdvM, V", "0, 3600, awdvM, awjOw, O", "0, 3600, awdvK, '', U",
        "0, 3600, '', awdvK, V", "0, 0, awdvM, '', U", "0, 0, '', '', V"})
    void agesAsHaproxysDoes(int idle, int life, String last, String first, char outcome) {
        StickyCookie cookie = cookie(idle, life);
        int now = date("awdvN");
        char actual = cookie.isIdle(date(last), now) ? 'E' : cookie.isTooOld(date(first), now) ? 'O'
                : cookie.wantsUpdate(date(last), date(first), now) ? 'U' : 'V';
        assertThat(actual).isEqualTo(outcome);
    }

    @Test
    void tellsWhatItIsAskedToTell() {
        Server server = TestBackends.server("s1", 1, 0, false);
        for (String[] c : new String[][] {{"60", "3600", "SRV=A|awdvN|awdvF; path=/"}, {"60", "0", "SRV=A|awdvN; path=/"},
            {"0", "3600", "SRV=A|awdvN|awdvF; path=/"}, {"0", "0", "SRV=A; path=/"}}) {
            StickyCookie cookie = new StickyCookie(spec(Integer.parseInt(c[0]), Integer.parseInt(c[1]), false), List.of(server),
                    List.of(Optional.of("A")), Optional.empty());
            assertThat(line(cookie, server, date("awdvF"), date("awdvN"))).isEqualTo(c[2]);
        }
    }

    @Test
    void dynamicValuesAreThoseOfHaproxy() {
        Server server = TestBackends.server("s1", new Server.Target(
                Optional.of(new InetSocketAddress("127.0.0.1", 24110)), false, 0, Map.of()));
        Server other = TestBackends.server("s2", new Server.Target(
                Optional.of(new InetSocketAddress("127.0.0.1", 24112)), false, 0, Map.of()));
        StickyCookie cookie = new StickyCookie(spec(0, 0, true), List.of(server, other),
                List.of(Optional.empty(), Optional.empty()), Optional.of("k1"));
        assertThat(new String(cookie.value(server), StandardCharsets.ISO_8859_1)).isEqualTo("ca9a9001646c5949");
        assertThat(new String(cookie.value(other), StandardCharsets.ISO_8859_1)).isEqualTo("b705613ec77f0a93");
        byte[] asked = "b705613ec77f0a93".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(cookie.find(asked, 0, asked.length)).isSameAs(other);
        assertThat(cookie.find(asked, 0, 0)).isSameAs(Server.NONE);
    }
}
