package net.lbd.core.pattern;

import java.util.Arrays;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.sample.Sample;
import net.lbd.core.stream.Stream;

/**
 * {@code -m str} and {@code -m bin}: equal to a pattern. A hash table over bytes, so that thousands of
 * patterns cost what one does. Immutable.
 */
final class ExactPatterns implements PatternSet {

    private final SampleType wants;
    private final boolean ignoreCase;
    /** Open addressing; a length of a power of two, at most half full. Lower case if case is ignored. */
    private final byte[][] table;

    ExactPatterns(SampleType wants, byte[][] patterns, boolean ignoreCase) {
        this.wants = wants;
        this.ignoreCase = ignoreCase;
        this.table = new byte[Integer.highestOneBit(Math.max(1, patterns.length)) * 4][];
        for (byte[] pattern : patterns) {
            byte[] key = ignoreCase ? lower(pattern) : pattern;
            int slot = slotOf(key, 0, key.length);
            while (table[slot] != null && !Arrays.equals(table[slot], key)) {
                slot = slot + 1 & table.length - 1;
            }
            table[slot] = key;
        }
    }

    static byte[] lower(byte[] text) {
        byte[] lower = new byte[text.length];
        for (int i = 0; i < text.length; i++) {
            lower[i] = Ascii.lower(text[i]);
        }
        return lower;
    }

    @Override
    public SampleType wants() {
        return wants;
    }

    @Override
    public boolean matches(Stream stream, Sample sample) {
        byte[] bytes = sample.bytes();
        int offset = sample.offset();
        int length = sample.length();
        int slot = slotOf(bytes, offset, length);
        for (byte[] key = table[slot]; key != null; key = table[slot]) {
            if (key.length == length && equal(bytes, offset, key)) {
                return true;
            }
            slot = slot + 1 & table.length - 1;
        }
        return false;
    }

    private boolean equal(byte[] bytes, int offset, byte[] key) {
        return ignoreCase
                ? Ascii.equalsIgnoreCase(bytes, offset, key)
                : Arrays.equals(bytes, offset, offset + key.length, key, 0, key.length);
    }

    private int slotOf(byte[] bytes, int offset, int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = hash * 31 + (ignoreCase ? Ascii.lower(bytes[i]) : bytes[i]);
        }
        hash *= 0x9e3779b9;
        return hash >>> 16 & table.length - 1;
    }
}
