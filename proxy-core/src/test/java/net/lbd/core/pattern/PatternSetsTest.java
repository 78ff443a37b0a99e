package net.lbd.core.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.lbd.config.model.AddressRange;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.SampleType;
import net.lbd.core.TestProxy;
import net.lbd.core.sample.Sample;
import net.lbd.core.stream.Stream;
import org.junit.jupiter.api.Test;

class PatternSetsTest {

    private final Stream stream = TestProxy.http().stream();
    private final Sample sample = new Sample();

    private boolean matches(PatternSet set, String text) {
        byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.ISO_8859_1);
        sample.setView(SampleType.STRING, bytes, 1, bytes.length - 2);
        return set.matches(stream, sample);
    }

    private static byte[][] bytes(List<String> texts) {
        return texts.stream().map(t -> t.getBytes(StandardCharsets.ISO_8859_1)).toArray(byte[][]::new);
    }

    @Test
    void exactPatternsAreFoundAmongThousands() {
        List<String> patterns = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            patterns.add("Host" + i * 7 + ".example");
        }
        PatternSet exact = new ExactPatterns(SampleType.STRING, bytes(patterns), false);
        PatternSet anyCase = new ExactPatterns(SampleType.STRING, bytes(patterns), true);
        for (int i = 0; i < 35_000; i++) {
            boolean there = i % 7 == 0;
            assertThat(matches(exact, "Host" + i + ".example")).isEqualTo(there);
            assertThat(matches(anyCase, "hOsT" + i + ".EXAMPLE")).isEqualTo(there);
            assertThat(matches(exact, "host" + i + ".example")).isFalse();
        }
    }

    @Test
    void placesOfStrings() {
        assertThat(matches(new PlacedPatterns.Beginnings(bytes(List.of("/owa/", "")), false), "")).isTrue();
        assertThat(matches(new PlacedPatterns.Beginnings(bytes(List.of("/owa/")), true), "/OWA/x")).isTrue();
        assertThat(matches(new PlacedPatterns.Beginnings(bytes(List.of("/owa/")), true), "/owa")).isFalse();
        assertThat(matches(new PlacedPatterns.Endings(bytes(List.of(".HTM")), true), "x.htm")).isTrue();
        assertThat(matches(new PlacedPatterns.Endings(bytes(List.of(".htm")), false), "htm")).isFalse();
        assertThat(matches(new PlacedPatterns.Substrings(bytes(List.of("b")), false), "abc")).isTrue();
        assertThat(matches(new PlacedPatterns.Substrings(bytes(List.of(">")), false), "abc")).isFalse();
    }

    @Test
    void rangesThatCommandsBringAreChecked() {
        assertThat(PatternTexts.read(MatchMethod.IP, "10.0.0.5-10.0.0.9")).isInstanceOf(PatternSpec.Span.class);
        for (String wrong : List.of("10.0.0.9-10.0.0.5", "10.0.0.5-::9", "10.0.0.5-", "-10.0.0.5", "10.0.0.0/8-10.0.0.5", "a-b")) {
            assertThatThrownBy(() -> PatternTexts.read(MatchMethod.IP, wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Against the obvious way, with networks that hold one another. */
    @Test
    void networksAgreeWithAPlainModel() throws UnknownHostException {
        Random random = new Random(99);
        for (int round = 0; round < 200; round++) {
            List<PatternSpec> patterns = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(12); i++) {
                boolean v4 = random.nextBoolean();
                byte[] address = narrow(random, v4 ? 4 : 16);
                if (random.nextInt(3) == 0) {
                    byte[] other = narrow(random, v4 ? 4 : 16);
                    boolean inOrder = Arrays.compareUnsigned(address, other) <= 0;
                    patterns.add(new PatternSpec.Span(new AddressRange(InetAddress.getByAddress(inOrder ? address : other),
                            InetAddress.getByAddress(inOrder ? other : address))));
                } else {
                    patterns.add(new PatternSpec.Network(InetAddress.getByAddress(address), random.nextInt(v4 ? 33 : 129)));
                }
            }
            PatternSet networks = new Networks(patterns);
            for (int i = 0; i < 200; i++) {
                byte[] address = narrow(random, random.nextBoolean() ? 4 : 16);
                sample.setView(SampleType.ADDRESS, address, 0, address.length);
                boolean expected = patterns.stream().anyMatch(pattern -> pattern instanceof PatternSpec.Span span ? inRange(address, span.range())
                        : inNetwork(address, (PatternSpec.Network) pattern));
                assertThat(networks.matches(stream, sample)).isEqualTo(expected);
            }
        }
    }

    /** Addresses that often share their beginnings; never a mapped one, which the JDK turns into IPv4. */
    private static byte[] narrow(Random random, int length) {
        byte[] address = new byte[length];
        address[0] = (byte) (length == 4 ? 10 : 0x2a);
        for (int i = 1; i < length; i++) {
            address[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(4) : 0);
        }
        return address;
    }

    private static byte[] as(byte[] address, int length) {
        if (address.length == 16 || length == 4) {
            return address;
        }
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = -1;
        System.arraycopy(address, 0, mapped, 12, 4);
        return mapped;
    }

    private static boolean inRange(byte[] address, AddressRange range) {
        byte[] first = range.first().getAddress();
        byte[] tested = as(address, first.length);
        return tested.length == first.length && Arrays.compareUnsigned(first, tested) <= 0
                && Arrays.compareUnsigned(tested, range.last().getAddress()) <= 0;
    }

    private static boolean inNetwork(byte[] address, PatternSpec.Network network) {
        byte[] base = network.address().getAddress();
        byte[] tested = as(address, base.length);
        if (tested.length != base.length) {
            return false;
        }
        for (int bit = 0; bit < network.prefixLength(); bit++) {
            if (((tested[bit / 8] ^ base[bit / 8]) >> 7 - bit % 8 & 1) != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void rangesOfNumbersJoin() {
        NumberRanges ranges = new NumberRanges(SampleType.INTEGER, List.of(new PatternSpec.Range(10, 20),
                new PatternSpec.Range(15, 30), new PatternSpec.Range(Long.MIN_VALUE, -5), new PatternSpec.Range(40, 40)));
        for (int i = -10; i < 50; i++) {
            assertThat(ranges.contains(i)).isEqualTo(i <= -5 || i >= 10 && i <= 30 || i == 40);
        }
    }

    /** Many patterns are found by hashing; the obvious way tells what must come of it. */
    @Test
    void manyPatternsMatchAsFewDo() {
        Random random = new Random(5);
        String letters = "ab./?:B";
        for (int round = 0; round < 60; round++) {
            List<String> patterns = new ArrayList<>();
            for (int i = 0; i < 9 + random.nextInt(30); i++) {
                patterns.add(text(random, letters, random.nextInt(5)));
            }
            boolean anyCase = random.nextBoolean();
            for (int i = 0; i < 60; i++) {
                String text = text(random, letters, random.nextInt(9));
                assertThat(matches(new PlacedPatterns.Beginnings(bytes(patterns), anyCase), text))
                        .isEqualTo(patterns.stream().anyMatch(p -> matches(new PlacedPatterns.Beginnings(bytes(List.of(p)), anyCase), text)));
                assertThat(matches(new PlacedPatterns.Endings(bytes(patterns), anyCase), text))
                        .isEqualTo(patterns.stream().anyMatch(p -> matches(new PlacedPatterns.Endings(bytes(List.of(p)), anyCase), text)));
                assertThat(matches(new PlacedPatterns.Substrings(bytes(patterns), anyCase), text))
                        .isEqualTo(patterns.stream().anyMatch(p -> matches(new PlacedPatterns.Substrings(bytes(List.of(p)), anyCase), text)));
                for (String delimiters : List.of("/?", "/?.:")) {
                    assertThat(matches(new DelimitedPatterns(bytes(patterns), delimiters, anyCase), text)).as("%s in %s", patterns, text)
                            .isEqualTo(patterns.stream().anyMatch(p -> matches(new DelimitedPatterns(bytes(List.of(p)), delimiters, anyCase), text)));
                }
            }
        }
    }

    private static String text(Random random, String letters, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
