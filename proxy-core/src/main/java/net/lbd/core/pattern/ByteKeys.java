package net.lbd.core.pattern;

import java.util.Arrays;
import net.lbd.core.http.Ascii;

/**
 * Keys of bytes in a hash table: thousands of them are found as fast as one. Texts that begin with a key, end with one or hold one are
 * found by trying the parts of the text that are as long as some key. Immutable; looking up allocates nothing.
 */
final class ByteKeys {

    private final boolean ignoreCase;
    /** Open addressing; a length of a power of two, at most half full. Lower case if case is ignored. */
    private final byte[][] table;
    /** The place that each key of the table has among those given; of equal keys the first. */
    private final int[] places;
    /** The lengths that keys have, the longest first. */
    private final int[] lengths;
    private final boolean[] isLength;

    ByteKeys(byte[][] keys, boolean ignoreCase) {
        this.ignoreCase = ignoreCase;
        table = new byte[Integer.highestOneBit(Math.max(1, keys.length)) * 4][];
        places = new int[table.length];
        for (int i = 0; i < keys.length; i++) {
            byte[] key = ignoreCase ? lower(keys[i]) : keys[i];
            int slot = slotOf(key, 0, key.length);
            while (table[slot] != null && !Arrays.equals(table[slot], key)) {
                slot = slot + 1 & table.length - 1;
            }
            if (table[slot] == null) {
                table[slot] = key;
                places[slot] = i;
            }
        }
        int[] ascending = Arrays.stream(keys).mapToInt(k -> k.length).distinct().sorted().toArray();
        lengths = new int[ascending.length];
        isLength = new boolean[ascending.length == 0 ? 0 : ascending[ascending.length - 1] + 1];
        for (int i = 0; i < ascending.length; i++) {
            lengths[ascending.length - 1 - i] = ascending[i];
            isLength[ascending[i]] = true;
        }
    }

    static byte[] lower(byte[] text) {
        byte[] lower = new byte[text.length];
        for (int i = 0; i < text.length; i++) {
            lower[i] = Ascii.lower(text[i]);
        }
        return lower;
    }

    /** The place of the key that these bytes are; -1 if they are none. */
    int find(byte[] bytes, int offset, int length) {
        if (length >= isLength.length || !isLength[length]) {
            return -1;
        }
        int slot = slotOf(bytes, offset, length);
        for (byte[] key = table[slot]; key != null; key = table[slot]) {
            if (key.length == length && equal(bytes, offset, key)) {
                return places[slot];
            }
            slot = slot + 1 & table.length - 1;
        }
        return -1;
    }

    /** The place of the longest key that the text begins with. */
    int findBeginning(byte[] bytes, int offset, int length) {
        for (int wanted : lengths) {
            int place = wanted <= length ? find(bytes, offset, wanted) : -1;
            if (place >= 0) {
                return place;
            }
        }
        return -1;
    }

    /** The lowest place of a key that the text ends with. */
    int findEnding(byte[] bytes, int offset, int length) {
        int best = -1;
        for (int wanted : lengths) {
            best = lower(best, wanted <= length ? find(bytes, offset + length - wanted, wanted) : -1);
        }
        return best;
    }

    /** The lowest place of a key that the text holds. */
    int findWithin(byte[] bytes, int offset, int length) {
        int best = -1;
        for (int at = 0; at <= length; at++) {
            for (int wanted : lengths) {
                best = lower(best, wanted <= length - at ? find(bytes, offset + at, wanted) : -1);
            }
        }
        return best;
    }

    /** The lowest place of a key that stands in the text between delimiters or its ends. */
    int findDelimited(byte[] bytes, int offset, int length, boolean[] delimiter) {
        int best = -1;
        int end = offset + length;
        for (int from = offset; from < end; from++) {
            if (from > offset && !delimiter[bytes[from - 1] & 0xff]) {
                continue;
            }
            for (int to = from + 1; to <= end && to - from < isLength.length; to++) {
                if (to == end || delimiter[bytes[to] & 0xff]) {
                    best = lower(best, find(bytes, from, to - from));
                }
            }
        }
        return best;
    }

    private static int lower(int place, int other) {
        return place < 0 ? other : other < 0 ? place : Math.min(place, other);
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
        return (hash ^ hash >>> 16) & table.length - 1;
    }
}
