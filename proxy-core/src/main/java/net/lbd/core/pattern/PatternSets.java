package net.lbd.core.pattern;

import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.lbd.config.model.AclSpec;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.SampleType;
import net.lbd.core.sample.ByteRegex;
import net.lbd.core.sample.ConfiguredText;
import net.lbd.core.sample.Sample;
import net.lbd.core.stream.Stream;

/** Compiles the patterns of ACLs: one row for each match method. Stateless. */
public final class PatternSets {

    private static final Map<MatchMethod, Function<AclSpec.Test, PatternSet>> ROWS = new EnumMap<>(Map.ofEntries(
            Map.entry(MatchMethod.FOUND, test -> new Found()),
            Map.entry(MatchMethod.BOOL, test -> new Truth(test.patterns().stream()
                    .anyMatch(p -> p instanceof PatternSpec.Bool bool && !bool.value())
                    && test.patterns().stream().noneMatch(p -> p instanceof PatternSpec.Bool bool && bool.value()))),
            Map.entry(MatchMethod.INT, test -> new NumberRanges(SampleType.INTEGER, ranges(test))),
            Map.entry(MatchMethod.LEN, test -> new LengthRanges(new NumberRanges(SampleType.INTEGER, ranges(test)))),
            Map.entry(MatchMethod.IP, test -> new Networks(test.patterns())),
            Map.entry(MatchMethod.BIN, test -> new ExactPatterns(SampleType.BINARY, hex(test), false)),
            Map.entry(MatchMethod.STR, test ->
                    new ExactPatterns(SampleType.STRING, texts(test), test.ignoreCase())),
            Map.entry(MatchMethod.BEG, test -> new PlacedPatterns.Beginnings(texts(test), test.ignoreCase())),
            Map.entry(MatchMethod.END, test -> new PlacedPatterns.Endings(texts(test), test.ignoreCase())),
            Map.entry(MatchMethod.SUB, test -> new PlacedPatterns.Substrings(texts(test), test.ignoreCase())),
            Map.entry(MatchMethod.DIR, test -> new DelimitedPatterns(texts(test), "/?", test.ignoreCase())),
            Map.entry(MatchMethod.DOM, test -> new DelimitedPatterns(texts(test), "/?.:", test.ignoreCase())),
            Map.entry(MatchMethod.REG, PatternSets::regexes)));

    static final String DIR_DELIMITERS = "/?";
    static final String DOM_DELIMITERS = "/?.:";

    private PatternSets() { }

    /** Compiles one {@code acl} line; what stands in its files may change while the proxy runs. */
    public static PatternSet compile(AclSpec.Test test, Maps files) {
        if (test.files().isEmpty()) {
            return compile(test);
        }
        List<PatternSet> all = new java.util.ArrayList<>();
        test.files().forEach(file -> all.add(files.acl(test, file)));
        List<PatternSpec> inline = test.inlinePatterns();
        if (!inline.isEmpty()) {
            all.add(compile(test.with(inline)));
        }
        return all.size() == 1 ? all.get(0) : new Several(all.toArray(PatternSet[]::new));
    }

    /** Patterns of several files, or of files and a line. */
    private record Several(PatternSet[] sets) implements PatternSet {
        @Override
        public SampleType wants() {
            return sets[0].wants();
        }

        @Override
        public boolean matches(Stream stream, Sample sample) {
            for (PatternSet set : sets) {
                if (set.matches(stream, sample)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Compiles one {@code acl} line. */
    public static PatternSet compile(AclSpec.Test test) {
        return ROWS.get(test.method()).apply(test);
    }

    private static byte[][] texts(AclSpec.Test test) {
        return test.patterns().stream()
                .map(p -> ConfiguredText.bytes(((PatternSpec.Text) p).text()))
                .toArray(byte[][]::new);
    }

    private static byte[][] hex(AclSpec.Test test) {
        return test.patterns().stream()
                .map(p -> HexFormat.of().parseHex(((PatternSpec.Hex) p).digits()))
                .toArray(byte[][]::new);
    }

    private static List<PatternSpec.Range> ranges(AclSpec.Test test) {
        return test.patterns().stream().map(PatternSpec.Range.class::cast).toList();
    }

    private static PatternSet regexes(AclSpec.Test test) {
        ByteRegex[] regexes = test.patterns().stream()
                .map(p -> ByteRegex.compile(((PatternSpec.Regex) p).text(), test.ignoreCase()))
                .toArray(ByteRegex[]::new);
        return new Regexes(regexes);
    }

    /** {@code -m found}: there is a value, whatever it is. */
    private record Found() implements PatternSet {
        @Override
        public SampleType wants() {
            return SampleType.ANY;
        }

        @Override
        public boolean matches(Stream stream, Sample sample) {
            return true;
        }
    }

    /** {@code -m bool}; {@code inverted} if the only pattern is false. */
    private record Truth(boolean inverted) implements PatternSet {
        @Override
        public SampleType wants() {
            return SampleType.BOOLEAN;
        }

        @Override
        public boolean matches(Stream stream, Sample sample) {
            return sample.isTrue() != inverted;
        }
    }

    /** {@code -m len}. */
    private record LengthRanges(NumberRanges ranges) implements PatternSet {
        @Override
        public SampleType wants() {
            return SampleType.STRING;
        }

        @Override
        public boolean matches(Stream stream, Sample sample) {
            return ranges.contains(sample.length());
        }
    }

    /** {@code -m reg}. */
    private record Regexes(ByteRegex[] regexes) implements PatternSet {
        @Override
        public SampleType wants() {
            return SampleType.STRING;
        }

        @Override
        public boolean matches(Stream stream, Sample sample) {
            for (ByteRegex regex : regexes) {
                if (regex.find(stream.worker(), sample.bytes(), sample.offset(), sample.length())) {
                    return true;
                }
            }
            return false;
        }
    }
}
