package net.lbd.core.sample;

import net.lbd.config.model.SampleType;
import net.lbd.core.http.HttpMessage;

/**
 * Walks over the values of a header: whole lines, or what commas part outside quotes. A line without
 * text is one empty value. The place is kept in the sample's cursor. Stateless.
 */
final class HeaderValues {

    /** Stands for every header, whatever its name. */
    static final byte[] ANY_NAME = {};

    private HeaderValues() { }

    static boolean first(HttpMessage message, byte[] lowerName, boolean split, Sample out) {
        out.cursorHeader = -1;
        out.cursorOffset = -1;
        return next(message, lowerName, split, out);
    }

    static boolean next(HttpMessage message, byte[] lowerName, boolean split, Sample out) {
        if (out.cursorOffset < 0) {
            int header = find(message, lowerName, out.cursorHeader + 1);
            if (header < 0) {
                return false;
            }
            out.cursorHeader = header;
            out.cursorOffset = 0;
        }
        int at = message.valueOffset(out.cursorHeader);
        int length = message.valueLength(out.cursorHeader);
        if (!split) {
            out.cursorOffset = -1;
            out.setView(SampleType.STRING, message.bytes(), at, length);
            return true;
        }
        takeElement(message.bytes(), at, length, out);
        return true;
    }

    /** Takes the element that starts at the cursor and moves the cursor behind the comma, or to -1. */
    private static void takeElement(byte[] bytes, int at, int length, Sample out) {
        int start = at + out.cursorOffset;
        int end = at + length;
        int comma = elementEnd(bytes, start, end);
        out.cursorOffset = comma < end ? comma + 1 - at : -1;
        int from = start;
        int to = comma;
        while (from < to && isBlank(bytes[from])) {
            from++;
        }
        while (to > from && isBlank(bytes[to - 1])) {
            to--;
        }
        out.setView(SampleType.STRING, bytes, from, to - from);
    }

    private static int elementEnd(byte[] bytes, int from, int end) {
        boolean quoted = false;
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            if (quoted && b == '\\') {
                i++;
            } else if (b == '"') {
                quoted = !quoted;
            } else if (b == ',' && !quoted) {
                return i;
            }
        }
        return end;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private static int find(HttpMessage message, byte[] lowerName, int from) {
        if (lowerName.length > 0) {
            return message.find(lowerName, from);
        }
        for (int i = from; i < message.headerCount(); i++) {
            if (!message.isRemoved(i)) {
                return i;
            }
        }
        return -1;
    }

    static int count(HttpMessage message, byte[] lowerName, boolean split, Sample scratch) {
        int n = 0;
        for (boolean more = first(message, lowerName, split, scratch); more;
                more = next(message, lowerName, split, scratch)) {
            n++;
        }
        return n;
    }

    /**
     * The value at an occurrence.
     *
     * @param occurrence from 1; negative numbers count from the last
     */
    static boolean at(HttpMessage message, byte[] lowerName, boolean split, int occurrence, Sample out) {
        int wanted = occurrence;
        if (occurrence < 0) {
            wanted = count(message, lowerName, split, out) + occurrence + 1;
        }
        if (wanted < 1) {
            return false;
        }
        boolean more = first(message, lowerName, split, out);
        for (int i = 1; more && i < wanted; i++) {
            more = next(message, lowerName, split, out);
        }
        return more;
    }
}
