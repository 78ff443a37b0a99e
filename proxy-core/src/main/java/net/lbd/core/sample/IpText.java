package net.lbd.core.sample;

import net.lbd.core.http.Ascii;

/**
 * Numeric addresses to text and back, over bytes and without allocation. IPv6 is written as RFC 5952
 * asks; only plain forms are read: no leading zeros in IPv4, no zone. Pure functions.
 */
public final class IpText {

    /** Bytes that the longest text takes. */
    public static final int MAX_LENGTH = 45;

    private static final byte[] HEX = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private IpText() { }

    /** Writes an address of 4 or 16 bytes; returns the index behind it. */
    public static int put(byte[] to, int at, byte[] address, int offset, int length) {
        return length == 4 ? putIpv4(to, at, address, offset) : putIpv6(to, at, address, offset);
    }

    private static int putIpv4(byte[] to, int at, byte[] address, int offset) {
        for (int i = 0; i < 4; i++) {
            if (i > 0) {
                to[at++] = '.';
            }
            at = Ascii.putDecimal(to, at, address[offset + i] & 0xff);
        }
        return at;
    }

    private static int putIpv6(byte[] to, int at, byte[] address, int offset) {
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < 8; i++) {
            int k = i;
            while (k < 8 && group(address, offset, k) == 0) {
                k++;
            }
            if (k - i > bestLength) {
                bestStart = i;
                bestLength = k - i;
            }
            i = Math.max(i, k - 1);
        }
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                to[at++] = ':';
                to[at++] = ':';
                i += bestLength - 1;
                continue;
            }
            if (i > 0 && (bestStart < 0 || i != bestStart + bestLength)) {
                to[at++] = ':';
            }
            at = putGroup(to, at, group(address, offset, i));
        }
        return at;
    }

    private static int group(byte[] address, int offset, int i) {
        return (address[offset + 2 * i] & 0xff) << 8 | address[offset + 2 * i + 1] & 0xff;
    }

    private static int putGroup(byte[] to, int at, int value) {
        boolean started = false;
        for (int shift = 12; shift >= 0; shift -= 4) {
            int digit = value >> shift & 15;
            if (digit != 0 || started || shift == 0) {
                to[at++] = HEX[digit];
                started = true;
            }
        }
        return at;
    }

    /**
     * Reads an address, perhaps in brackets and perhaps with a port behind it.
     *
     * @param out room for 16 bytes
     * @return 4 or 16, the bytes written, or -1 if the text is no address
     */
    public static int parse(byte[] text, int offset, int length, byte[] out) {
        int end = offset + length;
        if (length > 0 && text[offset] == '[') {
            int close = offset + 1;
            while (close < end && text[close] != ']') {
                close++;
            }
            return close < end && isPortOrEmpty(text, close + 1, end) ? parseIpv6(text, offset + 1, close, out) : -1;
        }
        int colons = 0;
        int lastColon = -1;
        for (int i = offset; i < end; i++) {
            if (text[i] == ':') {
                colons++;
                lastColon = i;
            }
        }
        if (colons > 1) {
            return parseIpv6(text, offset, end, out);
        }
        if (colons == 1) {
            return isPortOrEmpty(text, lastColon, end) ? parseIpv4(text, offset, lastColon, out, 0) : -1;
        }
        return parseIpv4(text, offset, end, out, 0);
    }

    private static boolean isPortOrEmpty(byte[] text, int from, int end) {
        if (from == end) {
            return true;
        }
        if (text[from] != ':') {
            return false;
        }
        for (int i = from + 1; i < end; i++) {
            if (text[i] < '0' || text[i] > '9') {
                return false;
            }
        }
        return end - from <= 6;
    }

    private static int parseIpv4(byte[] text, int from, int end, byte[] out, int outAt) {
        int octets = 0;
        int i = from;
        while (octets < 4) {
            int start = i;
            int value = 0;
            while (i < end && text[i] >= '0' && text[i] <= '9' && i - start < 3) {
                value = value * 10 + text[i++] - '0';
            }
            if (i == start || value > 255 || i - start > 1 && text[start] == '0') {
                return -1;
            }
            out[outAt + octets++] = (byte) value;
            if (octets < 4) {
                if (i >= end || text[i] != '.') {
                    return -1;
                }
                i++;
            }
        }
        return i == end ? 4 : -1;
    }

    private static int parseIpv6(byte[] text, int from, int end, byte[] out) {
        int groups = 0;
        int gap = -1;
        int i = from;
        if (i + 1 < end && text[i] == ':') {
            if (text[i + 1] != ':') {
                return -1;
            }
            gap = 0;
            i += 2;
        }
        while (i < end) {
            if (groups == 8) {
                return -1;
            }
            int start = i;
            int value = 0;
            while (i < end && hexDigit(text[i]) >= 0 && i - start < 4) {
                value = value << 4 | hexDigit(text[i++]);
            }
            if (i < end && text[i] == '.') {
                if (groups > 6 || parseIpv4(text, start, end, out, 2 * groups) < 0) {
                    return -1;
                }
                groups += 2;
                i = end;
                break;
            }
            if (i == start) {
                return -1;
            }
            out[2 * groups] = (byte) (value >> 8);
            out[2 * groups + 1] = (byte) value;
            groups++;
            if (i == end) {
                break;
            }
            if (text[i++] != ':' || i == end) {
                return -1;
            }
            if (text[i] == ':') {
                if (gap >= 0) {
                    return -1;
                }
                gap = groups;
                i++;
            }
        }
        return spread(out, groups, gap);
    }

    /** Moves the groups behind the gap to the end and fills it with zeros. */
    private static int spread(byte[] out, int groups, int gap) {
        if (gap < 0) {
            return groups == 8 ? 16 : -1;
        }
        if (groups == 8) {
            return -1;
        }
        int behind = groups - gap;
        for (int k = 1; k <= behind; k++) {
            out[2 * (8 - k)] = out[2 * (groups - k)];
            out[2 * (8 - k) + 1] = out[2 * (groups - k) + 1];
        }
        for (int k = 2 * gap; k < 2 * (8 - behind); k++) {
            out[k] = 0;
        }
        return 16;
    }

    static int hexDigit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        if (b >= 'a' && b <= 'f') {
            return b - 'a' + 10;
        }
        return b >= 'A' && b <= 'F' ? b - 'A' + 10 : -1;
    }
}
