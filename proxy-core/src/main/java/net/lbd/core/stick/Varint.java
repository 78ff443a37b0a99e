package net.lbd.core.stick;

import io.netty.buffer.ByteBuf;

/**
 * The integers of the peers protocol: one byte below 240, then four bits and seven bits at a time. Stateless. Source:
 * HAProxy, doc/peers.txt, "Encoding".
 */
public final class Varint {

    private static final int LONGEST = 10;

    private Varint() { }

    public static void write(ByteBuf out, long number) {
        if (Long.compareUnsigned(number, 0xf0) < 0) {
            out.writeByte((int) number);
            return;
        }
        out.writeByte((int) number | 0xf0);
        long left = number - 0xf0 >>> 4;
        while (Long.compareUnsigned(left, 0x80) >= 0) {
            out.writeByte((int) left | 0x80);
            left = left - 0x80 >>> 7;
        }
        out.writeByte((int) left);
    }

    /**
     * @throws IndexOutOfBoundsException if the bytes end before the number does
     * @throws IllegalArgumentException if it has more than 64 bits
     */
    public static long read(ByteBuf in) {
        long number = in.readByte() & 0xff;
        if (number < 0xf0) {
            return number;
        }
        int shift = 4;
        for (int i = 1; i < LONGEST + 1; i++) {
            long next = in.readByte() & 0xff;
            number += next << shift;
            if (next < 0x80) {
                return number;
            }
            shift += 7;
        }
        throw new IllegalArgumentException("a number of more than 64 bits");
    }

    /** Whether a whole number stands at the reader's index; moves nothing. */
    public static boolean isWhole(ByteBuf in) {
        int at = in.readerIndex();
        if (at >= in.writerIndex()) {
            return false;
        }
        if ((in.getByte(at) & 0xff) < 0xf0) {
            return true;
        }
        for (int i = at + 1; i < in.writerIndex() && i <= at + LONGEST; i++) {
            if (in.getByte(i) >= 0) {
                return true;
            }
        }
        return in.writerIndex() - at > LONGEST;
    }
}
