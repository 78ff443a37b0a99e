package net.lbd.core.http;

import java.util.ArrayDeque;

/**
 * Arrays for message heads, in sizes of powers of two from 1 KiB to 256 KiB. A connection holds an array
 * only while it has a message: thousands of idle connections hold none. Event-loop confined.
 */
public final class BytePool {

    private static final int SMALLEST_SHIFT = 10;
    private static final int CLASSES = 9;
    /** What is kept of one class at most; bytes. */
    private static final int KEPT_BYTES = 1 << 20;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final ArrayDeque<byte[]>[] free = new ArrayDeque[CLASSES];

    public BytePool() {
        for (int i = 0; i < CLASSES; i++) {
            free[i] = new ArrayDeque<>();
        }
    }

    /** An array of at least this length; its content is arbitrary. */
    public byte[] take(int atLeast) {
        int sizeClass = sizeClass(atLeast);
        if (sizeClass >= CLASSES) {
            return new byte[atLeast];
        }
        byte[] array = free[sizeClass].pollLast();
        return array != null ? array : new byte[1 << sizeClass + SMALLEST_SHIFT];
    }

    /** Takes an array back; one that is not of a pooled size is left to the garbage collector. */
    public void give(byte[] array) {
        int length = array.length;
        if (Integer.bitCount(length) != 1) {
            return;
        }
        int sizeClass = sizeClass(length);
        if (length == 1 << sizeClass + SMALLEST_SHIFT && sizeClass < CLASSES
                && free[sizeClass].size() < Math.max(4, KEPT_BYTES / length)) {
            free[sizeClass].addLast(array);
        }
    }

    private static int sizeClass(int length) {
        return Math.max(0, 32 - Integer.numberOfLeadingZeros(Math.max(1, length) - 1) - SMALLEST_SHIFT);
    }
}
