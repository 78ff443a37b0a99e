package net.lbd.core.http;

/** The syntax of a Host header and of a target's authority. Source: RFC 3986 §3.2.2, RFC 9110 §7.2. Pure functions. */
final class HostSyntax {

    private static final boolean[] NAME = new boolean[256];
    private static final boolean[] LITERAL = new boolean[256];

    static {
        for (int c = 'a'; c <= 'z'; c++) {
            NAME[c] = true;
            NAME[c - 32] = true;
        }
        for (int c = '0'; c <= '9'; c++) {
            NAME[c] = true;
            LITERAL[c] = true;
        }
        for (int c : "-._~%!$&'()*+,;=".toCharArray()) {
            NAME[c] = true;
        }
        for (int c : "abcdefABCDEF:.%".toCharArray()) {
            LITERAL[c] = true;
        }
    }

    private HostSyntax() { }

    /** A host name, an IPv4 address or a bracketed IPv6 address, with or without a port from 0 to 65535. */
    static boolean isHost(byte[] bytes, int offset, int length) {
        int portAt = hostEnd(bytes, offset, length);
        return portAt == offset + length || portAt > offset && isPort(bytes, portAt, offset + length, true);
    }

    /** As {@link #isHost}, but the port must be there: the authority form. */
    static boolean isHostAndPort(byte[] bytes, int offset, int length) {
        int portAt = hostEnd(bytes, offset, length);
        return portAt > offset && isPort(bytes, portAt, offset + length, false);
    }

    /** The index behind the host; -1 if there is no valid one. */
    private static int hostEnd(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = offset;
        if (length > 0 && bytes[offset] == '[') {
            i++;
            while (i < end && LITERAL[bytes[i] & 0xff]) {
                i++;
            }
            return i < end && bytes[i] == ']' && i > offset + 2 ? i + 1 : -1;
        }
        while (i < end && NAME[bytes[i] & 0xff]) {
            if (bytes[i] == '%' && !(i + 2 < end && isHex(bytes[i + 1]) && isHex(bytes[i + 2]))) {
                return -1;
            }
            i++;
        }
        return length > 0 && i == offset ? -1 : i;
    }

    private static boolean isHex(byte b) {
        int lower = b | 0x20;
        return b >= '0' && b <= '9' || lower >= 'a' && lower <= 'f';
    }

    private static boolean isPort(byte[] bytes, int colon, int end, boolean mayBeEmpty) {
        if (bytes.length <= colon || colon >= end || bytes[colon] != ':') {
            return false;
        }
        int port = 0;
        for (int i = colon + 1; i < end; i++) {
            byte b = bytes[i];
            if (b < '0' || b > '9' || i - colon > 5) {
                return false;
            }
            port = port * 10 + b - '0';
        }
        return port <= 65535 && (mayBeEmpty || end > colon + 1);
    }
}
