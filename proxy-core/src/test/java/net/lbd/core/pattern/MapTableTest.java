package net.lbd.core.pattern;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.SampleSpec.Argument.MapEntry;
import net.lbd.config.model.SampleSpec.Argument.MapFile;
import net.lbd.config.model.SampleType;
import net.lbd.core.pattern.PatternReference.Kind;
import net.lbd.core.sample.Casts;
import net.lbd.core.sample.Sample;
import org.junit.jupiter.api.Test;

class MapTableTest {

    private final Maps maps = new Maps();

    private MapTable table(MatchMethod method, String... lines) {
        List<MapEntry> entries = new ArrayList<>();
        for (String line : lines) {
            String key = line.substring(0, line.indexOf(' '));
            entries.add(new MapEntry(PatternTexts.read(method, key), key, line.substring(line.indexOf(' ') + 1)));
        }
        return maps.table(new MapFile("file", entries), method, SampleType.STRING);
    }

    private static String find(MapTable table, MatchMethod method, String text) {
        Sample sample = new Sample();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        sample.setView(SampleType.STRING, bytes, 0, bytes.length);
        if (method == MatchMethod.IP) {
            assertThat(Casts.cast(sample, SampleType.ADDRESS)).isTrue();
        }
        return table.find(null, sample).map(b -> new String(b, StandardCharsets.UTF_8)).orElse("-");
    }

    private String find(MatchMethod method, String text, String... lines) {
        return find(table(method, lines), method, text);
    }

    @Test
    void theLongestBeginningCounts() {
        assertThat(find(MatchMethod.BEG, "/owa/auth/x", "/ root", "/owa/ owa", "/owa/auth auth", "/owa/auth/xyz no")).isEqualTo("auth");
    }

    @Test
    void ofOthersTheFirstOfTheFileCounts() {
        assertThat(find(MatchMethod.END, "a.b.example", "example 1", ".example 2", "b.example 3")).isEqualTo("1");
        assertThat(new MapTableTest().find(MatchMethod.SUB, "xxabcxx", "abc 1", "b 2", "xx 3")).isEqualTo("1");
        assertThat(new MapTableTest().find(MatchMethod.DOM, "www.a.example:443", "b.example 1", "a.example 2", "example 3")).isEqualTo("2");
        assertThat(new MapTableTest().find(MatchMethod.DIR, "/a/b/c?d", "d 1", "b 2", "b/c 3")).isEqualTo("1");
        assertThat(new MapTableTest().find(MatchMethod.STR, "a", "a 1", "a 2")).isEqualTo("1");
    }

    @Test
    void theSmallestNetworkCountsAndFamiliesMeet() {
        String[] lines = {"0.0.0.0/0 all", "10.0.0.0/8 big", "10.1.0.0/16 small", "10.1.2.3 one", "2001:db8::/32 six", "::ffff:192.0.2.0/120 mapped"};
        MapTable table = table(MatchMethod.IP, lines);
        assertThat(find(table, MatchMethod.IP, "10.1.2.3")).isEqualTo("one");
        assertThat(find(table, MatchMethod.IP, "10.1.2.4")).isEqualTo("small");
        assertThat(find(table, MatchMethod.IP, "10.9.2.4")).isEqualTo("big");
        assertThat(find(table, MatchMethod.IP, "11.9.2.4")).isEqualTo("all");
        assertThat(find(table, MatchMethod.IP, "2001:db8:1::1")).isEqualTo("six");
        assertThat(find(table, MatchMethod.IP, "2001:db9:1::1")).isEqualTo("-");
        assertThat(find(table, MatchMethod.IP, "::ffff:10.1.2.3")).isEqualTo("one");
        assertThat(find(table, MatchMethod.IP, "2002:0a01:0203::")).isEqualTo("one");
        assertThat(new MapTableTest().find(MatchMethod.IP, "192.0.2.7", "::ffff:192.0.2.0/120 mapped")).isEqualTo("mapped");
    }

    @Test
    void changesAreSeenByEveryUseOfTheFile() {
        MapTable exact = table(MatchMethod.STR, "a 1");
        MapTable beginning = table(MatchMethod.BEG, "a 1");
        PatternReference reference = maps.find(Kind.MAP, "file").orElseThrow();

        maps.set("file", "b".getBytes(StandardCharsets.UTF_8), "2".getBytes(StandardCharsets.UTF_8));
        assertThat(find(exact, MatchMethod.STR, "b")).isEqualTo("2");
        assertThat(find(beginning, MatchMethod.BEG, "bcd")).isEqualTo("2");

        maps.delete("file", "a".getBytes(StandardCharsets.UTF_8));
        assertThat(find(exact, MatchMethod.STR, "a")).isEqualTo("-");
        assertThat(find(beginning, MatchMethod.BEG, "abc")).isEqualTo("-");

        long version = reference.prepare();
        reference.addAll(Optional.of(version), List.of(Map.entry("x", "9")));
        assertThat(find(exact, MatchMethod.STR, "x")).isEqualTo("-");
        assertThat(reference.commit(version)).isTrue();
        assertThat(find(exact, MatchMethod.STR, "x")).isEqualTo("9");
        assertThat(find(exact, MatchMethod.STR, "b")).isEqualTo("-");
        assertThat(find(beginning, MatchMethod.BEG, "xyz")).isEqualTo("9");
    }

    /** 10,000 networks and names: a look-up does not walk over them. */
    @Test
    void largeMapsAreFoundByHashing() {
        String[] networks = new String[10_000];
        String[] names = new String[10_000];
        for (int i = 0; i < networks.length; i++) {
            networks[i] = "10." + (i >> 8) + "." + (i & 255) + ".0/24 n" + i;
            names[i] = "host" + i + ".example v" + i;
        }
        MapTable ip = table(MatchMethod.IP, networks);
        MapTable dom = new MapTableTest().table(MatchMethod.DOM, names);
        long begun = System.nanoTime();
        for (int i = 0; i < networks.length; i++) {
            assertThat(find(ip, MatchMethod.IP, "10." + (i >> 8) + "." + (i & 255) + ".7")).isEqualTo("n" + i);
            assertThat(find(dom, MatchMethod.DOM, "www.host" + i + ".example:443")).isEqualTo("v" + i);
        }
        // One by one, 20,000 look-ups in 10,000 entries took minutes.
        assertThat(System.nanoTime() - begun).isLessThan(20_000_000_000L);
    }
}
