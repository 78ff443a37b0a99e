package net.lbd.core.sample;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.lbd.config.model.SampleType;

/**
 * The value that a fetch found and converters change: a type and either a number or a range of bytes.
 * A sample is a reusable holder, filled in place so that evaluating an expression allocates nothing;
 * the bytes may belong to a message and are valid only until that message changes. Event-loop
 * confined; taken from and given back to the {@link Scratch} of a loop.
 *
 * <p>Booleans are the numbers 0 and 1. Addresses are 4 or 16 bytes in network order.
 */
public final class Sample {

    private SampleType type = SampleType.BOOLEAN;
    private long number;
    private byte[] bytes = EMPTY;
    private int offset;
    private int length;
    private byte[] own = EMPTY;
    private byte[] spare = EMPTY;
    /** Where an iterating fetch goes on: which header, and where in it. */
    int cursorHeader;
    int cursorOffset;

    private static final byte[] EMPTY = {};

    public SampleType type() {
        return type;
    }

    /** The value of a boolean or integer. */
    public long number() {
        return number;
    }

    public boolean isTrue() {
        return number != 0;
    }

    /** The array that holds the value of a string, binary, method or address; do not change it. */
    public byte[] bytes() {
        return bytes;
    }

    public int offset() {
        return offset;
    }

    /** Bytes; not characters. */
    public int length() {
        return length;
    }

    public boolean hasBytes() {
        return type != SampleType.BOOLEAN && type != SampleType.INTEGER;
    }

    public void setBoolean(boolean value) {
        type = SampleType.BOOLEAN;
        number = value ? 1 : 0;
    }

    public void setInteger(long value) {
        type = SampleType.INTEGER;
        number = value;
    }

    /** Makes this sample a view of {@code length} bytes of an array that someone else owns. */
    public void setView(SampleType newType, byte[] array, int newOffset, int newLength) {
        type = newType;
        bytes = array;
        offset = newOffset;
        length = newLength;
    }

    /**
     * Makes this sample own {@code newLength} bytes, whose content the caller then writes from index 0
     * of the array returned. The array may be the one that holds the present value: a converter whose
     * output overtakes its input takes a second sample.
     */
    public byte[] setOwned(SampleType newType, int newLength) {
        if (own.length < newLength) {
            own = new byte[Math.max(newLength, Math.max(256, own.length * 2))];
        }
        type = newType;
        bytes = own;
        offset = 0;
        length = newLength;
        return own;
    }

    /** Takes the bytes and the type of another sample, as a copy of its own. */
    void copyFrom(Sample other) {
        int size = other.length;
        byte[] to = setOwned(other.type, size);
        System.arraycopy(other.bytes, other.offset, to, 0, size);
    }

    /** Takes what a sink holds, as a copy of its own. */
    void own(SampleType newType, ByteSink sink) {
        System.arraycopy(sink.bytes(), 0, setOwned(newType, sink.length()), 0, sink.length());
    }

    /** A second array of 64 bytes, for a cast that cannot work in place; its content lasts until the next cast. */
    byte[] spare() {
        if (spare.length == 0) {
            spare = new byte[64];
        }
        return spare;
    }

    /** Cuts an owned value that turned out shorter than announced. */
    public void truncate(int newLength) {
        length = Math.min(length, newLength);
    }

    public void setType(SampleType newType) {
        type = newType;
    }

    /** A copy of the bytes as text, one character for each byte; for messages and tests. */
    public String text() {
        return hasBytes() ? new String(bytes, offset, length, StandardCharsets.ISO_8859_1) : Long.toString(number);
    }

    /** A copy of the bytes. */
    public byte[] copyBytes() {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }
}
