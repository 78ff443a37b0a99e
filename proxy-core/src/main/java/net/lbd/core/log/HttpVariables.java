package net.lbd.core.log;

import static java.util.Map.entry;

import java.util.Map;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.StreamClock;

/**
 * The request, as it came in before any rule changed it, the status, and captures. A request whose head
 * was never complete is {@code <BADREQ>} and has no captures. Rows of {@link LogVariables}.
 */
final class HttpVariables {

    private static final byte[] NO_VERSION = Ascii.bytes("HTTP/0.9");
    private static final byte[] BAD_REQUEST = Ascii.bytes("<BADREQ>");

    static final Map<String, LogVariables.Row> ROWS = Map.ofEntries(
            entry("r", part(Part.LINE)),
            entry("HM", part(Part.METHOD)),
            entry("HU", part(Part.TARGET)),
            entry("HP", part(Part.TARGET_WITHOUT_QUERY)),
            entry("HPO", part(Part.PATH)),
            entry("HQ", part(Part.QUERY)),
            entry("HV", part(Part.VERSION)),
            entry("ST", (escaping, names) -> (stream, out) ->
                    out.putNumber(stream.isHttp() ? stream.status() : Math.max(0, stream.status()))),
            entry("CC", (escaping, names) -> (stream, out) -> putCookie(stream, true, escaping, out)),
            entry("CS", (escaping, names) -> (stream, out) -> putCookie(stream, false, escaping, out)),
            entry("hr", (escaping, names) -> (stream, out) -> putCaptures(stream, true, escaping, out)),
            entry("hs", (escaping, names) -> (stream, out) -> putCaptures(stream, false, escaping, out)),
            entry("hrl", (escaping, names) -> (stream, out) -> putCaptureList(stream, true, escaping, out)),
            entry("hsl", (escaping, names) -> (stream, out) -> putCaptureList(stream, false, escaping, out)));

    private enum Part { LINE, METHOD, TARGET, TARGET_WITHOUT_QUERY, PATH, QUERY, VERSION }

    private HttpVariables() { }

    private static LogVariables.Row part(Part part) {
        return (escaping, names) -> {
            int limit = names.loggedLineBytes();
            return (stream, out) -> {
                escaping.open(out);
                if (hasRequest(stream)) {
                    putPart(stream.request(), part, limit, escaping, out);
                } else {
                    out.put(BAD_REQUEST);
                }
                escaping.close(out);
                // An empty query still stands between two blanks.
                out.keepSeparator();
            };
        };
    }

    private static boolean hasRequest(Stream stream) {
        return stream.clock().requestHead != StreamClock.NEVER && stream.request().isPresent();
    }

    private static void putPart(HttpMessage head, Part part, int limit, Escaping escaping, ByteSink out) {
        byte[] bytes = head.bytes();
        int line = head.startLineOffset();
        int target = head.originalTargetOffset();
        // The whole line is cut, as HAProxy keeps it: what stands behind the limit is not there for any variable.
        int lineEnd = line + Math.min(head.startLineLength(), limit);
        int targetEnd = Math.min(target + head.originalTargetLength(), lineEnd);
        int query = indexOf(bytes, target, targetEnd, (byte) '?');
        switch (part) {
            case LINE -> put(bytes, line, lineEnd, escaping, out);
            case METHOD -> put(bytes, line, line + head.originalMethodLength(), escaping, out);
            case TARGET -> put(bytes, target, targetEnd, escaping, out);
            case TARGET_WITHOUT_QUERY -> put(bytes, target, query, escaping, out);
            case PATH -> put(bytes, pathStart(bytes, target, query), query, escaping, out);
            case QUERY -> put(bytes, query, targetEnd, escaping, out);
            case VERSION -> {
                if (targetEnd + 1 < lineEnd) {
                    put(bytes, targetEnd + 1, lineEnd, escaping, out);
                } else {
                    // So HAProxy writes a version that was cut off.
                    out.put(NO_VERSION);
                }
            }
        }
    }

    private static void put(byte[] bytes, int from, int to, Escaping escaping, ByteSink out) {
        escaping.putEncoded(bytes, from, to - from, Escaping.LINE, out);
    }

    private static int indexOf(byte[] bytes, int from, int end, byte wanted) {
        int i = from;
        while (i < end && bytes[i] != wanted) {
            i++;
        }
        return i;
    }

    /** The first slash that does not belong to the scheme; the end for a target without a path. */
    private static int pathStart(byte[] bytes, int from, int end) {
        if (from < end && bytes[from] == '/') {
            return from;
        }
        int colon = indexOf(bytes, from, end, (byte) ':');
        return colon + 2 < end && bytes[colon + 1] == '/' && bytes[colon + 2] == '/'
                ? indexOf(bytes, colon + 3, end, (byte) '/')
                : end;
    }

    private static void putCookie(Stream stream, boolean request, Escaping escaping, ByteSink out) {
        int length = stream.cookieCaptureLength(request);
        if (length < 0) {
            escaping.putAbsent(out);
        } else {
            escaping.open(out);
            escaping.putEncoded(stream.cookieCapture(request), 0, length, Escaping.CONTROL, out);
            escaping.close(out);
        }
    }

    private static int count(Stream stream, boolean request) {
        if (!stream.isHttp() || !hasRequest(stream)) {
            return 0;
        }
        return request ? stream.frontend().requestCaptures().size() : stream.frontend().responseCaptures().size();
    }

    /** {@code {a|b}}; nothing at all where the frontend captures nothing. */
    private static void putCaptures(Stream stream, boolean request, Escaping escaping, ByteSink out) {
        int count = count(stream, request);
        if (count == 0) {
            return;
        }
        escaping.open(out);
        out.put((byte) '{');
        for (int n = 0; n < count; n++) {
            if (n > 0) {
                out.put((byte) '|');
            }
            putCapture(stream, request, n, escaping, out);
        }
        out.put((byte) '}');
        escaping.close(out);
    }

    private static void putCaptureList(Stream stream, boolean request, Escaping escaping, ByteSink out) {
        int count = count(stream, request);
        for (int n = 0; n < count; n++) {
            if (n > 0) {
                out.put((byte) ' ');
            }
            int length = request ? stream.requestCaptureLength(n) : stream.responseCaptureLength(n);
            if (length < 0) {
                escaping.putAbsent(out);
            } else {
                escaping.open(out);
                putCapture(stream, request, n, escaping, out);
                escaping.close(out);
            }
        }
    }

    private static void putCapture(Stream stream, boolean request, int n, Escaping escaping, ByteSink out) {
        int length = request ? stream.requestCaptureLength(n) : stream.responseCaptureLength(n);
        if (length > 0) {
            byte[] text = request ? stream.requestCapture(n) : stream.responseCapture(n);
            escaping.putEncoded(text, 0, length, Escaping.HEADER, out);
        }
    }
}
