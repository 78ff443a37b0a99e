package net.lbd.core.pattern;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
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
import net.lbd.core.sample.Casts;
import net.lbd.core.sample.Sample;
import net.lbd.core.stream.Stream;

/**
 * A map file as one kind of converter looks keys up in it. Of several keys that match, the longest counts for {@code
 * beg}, the smallest network for {@code ip}, else the first of the file. Thread-safe: looking up takes no lock; a change
 * is seen by the next look-up. Source: HAProxy manual, "map".
 */
public final class MapTable {

    private final MatchMethod method;
    /** Of {@code str}: found by their text. */
    private final Map<String, Entry> exact = new ConcurrentHashMap<>();
    /** Of the others: tried one by one; replaced whole. */
    private volatile Entry[] ordered = {};

    /** A key and its value; {@code rank} says which of several counts. */
    private record Entry(String key, PatternSet pattern, int rank, byte[] value) { }

    public MapTable(MatchMethod method, List<SampleSpec.Argument.MapEntry> entries) {
        this.method = Objects.requireNonNull(method, "method");
        List<Entry> all = new ArrayList<>();
        for (SampleSpec.Argument.MapEntry line : entries) {
            Entry entry = entry(line.key(), line.pattern(), line.value().getBytes(StandardCharsets.UTF_8));
            if (method == MatchMethod.STR) {
                exact.putIfAbsent(entry.key, entry);
            } else {
                all.add(entry);
            }
        }
        ordered = all.toArray(Entry[]::new);
    }

    private Entry entry(String key, PatternSpec pattern, byte[] value) {
        SampleSpec none = new SampleSpec(SourceLocation.BUILT_IN, "", new SampleSpec.Fetch("str", List.of(), SampleType.STRING),
                List.of(), SampleType.STRING);
        PatternSet compiled = PatternSets.compile(new AclSpec.Test(SourceLocation.BUILT_IN, none, method, false, List.of(pattern)));
        int rank = pattern instanceof PatternSpec.Network network ? network.prefixLength()
                : method == MatchMethod.BEG ? key.length() : 0;
        return new Entry(text(key.getBytes(StandardCharsets.UTF_8)), compiled, rank, value);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The value for a key; do not change it. */
    public Optional<byte[]> find(Stream stream, Sample key) {
        if (method == MatchMethod.STR) {
            return Optional.ofNullable(exact.get(new String(key.bytes(), key.offset(), key.length(), StandardCharsets.ISO_8859_1)))
                    .map(Entry::value);
        }
        Entry best = null;
        for (Entry entry : ordered) {
            if ((best == null || entry.rank > best.rank) && Casts.cast(key, entry.pattern.wants()) && entry.pattern.matches(stream, key)) {
                best = entry;
                if (method != MatchMethod.BEG && method != MatchMethod.IP) {
                    break;
                }
            }
        }
        return best == null ? Optional.empty() : Optional.of(best.value);
    }

    /** Sets the value of a key that has exactly this text, or adds it; kinds of keys other than text only change. */
    synchronized void set(byte[] key, byte[] value) {
        String text = text(key);
        if (method == MatchMethod.STR) {
            String utf8 = new String(key, StandardCharsets.UTF_8);
            exact.put(text, entry(utf8, new PatternSpec.Text(utf8), value));
            return;
        }
        Entry[] changed = ordered.clone();
        boolean found = false;
        for (int i = 0; i < changed.length; i++) {
            if (changed[i].key.equals(text)) {
                changed[i] = new Entry(text, changed[i].pattern, changed[i].rank, value);
                found = true;
            }
        }
        if (!found && isText()) {
            String utf8 = new String(key, StandardCharsets.UTF_8);
            changed = java.util.Arrays.copyOf(changed, changed.length + 1);
            changed[changed.length - 1] = entry(utf8, new PatternSpec.Text(utf8), value);
        }
        ordered = changed;
    }

    private boolean isText() {
        return switch (method) {
            case BEG, END, SUB, DIR, DOM -> true;
            default -> false;
        };
    }

    synchronized void delete(byte[] key) {
        String text = text(key);
        exact.remove(text);
        ordered = java.util.Arrays.stream(ordered).filter(entry -> !entry.key.equals(text)).toArray(Entry[]::new);
    }
}
