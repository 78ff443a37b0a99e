package net.lbd.core.h2;

import io.netty.util.AsciiString;

/**
 * Names and values of header fields that come again and again, so that none is made anew for each response. Direct-mapped:
 * what falls on the same place pushes the other out. Event-loop confined; one for each worker.
 */
public final class TextCache {

    private static final int SIZE = 512;
    private static final int LONGEST = 64;

    private final AsciiString[] names = new AsciiString[SIZE];
    private final AsciiString[] values = new AsciiString[SIZE];

    /** The name in lower case. */
    public AsciiString name(byte[] bytes, int offset, int length) {
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = hash * 31 + lower(bytes[i]);
        }
        int slot = spread(hash);
        AsciiString found = names[slot];
        if (found != null && found.length() == length && sameName(found.array(), bytes, offset, length)) {
            return found;
        }
        byte[] copy = new byte[length];
        for (int i = 0; i < length; i++) {
            copy[i] = lower(bytes[offset + i]);
        }
        AsciiString made = new AsciiString(copy, false);
        if (length <= LONGEST) {
            names[slot] = made;
        }
        return made;
    }

    /** The value as it is. */
    public AsciiString value(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return AsciiString.EMPTY_STRING;
        }
        if (length > LONGEST) {
            return new AsciiString(bytes, offset, length, true);
        }
        int hash = length;
        for (int i = offset; i < offset + length; i++) {
            hash = hash * 31 + bytes[i];
        }
        int slot = spread(hash);
        AsciiString found = values[slot];
        if (found != null && found.length() == length
                && java.util.Arrays.equals(found.array(), 0, length, bytes, offset, offset + length)) {
            return found;
        }
        AsciiString made = new AsciiString(bytes, offset, length, true);
        values[slot] = made;
        return made;
    }

    private static int spread(int hash) {
        return (hash ^ hash >>> 15 ^ hash >>> 7) & SIZE - 1;
    }

    private static boolean sameName(byte[] lower, byte[] bytes, int offset, int length) {
        for (int i = 0; i < length; i++) {
            if (lower[i] != lower(bytes[offset + i])) {
                return false;
            }
        }
        return true;
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }
}
