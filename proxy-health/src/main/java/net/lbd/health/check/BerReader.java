package net.lbd.health.check;

import io.netty.buffer.ByteBuf;

/** Reads the few elements of BER that the answer to an LDAP bind begins with. Used once, by one thread. Source: X.690 §8. */
final class BerReader {

    private final ByteBuf in;
    private int at;
    private boolean isShort;
    private boolean wrong;

    BerReader(ByteBuf in) {
        this.in = in;
        this.at = in.readerIndex();
    }

    /** Something that was asked for has not come yet. */
    boolean isShort() {
        return isShort;
    }

    boolean isWrong() {
        return wrong;
    }

    /** The next byte; -1 if it has not come. */
    int octet() {
        if (at >= in.writerIndex()) {
            isShort = true;
            return -1;
        }
        return in.getUnsignedByte(at++);
    }

    int tag() {
        return octet();
    }

    /** A length, in the short form or in one to four bytes. */
    int length() {
        int first = octet();
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7f;
        if (count == 0 || count > 4) {
            wrong = true;
            return -1;
        }
        long length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | Math.max(0, octet());
        }
        return (int) Math.min(length, Integer.MAX_VALUE);
    }

    /** A small integer with its tag and length. */
    int integer() {
        int tag = tag();
        int length = length();
        wrong |= tag >= 0 && tag != 2 || length == 0 || length > 4;
        int value = 0;
        for (int i = 0; i < length && !wrong; i++) {
            value = value << 8 | Math.max(0, octet());
        }
        return value;
    }
}
