package net.lbd.core.sample;

import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.stream.Stream;

/**
 * {@code json}: escapes a text so that it can stand between the quotes of a JSON string, in ASCII. Immutable. Source: HAProxy
 * manual, "json"; compared with 2.6: what is beyond U+FFFF counts as an error of UTF-8 in every variant.
 */
final class JsonEscape implements Converter {

    private static final byte[] HEX = Ascii.bytes("0123456789abcdef");
    private static final int BAD = -1;
    private static final int OVERLONG = 1 << 24;

    private final boolean utf8;
    /** Overlong encodings are mended. */
    private final boolean permissive;
    /** What is wrong is left out; else the whole has no value. */
    private final boolean silent;

    JsonEscape(String encoding) {
        utf8 = encoding.startsWith("utf8");
        permissive = utf8 && encoding.substring(4).contains("p");
        silent = utf8 && encoding.endsWith("s");
    }

    @Override
    public boolean convert(Stream stream, Sample s) {
        ByteSink out = stream.worker().scratch().takeSink();
        boolean good = escape(s.bytes(), s.offset(), s.offset() + s.length(), out);
        if (good) {
            s.own(SampleType.STRING, out);
        }
        stream.worker().scratch().giveSink(out);
        return good;
    }

    private boolean escape(byte[] bytes, int start, int end, ByteSink out) {
        int at = start;
        while (at < end) {
            int size = utf8 ? size(bytes, at, end) : 1;
            int code = utf8 ? code(bytes, at, size) : bytes[at] & 0xff;
            at += size;
            boolean overlong = code != BAD && (code & OVERLONG) != 0;
            if (code == BAD || overlong && !permissive || (code & ~OVERLONG) > 0xffff) {
                if (!silent) {
                    return false;
                }
                continue;
            }
            put(code & ~OVERLONG, out);
        }
        return true;
    }

    /** Bytes that belong together: what the first one announces, up to one that does not continue it. */
    private static int size(byte[] bytes, int at, int end) {
        int first = bytes[at] & 0xff;
        int announced = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : first < 0xfc ? 5 : first < 0xfe ? 6 : 1;
        int size = 1;
        while (size < announced && at + size < end && (bytes[at + size] & 0xc0) == 0x80) {
            size++;
        }
        return size;
    }

    private static int code(byte[] bytes, int at, int size) {
        int first = bytes[at] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int announced = first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;
        if (announced == 0 || size != announced) {
            return BAD;
        }
        int code = first & 0x7f >> announced;
        for (int i = 1; i < size; i++) {
            code = code << 6 | bytes[at + i] & 0x3f;
        }
        if (code >= 0xd800 && code < 0xe000 || code > 0x10ffff || code == 0xfffe || code == 0xffff) {
            return BAD;
        }
        int least = size == 2 ? 0x80 : size == 3 ? 0x800 : 0x10000;
        return code < least ? code | OVERLONG : code;
    }

    private static void put(int code, ByteSink out) {
        switch (code) {
            case '"', '\\', '/' -> {
                out.put((byte) '\\');
                out.put((byte) code);
            }
            case '\b' -> shortForm('b', out);
            case '\f' -> shortForm('f', out);
            case '\n' -> shortForm('n', out);
            case '\r' -> shortForm('r', out);
            case '\t' -> shortForm('t', out);
            default -> {
                if (code >= 0x20 && code < 0x7f) {
                    out.put((byte) code);
                } else {
                    shortForm('u', out);
                    for (int shift = 12; shift >= 0; shift -= 4) {
                        out.put(HEX[code >> shift & 15]);
                    }
                }
            }
        }
    }

    private static void shortForm(char letter, ByteSink out) {
        out.put((byte) '\\');
        out.put((byte) letter);
    }
}
