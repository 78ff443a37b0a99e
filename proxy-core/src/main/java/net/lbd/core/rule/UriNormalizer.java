package net.lbd.core.rule;

import java.util.ArrayList;
import java.util.List;
import net.lbd.core.sample.ByteSink;

/**
 * The steps by which a target comes into its usual form; each reads a range of bytes and writes the result. Pure functions. Source: RFC
 * 3986 §6.2.2, §5.2.4; HAProxy manual, "http-request normalize-uri".
 */
final class UriNormalizer {

    private UriNormalizer() { }

    static void encodeFragment(byte[] b, int from, int end, ByteSink out) {
        for (int i = from; i < end; i++) {
            if (b[i] == '#') {
                out.put((byte) '%');
                out.put((byte) '2');
                out.put((byte) '3');
            } else {
                out.put(b[i]);
            }
        }
    }

    static void stripFragment(byte[] b, int from, int end, ByteSink out) {
        int stop = from;
        while (stop < end && b[stop] != '#') {
            stop++;
        }
        out.put(b, from, stop - from);
    }

    static void mergeSlashes(byte[] b, int from, int end, ByteSink out) {
        for (int i = from; i < end; i++) {
            if (b[i] != '/' || i == from || b[i - 1] != '/') {
                out.put(b[i]);
            }
        }
    }

    /** {@code /./} becomes {@code /}. */
    static void stripDot(byte[] b, int from, int end, ByteSink out) {
        int i = from;
        while (i < end) {
            boolean segmentBegins = i > from && b[i - 1] == '/';
            if (segmentBegins && b[i] == '.' && (i + 1 == end || b[i + 1] == '/')) {
                // With the slash behind it: the one before stays.
                i = Math.min(end, i + 2);
            } else {
                out.put(b[i++]);
            }
        }
    }

    /**
     * {@code /a/../} becomes {@code /}. What goes above the root stays, or goes with {@code full}.
     */
    static void stripDotDot(byte[] b, int from, int end, boolean full, ByteSink out) {
        List<int[]> kept = new ArrayList<>();
        int depth = 0;
        boolean endsInFolder = false;
        int start = from + 1;
        while (start <= end) {
            int stop = start;
            while (stop < end && b[stop] != '/') {
                stop++;
            }
            boolean last = stop == end;
            boolean up = stop - start == 2 && b[start] == '.' && b[start + 1] == '.';
            if (!up) {
                if (!last || stop > start) {
                    kept.add(new int[] {start, stop});
                    depth++;
                    endsInFolder = !last;
                }
            } else if (depth > 0) {
                kept.remove(kept.size() - 1);
                depth--;
                endsInFolder = true;
            } else {
                if (!full) {
                    kept.add(new int[] {start, stop});
                }
                endsInFolder = true;
            }
            start = stop + 1;
        }
        out.put((byte) '/');
        for (int i = 0; i < kept.size(); i++) {
            out.put(b, kept.get(i)[0], kept.get(i)[1] - kept.get(i)[0]);
            if (i + 1 < kept.size() || endsInFolder) {
                out.put((byte) '/');
            }
        }
    }

    /** @return false if {@code strict} and an escape is none */
    static boolean decodeUnreserved(byte[] b, int from, int end, boolean strict, ByteSink out) {
        for (int i = from; i < end; i++) {
            if (b[i] != '%') {
                out.put(b[i]);
            } else if (!isEscape(b, i, end)) {
                if (strict) {
                    return false;
                }
                out.put(b[i]);
            } else {
                int value = digit(b[i + 1]) << 4 | digit(b[i + 2]);
                if (isUnreserved(value)) {
                    out.put((byte) value);
                } else {
                    out.put(b, i, 3);
                }
                i += 2;
            }
        }
        return true;
    }

    /** @return false if {@code strict} and an escape is none */
    static boolean upperCaseEscapes(byte[] b, int from, int end, boolean strict, ByteSink out) {
        for (int i = from; i < end; i++) {
            out.put(b[i]);
            if (b[i] == '%') {
                if (isEscape(b, i, end)) {
                    out.put(upper(b[i + 1]));
                    out.put(upper(b[i + 2]));
                    i += 2;
                } else if (strict) {
                    return false;
                }
            }
        }
        return true;
    }

    /** @param from the question mark, if there is one */
    static void sortQuery(byte[] b, int from, int end, ByteSink out) {
        if (from >= end) {
            return;
        }
        List<int[]> parameters = new ArrayList<>();
        for (int start = from + 1; start <= end;) {
            int stop = start;
            while (stop < end && b[stop] != '&') {
                stop++;
            }
            parameters.add(new int[] {start, stop});
            start = stop + 1;
        }
        // Stable: parameters of one name keep their order.
        parameters.sort((x, y) -> compareNames(b, x, y));
        for (int i = 0; i < parameters.size(); i++) {
            out.put((byte) (i == 0 ? '?' : '&'));
            out.put(b, parameters.get(i)[0], parameters.get(i)[1] - parameters.get(i)[0]);
        }
    }

    private static int compareNames(byte[] b, int[] x, int[] y) {
        return java.util.Arrays.compareUnsigned(b, x[0], nameEnd(b, x), b, y[0], nameEnd(b, y));
    }

    private static int nameEnd(byte[] b, int[] parameter) {
        int end = parameter[0];
        while (end < parameter[1] && b[end] != '=') {
            end++;
        }
        return end;
    }

    private static boolean isEscape(byte[] b, int percent, int end) {
        return percent + 2 < end && digit(b[percent + 1]) >= 0 && digit(b[percent + 2]) >= 0;
    }

    private static int digit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    private static byte upper(byte b) {
        return b >= 'a' && b <= 'f' ? (byte) (b - 32) : b;
    }

    private static boolean isUnreserved(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~';
    }
}
