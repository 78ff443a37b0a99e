package net.lbd.core.pattern;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import net.lbd.config.model.AclSpec;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.SampleType;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.pattern.PatternReference.Entry;
import net.lbd.core.sample.Casts;
import net.lbd.core.sample.ConfiguredText;
import net.lbd.core.sample.Sample;
import net.lbd.core.stream.Stream;

/**
 * A map file as one kind of converter looks keys up in it. Of several keys that match, the longest counts for {@code
 * beg}, the smallest network for {@code ip}, else the first of the file. Thread-safe: looking up takes no lock; a change
 * is seen by the next look-up. Source: HAProxy manual, "map".
 */
public final class MapTable implements PatternReference.View {

    private final MatchMethod method;
    private final SampleType output;
    /** Of {@code str}: found by their text, one character for each byte. */
    private final Map<String, Found> exact = new ConcurrentHashMap<>();
    /** Of the others; replaced whole. */
    private volatile Index index = new Index(MatchMethod.STR, List.of());

    /** An entry and the bytes of its value. */
    private record Found(Entry entry, byte[] value) {
        Found(Entry entry) {
            this(entry, ConfiguredText.bytes(entry.value()));
        }
    }

    MapTable(MatchMethod method, SampleType output) {
        this.method = Objects.requireNonNull(method, "method");
        this.output = Objects.requireNonNull(output, "output");
    }

    boolean is(MatchMethod otherMethod, SampleType otherOutput) {
        return method == otherMethod && output == otherOutput;
    }

    /** The value for a key; do not change it. */
    public Optional<byte[]> find(Stream stream, Sample key) {
        Found found = lookUp(stream, key);
        return found == null ? Optional.empty() : Optional.of(found.value);
    }

    private Found lookUp(Stream stream, Sample key) {
        if (method == MatchMethod.STR) {
            return exact.get(new String(key.bytes(), key.offset(), key.length(), StandardCharsets.ISO_8859_1));
        }
        return index.find(stream, key);
    }

    @Override
    public String method() {
        return method.keyword();
    }

    @Override
    public boolean ignoresCase() {
        return false;
    }

    @Override
    public void check(String key, String value) {
        if (method == MatchMethod.IP) {
            PatternTexts.network(key);
        } else {
            single(PatternTexts.read(method, key), method);
        }
        if (output == SampleType.INTEGER && !value.matches("-?[0-9]{1,19}")) {
            throw new IllegalArgumentException("'" + value + "' is not a number.");
        }
        if (output == SampleType.ADDRESS) {
            PatternTexts.network(value);
        }
    }

    @Override
    public void changed(Optional<String> key, PatternReference entries) {
        if (method != MatchMethod.STR) {
            index = new Index(method, List.copyOf(entries.all()));
        } else if (key.isPresent()) {
            Optional<Entry> first = entries.first(key.get());
            if (first.isPresent()) {
                exact.put(latin(key.get()), new Found(first.get()));
            } else {
                exact.remove(latin(key.get()));
            }
        } else {
            Map<String, Found> all = new java.util.HashMap<>();
            entries.all().forEach(entry -> all.putIfAbsent(latin(entry.key()), new Found(entry)));
            exact.putAll(all);
            exact.keySet().retainAll(all.keySet());
        }
    }

    private static String latin(String text) {
        return new String(ConfiguredText.bytes(text), StandardCharsets.ISO_8859_1);
    }

    @Override
    public Optional<Entry> match(String text, PatternReference entries) {
        Sample sample = new Sample();
        byte[] bytes = ConfiguredText.bytes(text);
        sample.setView(SampleType.STRING, bytes, 0, bytes.length);
        if (method == MatchMethod.REG || !Casts.cast(sample, wanted(method))) {
            // Regular expressions keep their state in an event loop, where a command is not.
            return entries.first(text);
        }
        return Optional.ofNullable(lookUp(null, sample)).map(Found::entry);
    }

    private static SampleType wanted(MatchMethod method) {
        return switch (method) {
            case IP -> SampleType.ADDRESS;
            case INT -> SampleType.INTEGER;
            default -> SampleType.STRING;
        };
    }

    private static PatternSet single(PatternSpec pattern, MatchMethod method) {
        SampleSpec none = new SampleSpec(SourceLocation.BUILT_IN, "", new SampleSpec.Fetch("str", List.of(), SampleType.STRING),
                List.of(), SampleType.STRING);
        return PatternSets.compile(new AclSpec.Test(SourceLocation.BUILT_IN, none, method, false, List.of(pattern)));
    }

    /** The entries, and how one is found: by hashing where the method allows it, else one by one. Immutable. */
    private static final class Index {
        private final MatchMethod method;
        private final Found[] entries;
        private ByteKeys keys = new ByteKeys(new byte[0][], false);
        private DelimitedPatterns delimited = new DelimitedPatterns(new byte[0][], "", false);
        private NetworkKeys networks = new NetworkKeys(List.of());
        private PatternSet[] singles = {};

        Index(MatchMethod method, List<Entry> all) {
            this.method = method;
            entries = all.stream().map(Found::new).toArray(Found[]::new);
            byte[][] texts = all.stream().map(e -> ConfiguredText.bytes(e.key())).toArray(byte[][]::new);
            switch (method) {
                case STR, BEG, END, SUB -> keys = new ByteKeys(texts, false);
                case DIR -> delimited = new DelimitedPatterns(texts, PatternSets.DIR_DELIMITERS, false);
                case DOM -> delimited = new DelimitedPatterns(texts, PatternSets.DOM_DELIMITERS, false);
                case IP -> networks = new NetworkKeys(all.stream().map(e -> PatternTexts.network(e.key())).toList());
                default -> singles = all.stream().map(e -> single(PatternTexts.read(method, e.key()), method)).toArray(PatternSet[]::new);
            }
        }

        Found find(Stream stream, Sample key) {
            int place = switch (method) {
                case STR -> keys.find(key.bytes(), key.offset(), key.length());
                case BEG -> keys.findBeginning(key.bytes(), key.offset(), key.length());
                case END -> keys.findEnding(key.bytes(), key.offset(), key.length());
                case SUB -> keys.findWithin(key.bytes(), key.offset(), key.length());
                case DIR, DOM -> delimited.find(key);
                case IP -> networks.find(key);
                default -> firstMatch(stream, key);
            };
            return place < 0 ? null : entries[place];
        }

        private int firstMatch(Stream stream, Sample key) {
            for (int i = 0; i < singles.length; i++) {
                if (Casts.cast(key, singles[i].wants()) && singles[i].matches(stream, key)) {
                    return i;
                }
            }
            return -1;
        }
    }
}
