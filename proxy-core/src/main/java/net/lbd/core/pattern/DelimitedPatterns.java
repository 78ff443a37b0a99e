package net.lbd.core.pattern;

import java.util.Arrays;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.sample.Sample;
import net.lbd.core.stream.Stream;

/**
 * {@code -m dir} and {@code -m dom}: the pattern stands between delimiters or ends of the text.
 * Delimiters around the pattern itself do not count; one that is nothing else matches nothing. Immutable.
 */
final class DelimitedPatterns implements PatternSet {

    private final boolean[] delimiter = new boolean[256];
    /** So many are tried one by one; of more, the parts of the text are looked up. */
    private static final int FEW = 8;

    private final byte[][] patterns;
    private final ByteKeys keys;
    private final boolean ignoreCase;

    DelimitedPatterns(byte[][] patterns, String delimiters, boolean ignoreCase) {
        for (byte b : Ascii.bytes(delimiters)) {
            delimiter[b] = true;
        }
        byte[][] all = Arrays.stream(patterns).map(this::stripped).map(p -> ignoreCase ? ByteKeys.lower(p) : p).toArray(byte[][]::new);
        this.patterns = Arrays.stream(all).filter(p -> p.length > 0).toArray(byte[][]::new);
        this.ignoreCase = ignoreCase;
        this.keys = new ByteKeys(all, ignoreCase);
    }

    private byte[] stripped(byte[] pattern) {
        int from = 0;
        int to = pattern.length;
        while (from < to && delimiter[pattern[from] & 0xff]) {
            from++;
        }
        while (to > from && delimiter[pattern[to - 1] & 0xff]) {
            to--;
        }
        return Arrays.copyOfRange(pattern, from, to);
    }

    @Override
    public SampleType wants() {
        return SampleType.STRING;
    }

    @Override
    public boolean matches(Stream stream, Sample sample) {
        if (patterns.length > FEW) {
            return find(sample) >= 0;
        }
        for (byte[] pattern : patterns) {
            if (contains(sample.bytes(), sample.offset(), sample.offset() + sample.length(), pattern)) {
                return true;
            }
        }
        return false;
    }

    /** The lowest place, among all that were given, of a pattern that matches; -1: none. */
    int find(Sample sample) {
        return keys.findDelimited(sample.bytes(), sample.offset(), sample.length(), delimiter);
    }

    private boolean contains(byte[] bytes, int start, int end, byte[] pattern) {
        boolean mayStart = true;
        for (int at = start; at + pattern.length <= end; at++) {
            int behind = at + pattern.length;
            if (mayStart && equal(bytes, at, pattern) && (behind == end || delimiter[bytes[behind] & 0xff])) {
                return true;
            }
            mayStart = delimiter[bytes[at] & 0xff];
        }
        return false;
    }

    private boolean equal(byte[] bytes, int at, byte[] pattern) {
        return ignoreCase
                ? Ascii.equalsIgnoreCase(bytes, at, pattern)
                : Arrays.equals(bytes, at, at + pattern.length, pattern, 0, pattern.length);
    }
}
