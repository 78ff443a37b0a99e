package net.lbd.core.log;

import net.lbd.config.model.LogFormatSpec.Flags;
import net.lbd.core.http.Ascii;
import net.lbd.core.sample.ByteSink;

/**
 * How a variable's text is written under its flags. Immutable.
 *
 * @param quote in double quotes; a text that is absent is then an empty pair of them, else a dash
 * @param hex addresses and most numbers in hexadecimal
 * @param escape a backslash before quote, backslash and closing bracket
 */
record Escaping(boolean quote, boolean hex, boolean escape) {

    /** Written as {@code #XX} in requests and captures: control characters, bytes above 126, hash, quote. */
    static final boolean[] LINE = map("\"#");
    /** Captured headers stand between braces and bars. */
    static final boolean[] HEADER = map("\"#{|}");
    /** Of expressions only what would break a line or a terminal. */
    static final boolean[] CONTROL = new boolean[256];

    static {
        for (int i = 0; i < 32; i++) {
            CONTROL[i] = true;
        }
        CONTROL[127] = true;
    }

    private static final boolean[] BACKSLASHED = new boolean[256];

    static {
        for (byte b : Ascii.bytes("\"\\]")) {
            BACKSLASHED[b] = true;
        }
    }

    private static boolean[] map(String special) {
        boolean[] map = new boolean[256];
        for (int i = 0; i < 256; i++) {
            map[i] = i < 32 || i > 126;
        }
        for (byte b : Ascii.bytes(special)) {
            map[b] = true;
        }
        return map;
    }

    static Escaping of(Flags flags) {
        return new Escaping(flags.quote(), flags.hex(), flags.escape());
    }

    /** Text that is known to hold nothing special, such as a name or an address. */
    void putText(byte[] text, int offset, int length, ByteSink out) {
        open(out);
        if (escape) {
            putEscaped(text, offset, length, out);
        } else {
            out.put(text, offset, length);
        }
        close(out);
    }

    void putText(byte[] text, ByteSink out) {
        if (text.length == 0) {
            putAbsent(out);
        } else {
            putText(text, 0, text.length, out);
        }
    }

    /** The sign for a value that is not there. */
    void putAbsent(ByteSink out) {
        if (quote) {
            open(out);
            close(out);
        } else {
            out.put((byte) '-');
        }
    }

    /** Text of the network: bytes of the map become {@code #XX}. */
    void putEncoded(byte[] text, int offset, int length, boolean[] encoded, ByteSink out) {
        // Most text holds nothing special: it is copied as a whole up to what does.
        int end = offset + length;
        int from = offset;
        for (int i = offset; i < end; i++) {
            byte b = text[i];
            if (encoded[b & 0xff]) {
                out.put(text, from, i - from);
                out.put((byte) '#');
                out.putHex(b);
                from = i + 1;
            } else if (escape && BACKSLASHED[b & 0xff]) {
                out.put(text, from, i - from);
                out.put((byte) '\\');
                from = i;
            }
        }
        out.put(text, from, end - from);
    }

    private static void putEscaped(byte[] text, int offset, int length, ByteSink out) {
        for (int i = offset; i < offset + length; i++) {
            if (BACKSLASHED[text[i] & 0xff]) {
                out.put((byte) '\\');
            }
            out.put(text[i]);
        }
    }

    void open(ByteSink out) {
        if (quote) {
            out.put((byte) '"');
        }
    }

    void close(ByteSink out) {
        if (quote) {
            out.put((byte) '"');
        }
    }
}
