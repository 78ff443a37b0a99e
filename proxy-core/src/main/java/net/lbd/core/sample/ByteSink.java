package net.lbd.core.sample;

import java.util.Arrays;
import net.lbd.core.http.Ascii;

/**
 * A growing array of bytes that lines and header values are rendered into. Kept and reused by the
 * {@link Scratch} of an event loop, so that rendering allocates nothing once it is warm. Event-loop
 * confined.
 */
public final class ByteSink {

    private static final byte[] UPPER_HEX = Ascii.bytes("0123456789ABCDEF");
    /** An array that grew beyond this is not kept for reuse. */
    static final int KEPT_BYTES = 64 * 1024;

    private byte[] bytes = new byte[1024];
    private int length;
    /** The length behind the last {@link #putSeparator}, as long as nothing came after it. */
    private int separatorEnd = -1;

    /** What was written, from index 0; replaced when it grows. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
        separatorEnd = -1;
    }

    /** A blank, unless one has just been put: several between two values are one. */
    public void putSeparator() {
        if (separatorEnd != length) {
            put((byte) ' ');
            separatorEnd = length;
        }
    }

    /** Makes the next {@link #putSeparator} put nothing, as at the beginning of a line. */
    public void skipSeparator() {
        separatorEnd = length;
    }

    /** Makes the next {@link #putSeparator} put its blank even if nothing has come in between. */
    public void keepSeparator() {
        separatorEnd = -1;
    }

    /** Takes back all that was written behind a length that was seen before. */
    public void truncate(int newLength) {
        length = Math.min(length, newLength);
    }

    public void put(byte b) {
        ensure(1);
        bytes[length++] = b;
    }

    public void put(byte[] from) {
        put(from, 0, from.length);
    }

    public void put(byte[] from, int offset, int count) {
        ensure(count);
        System.arraycopy(from, offset, bytes, length, count);
        length += count;
    }

    /** A decimal number. */
    public void putNumber(long value) {
        ensure(20);
        if (value >= 0) {
            length = Ascii.putDecimal(bytes, length, value);
        } else if (value == Long.MIN_VALUE) {
            put(Ascii.bytes("-9223372036854775808"));
        } else {
            bytes[length++] = '-';
            length = Ascii.putDecimal(bytes, length, -value);
        }
    }

    /** Two decimal digits of a number below 100. */
    public void putTwoDigits(int value) {
        ensure(2);
        bytes[length++] = (byte) ('0' + value / 10);
        bytes[length++] = (byte) ('0' + value % 10);
    }

    /** Three decimal digits of a number below 1000. */
    public void putThreeDigits(int value) {
        put((byte) ('0' + value / 100));
        putTwoDigits(value % 100);
    }

    /** Upper-case hexadecimal digits, zeros before them up to a width. */
    public void putHex(long value, int minDigits) {
        int digits = Math.max(minDigits, (67 - Long.numberOfLeadingZeros(value | 1)) / 4);
        ensure(digits);
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            bytes[length++] = UPPER_HEX[(int) (value >> shift & 15)];
        }
    }

    /** Two upper-case hexadecimal digits. */
    public void putHex(byte value) {
        ensure(2);
        bytes[length++] = UPPER_HEX[value >> 4 & 15];
        bytes[length++] = UPPER_HEX[value & 15];
    }

    /** Makes room, so that a caller may write {@code count} bytes into {@link #bytes()} and {@link #advance}. */
    public void ensure(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }

    /** Counts bytes that the caller wrote itself. */
    public void advance(int count) {
        length += count;
    }

    /** A copy as text, one character for each byte; for tests and messages. */
    @Override
    public String toString() {
        return Ascii.text(bytes, 0, length);
    }
}
