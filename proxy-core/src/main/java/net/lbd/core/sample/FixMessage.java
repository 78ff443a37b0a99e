package net.lbd.core.sample;

import java.util.Map;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;

/**
 * Reads messages of the Financial Information eXchange: {@code tag=value} with a byte 1 behind each. Pure functions. Source:
 * HAProxy manual, "fix_is_valid".
 */
final class FixMessage {

    private static final byte SEPARATOR = 1;
    private static final Map<String, Integer> TAGS = Map.of("BeginString", 8, "BodyLength", 9, "CheckSum", 10, "MsgType", 35,
            "SenderCompID", 49, "TargetCompID", 56);
    private static final String[] VERSIONS = {"FIX.4.0", "FIX.4.1", "FIX.4.2", "FIX.4.3", "FIX.4.4", "FIXT.1.1"};
    /** {@code 10=NNN} and the separator. */
    private static final int CHECKSUM_LENGTH = 7;

    private FixMessage() { }

    /** @throws IllegalArgumentException if the tag is neither a number nor a known name */
    static int tag(String text) {
        Integer known = TAGS.get(text);
        if (known != null) {
            return known;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("'" + text + "' is no tag of FIX; use a number or one of " + TAGS.keySet());
        }
        return Integer.parseInt(text);
    }

    /** 1: a valid message, -1: none, 0: the end of it is not there yet. */
    static int validity(byte[] bytes, int start, int end) {
        int version = fieldEnd(bytes, start, end);
        if (version < 0) {
            return end - start < 20 ? 0 : -1;
        }
        if (tagAt(bytes, start, version) != 8 || !isVersion(bytes, start + 2, version)) {
            return -1;
        }
        int bodyLengthEnd = fieldEnd(bytes, version + 1, end);
        if (bodyLengthEnd < 0) {
            return 0;
        }
        if (tagAt(bytes, version + 1, bodyLengthEnd) != 9) {
            return -1;
        }
        long bodyLength = number(bytes, version + 3, bodyLengthEnd);
        int body = bodyLengthEnd + 1;
        if (bodyLength <= 0) {
            return -1;
        }
        if (body + bodyLength + CHECKSUM_LENGTH > end) {
            return 0;
        }
        int checksum = body + (int) bodyLength;
        return hasFields(bytes, body, checksum) && hasChecksum(bytes, start, checksum) ? 1 : -1;
    }

    private static boolean isVersion(byte[] bytes, int from, int to) {
        for (String version : VERSIONS) {
            if (Ascii.text(bytes, from, to - from).equals(version)) {
                return true;
            }
        }
        return false;
    }

    /** Every field has a number and a value, the first is the message's type. */
    private static boolean hasFields(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int fieldEnd = fieldEnd(bytes, at, to);
            int tag = fieldEnd < 0 ? -1 : tagAt(bytes, at, fieldEnd);
            if (tag < 0 || at == from && tag != 35) {
                return false;
            }
            at = fieldEnd + 1;
        }
        return true;
    }

    private static boolean hasChecksum(byte[] bytes, int start, int at) {
        int sum = 0;
        for (int i = start; i < at; i++) {
            sum += bytes[i] & 0xff;
        }
        return bytes[at] == '1' && bytes[at + 1] == '0' && bytes[at + 2] == '=' && bytes[at + 6] == SEPARATOR
                && number(bytes, at + 3, at + 6) == (sum & 0xff);
    }

    /** Makes the sample a view of the value of the first field with this tag. */
    static boolean find(Sample s, int tag) {
        byte[] bytes = s.bytes();
        int at = s.offset();
        int end = at + s.length();
        while (at < end) {
            int fieldEnd = fieldEnd(bytes, at, end);
            int found = fieldEnd < 0 ? -1 : tagAt(bytes, at, fieldEnd);
            if (found < 0) {
                return false;
            }
            if (found == tag) {
                int equals = at;
                while (bytes[equals] != '=') {
                    equals++;
                }
                s.setView(SampleType.BINARY, bytes, equals + 1, fieldEnd - equals - 1);
                return true;
            }
            at = fieldEnd + 1;
        }
        return false;
    }

    private static int fieldEnd(byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == SEPARATOR) {
                return i;
            }
        }
        return -1;
    }

    /** The number before the equals sign; -1 without one, or without a value behind it. */
    private static int tagAt(byte[] bytes, int from, int end) {
        int tag = 0;
        for (int i = from; i < end && i < from + 10; i++) {
            if (bytes[i] == '=') {
                return i > from && i + 1 < end ? tag : -1;
            }
            if (bytes[i] < '0' || bytes[i] > '9' || tag > 99_999_999) {
                return -1;
            }
            tag = tag * 10 + bytes[i] - '0';
        }
        return -1;
    }

    private static long number(byte[] bytes, int from, int end) {
        long value = 0;
        for (int i = from; i < end; i++) {
            if (bytes[i] < '0' || bytes[i] > '9' || i >= from + 9) {
                return -1;
            }
            value = value * 10 + bytes[i] - '0';
        }
        return from < end ? value : -1;
    }
}
