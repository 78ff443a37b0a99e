package net.lbd.core.http;

import io.netty.buffer.ByteBuf;

/**
 * Writes a head as HTTP/1 bytes. Headers that were received leave as the very bytes in which they came,
 * in runs as long as no header between them was removed; added ones follow. Pure functions.
 */
public final class HeadWriter {

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] COLON_BLANK = {':', ' '};
    private static final int BARE_STATUS_LINE = "HTTP/1.1 200".length();
    private static final byte[] HTTP_1 = Ascii.bytes(" HTTP/1.");

    private HeadWriter() { }

    /** An upper bound of what {@link #write} writes. */
    public static int sizeBound(HttpMessage m) {
        return m.used + 4 * m.headerCount() + m.targetLength() + m.methodLength() + 64;
    }

    public static void write(HttpMessage m, ByteBuf out) {
        byte[] bytes = m.bytes;
        if (m.startLineChanged()) {
            out.writeBytes(bytes, m.methodOffset, m.methodLength).writeByte(' ');
            writeTarget(m, out);
            out.writeBytes(HTTP_1).writeByte(m.versionMajor > 1 ? '1' : '0' + m.versionMinor).writeBytes(CRLF);
        } else {
            out.writeBytes(bytes, m.startLineOffset, m.startLineLength);
            if (m.status > 0 && m.startLineLength == BARE_STATUS_LINE) {
                // The blank belongs there, with or without a phrase behind it (RFC 9112 §4).
                out.writeByte(' ');
            }
            out.writeBytes(CRLF);
        }
        int count = m.headerCount();
        int runStart = -1;
        int i = 0;
        for (; i < count && m.nameOffset(i) < m.headersEnd; i++) {
            if (m.isRemoved(i)) {
                if (runStart >= 0) {
                    out.writeBytes(bytes, runStart, m.nameOffset(i) - runStart);
                    runStart = -1;
                }
            } else if (runStart < 0) {
                runStart = m.nameOffset(i);
            }
        }
        if (runStart >= 0) {
            out.writeBytes(bytes, runStart, m.headersEnd - runStart);
        }
        for (; i < count; i++) {
            if (!m.isRemoved(i)) {
                out.writeBytes(bytes, m.nameOffset(i), m.nameLength(i)).writeBytes(COLON_BLANK)
                        .writeBytes(bytes, m.valueOffset(i), m.valueLength(i)).writeBytes(CRLF);
            }
        }
        out.writeBytes(CRLF);
    }

    private static void writeTarget(HttpMessage m, ByteBuf out) {
        if (!m.isSentInOriginForm()) {
            out.writeBytes(m.bytes, m.targetOffset, m.targetLength);
        } else if (m.hasPath()) {
            out.writeBytes(m.bytes, m.pathOffset, m.pathAndQueryLength());
        } else {
            // Only OPTIONS may come without a path: it asks about the server as a whole.
            out.writeByte('*');
        }
    }
}
