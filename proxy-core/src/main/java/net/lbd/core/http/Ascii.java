package net.lbd.core.http;

import java.nio.charset.StandardCharsets;

/**
 * Comparison and case of ASCII bytes. Bytes above 127 are themselves in either case: no Unicode rule
 * applies to a header name. Pure functions.
 */
public final class Ascii {

    private static final byte[] LOWER = new byte[256];

    static {
        for (int i = 0; i < 256; i++) {
            LOWER[i] = (byte) (i >= 'A' && i <= 'Z' ? i + 32 : i);
        }
    }

    private Ascii() { }

    public static byte lower(byte b) {
        return LOWER[b & 0xff];
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    /** Whether the bytes at {@code offset} equal all of {@code lower}, which is in lower case. The caller has compared lengths. */
    public static boolean equalsIgnoreCase(byte[] bytes, int offset, byte[] lower) {
        for (int i = 0; i < lower.length; i++) {
            if (LOWER[bytes[offset + i] & 0xff] != lower[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the range equals {@code lower}, which is in lower case. */
    public static boolean equalsIgnoreCase(byte[] bytes, int offset, int length, byte[] lower) {
        return length == lower.length && equalsIgnoreCase(bytes, offset, lower);
    }

    /** Writes a non-negative number in decimal; returns the index behind it. */
    public static int putDecimal(byte[] to, int at, long value) {
        if (value < 10) {
            to[at] = (byte) ('0' + value);
            return at + 1;
        }
        int digits = 1;
        for (long v = value; v >= 10; v /= 10) {
            digits++;
        }
        for (int i = at + digits - 1; i >= at; i--) {
            to[i] = (byte) ('0' + value % 10);
            value /= 10;
        }
        return at + digits;
    }
}
