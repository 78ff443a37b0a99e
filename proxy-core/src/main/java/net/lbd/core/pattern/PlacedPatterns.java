package net.lbd.core.pattern;

import java.util.Arrays;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.sample.Sample;
import net.lbd.core.stream.Stream;

/** Patterns that a text begins with, ends with or holds: {@code -m beg}, {@code end}, {@code sub}. Immutable. */
abstract sealed class PlacedPatterns implements PatternSet {

    /** In lower case if case is ignored. */
    final byte[][] patterns;
    private final boolean ignoreCase;
    /** So many are tried one by one; of more, the parts of the text are looked up. */
    private static final int FEW = 8;
    final ByteKeys keys;
    final boolean many;

    PlacedPatterns(byte[][] patterns, boolean ignoreCase) {
        this.patterns = ignoreCase
                ? Arrays.stream(patterns).map(ByteKeys::lower).toArray(byte[][]::new)
                : patterns.clone();
        this.ignoreCase = ignoreCase;
        this.keys = new ByteKeys(patterns, ignoreCase);
        this.many = patterns.length > FEW;
    }

    @Override
    public final SampleType wants() {
        return SampleType.STRING;
    }

    /** Whether a pattern stands at an index; the caller has seen that it fits. */
    final boolean standsAt(byte[] bytes, int at, byte[] pattern) {
        if (ignoreCase) {
            return Ascii.equalsIgnoreCase(bytes, at, pattern);
        }
        for (int i = 0; i < pattern.length; i++) {
            if (bytes[at + i] != pattern[i]) {
                return false;
            }
        }
        return true;
    }

    /** {@code -m beg}. */
    static final class Beginnings extends PlacedPatterns {
        Beginnings(byte[][] patterns, boolean ignoreCase) {
            super(patterns, ignoreCase);
        }

        @Override
        public boolean matches(Stream stream, Sample sample) {
            if (many) {
                return keys.findBeginning(sample.bytes(), sample.offset(), sample.length()) >= 0;
            }
            for (byte[] pattern : patterns) {
                if (pattern.length <= sample.length() && standsAt(sample.bytes(), sample.offset(), pattern)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** {@code -m end}. */
    static final class Endings extends PlacedPatterns {
        Endings(byte[][] patterns, boolean ignoreCase) {
            super(patterns, ignoreCase);
        }

        @Override
        public boolean matches(Stream stream, Sample sample) {
            if (many) {
                return keys.findEnding(sample.bytes(), sample.offset(), sample.length()) >= 0;
            }
            int end = sample.offset() + sample.length();
            for (byte[] pattern : patterns) {
                if (pattern.length <= sample.length() && standsAt(sample.bytes(), end - pattern.length, pattern)) {
                    return true;
                }
            }
            return false;
        }
    }

    /** {@code -m sub}. */
    static final class Substrings extends PlacedPatterns {
        Substrings(byte[][] patterns, boolean ignoreCase) {
            super(patterns, ignoreCase);
        }

        @Override
        public boolean matches(Stream stream, Sample sample) {
            if (many) {
                return keys.findWithin(sample.bytes(), sample.offset(), sample.length()) >= 0;
            }
            for (byte[] pattern : patterns) {
                int last = sample.offset() + sample.length() - pattern.length;
                for (int at = sample.offset(); at <= last; at++) {
                    if (standsAt(sample.bytes(), at, pattern)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }
}
