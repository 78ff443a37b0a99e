package net.lbd.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * Makes the lines of an HTTP/1 trailer section of the fields of an HTTP/2 one. What may not stand in a trailer section is a
 * defect, as in HTTP/1. Used for one section after another; event-loop confined. Source: RFC 9113 §8.1, RFC 9110 §6.5.1.
 */
public final class Http2TrailerReader {

    private final int limitBytes;
    private byte[] lines = {};
    private int length;
    private boolean bad;

    public Http2TrailerReader(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    public void begin() {
        length = 0;
        bad = false;
    }

    public void field(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
        int end = length + nameLength + valueLength + 4;
        if (bad || end > limitBytes || !Http2RequestReader.isFieldName(name, nameAt, nameLength)
                || !HeadParser.isFieldValue(value, valueAt, valueLength)) {
            bad = true;
            return;
        }
        if (lines.length < end) {
            lines = Arrays.copyOf(lines, Math.max(end, 256));
        }
        System.arraycopy(name, nameAt, lines, length, nameLength);
        int colon = length + nameLength;
        lines[colon] = ':';
        lines[colon + 1] = ' ';
        System.arraycopy(value, valueAt, lines, colon + 2, valueLength);
        lines[end - 2] = '\r';
        lines[end - 1] = '\n';
        ByteBuf line = Unpooled.wrappedBuffer(lines);
        bad = !TrailerField.isValid(line, length, end - 2);
        length = end;
    }

    public boolean isBad() {
        return bad;
    }

    /** A copy of the lines, without the empty one behind them. */
    public byte[] lines() {
        return Arrays.copyOf(lines, length);
    }
}
