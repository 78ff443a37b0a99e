package net.lbd.core.http;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads the head of an HTTP/1 message, strictly and in as many pieces as the network makes of it. The
 * bytes are copied once into the message's array and indexed there; nothing else is made. Whatever two
 * readers could read differently is a {@link Defect}: bare CR or LF, folded lines, blanks before a
 * colon, control characters, unusual versions, targets of no known form.
 *
 * <table><caption>Limits</caption>
 * <tr><td>head</td><td>{@code limitBytes}; more is {@link Defect#HEAD_TOO_LARGE}</td></tr>
 * <tr><td>headers</td><td>{@code maxHeaders}; more is {@link Defect#TOO_MANY_HEADERS}</td></tr>
 * <tr><td>empty lines before a request</td><td>one, RFC 9112 §2.2</td></tr>
 * </table>
 *
 * Where {@code option accept-unsafe-violations-in-http-request} or {@code -response} asks for it, {@link #setLenient} lets pass: bytes
 * from 128 on and {@code #} in targets, names of headers with any byte but blanks, controls and the colon, control characters but CR,
 * LF and NUL in values, statuses up to 999. Nothing of it can make two readers disagree about where a message ends.
 *
 * <p>Event-loop confined; one parser for each connection. Source: RFC 9112 §2 to §5.
 */
public final class HeadParser {

    /** What came of feeding bytes. */
    public enum Result { NEED_MORE, COMPLETE, INVALID }

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    private static final byte TOKEN = 1;
    private static final byte TARGET = 2;
    /** What is let pass beside them where that is asked for. */
    private static final byte ODD_IN_NAME = 4;
    private static final byte ODD_IN_TARGET = 8;
    private static final byte[] CLASS = new byte[256];

    static {
        for (int c = 0x21; c <= 0x7e; c++) {
            byte flags = c == '#' ? 0 : TARGET;
            if ("\"(),/:;<=>?@[\\]{}".indexOf(c) < 0) {
                flags |= TOKEN;
            }
            CLASS[c] = flags;
        }
        for (int c = 0x21; c <= 0xff; c++) {
            if (c != ':' && c != 0x7f) {
                CLASS[c] |= ODD_IN_NAME;
            }
            if (c == '#' || c >= 0x80) {
                CLASS[c] |= ODD_IN_TARGET;
            }
        }
    }

    private final boolean request;
    private final BytePool pool;
    private final int limitBytes;
    private final int maxHeaders;
    /** Where the line begins that is being read. */
    private int lineStart;
    /** Up to here the line is known to hold no line end. */
    private int scanned;
    private boolean startLineRead;
    private boolean emptyLineSkipped;
    private boolean lenient;
    /** The classes of the bytes of a target and of a header's name. */
    private int inTarget = TARGET;
    private int inName = TOKEN;
    private Defect defect = Defect.NONE;
    private int defectPosition;

    public HeadParser(boolean request, BytePool pool, int limitBytes, int maxHeaders) {
        this.request = request;
        this.pool = pool;
        this.limitBytes = limitBytes;
        this.maxHeaders = maxHeaders;
    }

    /** Makes ready for the next message. */
    public void reset() {
        lineStart = 0;
        scanned = 0;
        startLineRead = false;
        emptyLineSkipped = false;
        defect = Defect.NONE;
        defectPosition = 0;
    }

    /** Whether the next messages may break the rules, as listed above. */
    public void setLenient(boolean value) {
        if (lenient != value) {
            lenient = value;
            inTarget = value ? TARGET | ODD_IN_TARGET : TARGET;
            inName = value ? TOKEN | ODD_IN_NAME : TOKEN;
        }
    }

    /** Whether a byte of the message has been read. */
    public boolean hasBegun() {
        return scanned > 0 || lineStart > 0;
    }

    public Defect defect() {
        return defect;
    }

    /** Where in the message the defect was found. */
    public int defectPosition() {
        return defectPosition;
    }

    /**
     * Takes what belongs to the head out of {@code in}. After {@link Result#COMPLETE} the rest of {@code
     * in} is body; after {@link Result#INVALID} the connection is of no further use.
     */
    public Result feed(HttpMessage message, ByteBuf in) {
        int before = message.used;
        int taken = Math.min(in.readableBytes(), limitBytes - before);
        room(message, taken);
        in.getBytes(in.readerIndex(), message.bytes, before, taken);
        message.used = before + taken;
        Result result = scan(message);
        if (result == Result.COMPLETE) {
            in.skipBytes(lineStart - before);
            message.used = lineStart;
            return result;
        }
        in.skipBytes(taken);
        if (result == Result.NEED_MORE && message.used >= limitBytes) {
            return invalid(request && !startLineRead ? Defect.TARGET_TOO_LONG : Defect.HEAD_TOO_LARGE, message.used);
        }
        return result;
    }

    private void room(HttpMessage message, int more) {
        int needed = message.used + more;
        if (message.bytes.length < needed) {
            // Half as much again: room for the headers that rules add.
            byte[] old = message.bytes;
            message.lendBytes(pool.take(needed + needed / 2));
            if (old.length > 0) {
                pool.give(old);
            }
        }
    }

    private Result scan(HttpMessage message) {
        byte[] bytes = message.bytes;
        int end = message.used;
        while (true) {
            int lf = indexOfControl(bytes, scanned, end);
            while (lf < end && (bytes[lf] == '\t' || bytes[lf] == 0x7f
                    || lenient && bytes[lf] != '\r' && bytes[lf] != '\n' && bytes[lf] != 0)) {
                // A tab is legal in a value and DEL nowhere: both are judged with their line.
                lf = indexOfControl(bytes, lf + 1, end);
            }
            scanned = lf;
            if (lf == end) {
                return Result.NEED_MORE;
            }
            byte control = bytes[lf];
            if (control == '\n') {
                return invalid(Defect.BARE_LF, lf);
            }
            if (control != '\r') {
                return invalid(startLineRead ? Defect.BAD_HEADER_VALUE : Defect.BAD_START_LINE, lf);
            }
            if (lf + 1 == end) {
                return Result.NEED_MORE;
            }
            if (bytes[lf + 1] != '\n') {
                return invalid(Defect.BARE_CR, lf);
            }
            int lineEnd = lf;
            int next = lf + 2;
            if (lineEnd == lineStart) {
                if (startLineRead) {
                    message.headersEnd = lineStart;
                    lineStart = next;
                    scanned = next;
                    return Result.COMPLETE;
                }
                if (emptyLineSkipped || !request) {
                    return invalid(Defect.BAD_START_LINE, lineStart);
                }
                emptyLineSkipped = true;
            } else if (!startLineRead) {
                boolean good = request
                        ? readRequestLine(message, lineStart, lineEnd)
                        : readStatusLine(message, lineStart, lineEnd);
                if (!good) {
                    return Result.INVALID;
                }
                startLineRead = true;
                message.headersStart = next;
            } else if (!readHeader(message, lineStart, lineEnd)) {
                return Result.INVALID;
            }
            lineStart = next;
            scanned = next;
        }
    }

    /** The first byte below 0x20 or equal to 0x7f at or after {@code from}; {@code end} if there is none. */
    private static int indexOfControl(byte[] bytes, int from, int end) {
        int i = from;
        while (i + 8 <= end) {
            long word = (long) LONG.get(bytes, i);
            // High bit set in each byte below 0x20 (and in none of 0x80 and above), or equal to 0x7f.
            long below = word - ONES * 0x20 & ~word & HIGHS;
            long x = word ^ ONES * 0x7f;
            long del = x - ONES & ~x & HIGHS;
            long hit = below | del;
            if (hit != 0) {
                // Borrows can mark a byte behind a true hit, never one before it: the lowest mark is true.
                return i + (Long.numberOfTrailingZeros(hit) >>> 3);
            }
            i += 8;
        }
        while (i < end) {
            byte b = bytes[i];
            if (b >= 0 && b < 0x20 || b == 0x7f) {
                return i;
            }
            i++;
        }
        return end;
    }

    private boolean readRequestLine(HttpMessage m, int start, int end) {
        byte[] bytes = m.bytes;
        int i = start;
        while (i < end && (CLASS[bytes[i] & 0xff] & TOKEN) != 0) {
            i++;
        }
        if (i == start || i == end || bytes[i] != ' ') {
            return fail(Defect.BAD_METHOD, i);
        }
        int targetStart = i + 1;
        int k = targetStart;
        while (k < end && (CLASS[bytes[k] & 0xff] & inTarget) != 0) {
            k++;
        }
        if (k == targetStart || k < end && bytes[k] != ' ') {
            return fail(Defect.BAD_TARGET, k);
        }
        if (!readVersion(m, k + 1, end) || k + 9 != end) {
            return fail(Defect.BAD_VERSION, Math.min(k + 1, end));
        }
        m.startLineOffset = start;
        m.startLineLength = end - start;
        m.methodOffset = start;
        m.methodLength = i - start;
        m.targetOffset = targetStart;
        m.targetLength = k - targetStart;
        m.originalMethodLength = m.methodLength;
        m.originalTargetOffset = targetStart;
        m.originalTargetLength = m.targetLength;
        m.locatePath();
        return TargetForm.of(m) != TargetForm.NONE || fail(Defect.BAD_TARGET, targetStart);
    }

    private boolean readStatusLine(HttpMessage m, int start, int end) {
        byte[] bytes = m.bytes;
        if (!readVersion(m, start, end)) {
            return fail(Defect.BAD_VERSION, start);
        }
        int at = start + 9;
        if (at + 3 > end || bytes[at - 1] != ' ' || !digit(bytes[at]) || !digit(bytes[at + 1])
                || !digit(bytes[at + 2]) || at + 3 < end && bytes[at + 3] != ' ') {
            return fail(Defect.BAD_STATUS, Math.min(at, end));
        }
        m.status = (bytes[at] - '0') * 100 + (bytes[at + 1] - '0') * 10 + bytes[at + 2] - '0';
        if (m.status < 100 || m.status > (lenient ? 999 : 599)) {
            return fail(Defect.BAD_STATUS, at);
        }
        m.reasonOffset = Math.min(at + 4, end);
        m.reasonLength = end - m.reasonOffset;
        if (!lenient && !validText(bytes, m.reasonOffset, end)) {
            return fail(Defect.BAD_START_LINE, m.reasonOffset);
        }
        m.startLineOffset = start;
        m.startLineLength = end - start;
        return true;
    }

    /** {@code HTTP/1.0} or {@code HTTP/1.1} at {@code at}. */
    private static boolean readVersion(HttpMessage m, int at, int end) {
        byte[] b = m.bytes;
        if (at + 8 > end || b[at] != 'H' || b[at + 1] != 'T' || b[at + 2] != 'T' || b[at + 3] != 'P'
                || b[at + 4] != '/' || b[at + 5] != '1' || b[at + 6] != '.' || b[at + 7] != '0' && b[at + 7] != '1') {
            return false;
        }
        m.versionMajor = 1;
        m.versionMinor = b[at + 7] - '0';
        return true;
    }

    private boolean readHeader(HttpMessage m, int start, int end) {
        byte[] bytes = m.bytes;
        int i = start;
        while (i < end && (CLASS[bytes[i] & 0xff] & inName) != 0) {
            i++;
        }
        if (i == end || bytes[i] != ':' || i == start) {
            return fail(nameDefect(bytes, start, i, end), i);
        }
        int valueStart = i + 1;
        while (valueStart < end && (bytes[valueStart] == ' ' || bytes[valueStart] == '\t')) {
            valueStart++;
        }
        int valueEnd = end;
        while (valueEnd > valueStart && (bytes[valueEnd - 1] == ' ' || bytes[valueEnd - 1] == '\t')) {
            valueEnd--;
        }
        if (!lenient && !validText(bytes, valueStart, valueEnd)) {
            return fail(Defect.BAD_HEADER_VALUE, valueStart);
        }
        if (m.headerCount() >= maxHeaders) {
            return fail(Defect.TOO_MANY_HEADERS, start);
        }
        m.append(start, i - start, valueStart, valueEnd - valueStart);
        return true;
    }

    private static Defect nameDefect(byte[] bytes, int start, int at, int end) {
        if (bytes[start] == ' ' || bytes[start] == '\t') {
            return Defect.OBSOLETE_FOLDING;
        }
        return at > start && at < end && (bytes[at] == ' ' || bytes[at] == '\t')
                ? Defect.BLANK_BEFORE_COLON
                : Defect.BAD_HEADER_NAME;
    }

    /** Only tabs among the control characters. The scan has stopped at every other one but DEL. */
    private static boolean validText(byte[] bytes, int from, int end) {
        int i = indexOfControl(bytes, from, end);
        while (i < end) {
            if (bytes[i] != '\t') {
                return false;
            }
            i = indexOfControl(bytes, i + 1, end);
        }
        return true;
    }

    /** As {@link #validText}; and no blank at either end, which in HTTP/1 is not part of the value. */
    static boolean isFieldValue(byte[] bytes, int at, int length) {
        int end = at + length;
        return length == 0 || !blank(bytes[at]) && !blank(bytes[end - 1]) && validText(bytes, at, end);
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\t';
    }

    static boolean isTarget(byte b) {
        return (CLASS[b & 0xff] & TARGET) != 0;
    }

    static boolean isToken(byte b) {
        return (CLASS[b & 0xff] & TOKEN) != 0;
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    private Result invalid(Defect found, int position) {
        fail(found, position);
        return Result.INVALID;
    }

    private boolean fail(Defect found, int position) {
        defect = found;
        defectPosition = position;
        return false;
    }
}
