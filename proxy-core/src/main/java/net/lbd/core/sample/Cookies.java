package net.lbd.core.sample;

import java.util.Arrays;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.stream.Stream;

/**
 * The cookies of a request and those that a response sets. Names are compared with case. Stateless; the
 * compiled fetches are immutable. Source: HAProxy manual, "req.cook"; RFC 6265 §4.2 and §4.1.
 */
final class Cookies {

    private static final byte[] COOKIE = Ascii.bytes("cookie");
    private static final byte[] SET_COOKIE = Ascii.bytes("set-cookie");

    private Cookies() { }

    /** Each cookie of that name for an ACL, the last one for all else; without a name the first one of all. */
    static Fetch values(byte[] name, SampleType type) {
        return new Values(name, type);
    }

    static Fetch count(byte[] name) {
        return (stream, out) -> {
            HttpMessage head = stream.request();
            int n = 0;
            for (boolean more = first(head, name, out); more; more = next(head, name, out)) {
                n++;
            }
            out.setInteger(n);
            return head.isPresent();
        };
    }

    /** A cookie that a response sets: the value up to its attributes. */
    static Fetch set(byte[] name, SampleType type) {
        return new SetValues(name, type);
    }

    static Fetch countSet(byte[] name) {
        SetValues values = new SetValues(name, SampleType.STRING);
        return (stream, out) -> {
            int n = 0;
            for (boolean more = values.first(stream, out); more; more = values.next(stream, out)) {
                n++;
            }
            out.setInteger(n);
            return stream.response().isPresent();
        };
    }

    /** Of the response where there is one, else of the request. */
    static Fetch either(byte[] name) {
        Fetch request = values(name, SampleType.STRING);
        Fetch response = set(name, SampleType.STRING);
        return (stream, out) -> (stream.response().isPresent() ? response : request).fetch(stream, out);
    }

    private record Values(byte[] name, SampleType type) implements MultiFetch {
        @Override
        public boolean fetch(Stream stream, Sample out) {
            HttpMessage head = stream.request();
            if (!Cookies.first(head, name, out)) {
                return false;
            }
            if (name.length > 0) {
                int offset = out.offset();
                int length = out.length();
                while (Cookies.next(head, name, out)) {
                    offset = out.offset();
                    length = out.length();
                }
                out.setView(SampleType.STRING, head.bytes(), offset, length);
            }
            return Casts.cast(out, type);
        }

        @Override
        public boolean first(Stream stream, Sample out) {
            return Cookies.first(stream.request(), name, out) && Casts.cast(out, type);
        }

        @Override
        public boolean next(Stream stream, Sample out) {
            return Cookies.next(stream.request(), name, out) && Casts.cast(out, type);
        }
    }

    private record SetValues(byte[] name, SampleType type) implements MultiFetch {
        @Override
        public boolean fetch(Stream stream, Sample out) {
            if (!first(stream, out)) {
                return false;
            }
            int offset = out.offset();
            int length = out.length();
            while (name.length > 0 && next(stream, out)) {
                offset = out.offset();
                length = out.length();
            }
            out.setView(SampleType.STRING, stream.response().bytes(), offset, length);
            return Casts.cast(out, type);
        }

        @Override
        public boolean first(Stream stream, Sample out) {
            out.cursorHeader = -1;
            return next(stream, out);
        }

        @Override
        public boolean next(Stream stream, Sample out) {
            HttpMessage head = stream.response();
            for (int h = head.find(SET_COOKIE, out.cursorHeader + 1); h >= 0; h = head.find(SET_COOKIE, h + 1)) {
                out.cursorHeader = h;
                int at = head.valueOffset(h);
                if (takePair(head.bytes(), at, at + head.valueLength(h), name, out) > 0) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean first(HttpMessage head, byte[] name, Sample out) {
        out.cursorHeader = -1;
        out.cursorOffset = -1;
        return next(head, name, out);
    }

    private static boolean next(HttpMessage head, byte[] name, Sample out) {
        while (true) {
            if (out.cursorOffset < 0) {
                int header = head.find(COOKIE, out.cursorHeader + 1);
                if (header < 0) {
                    return false;
                }
                out.cursorHeader = header;
                out.cursorOffset = 0;
            }
            int start = head.valueOffset(out.cursorHeader);
            int end = start + head.valueLength(out.cursorHeader);
            int at = start + out.cursorOffset;
            while (at < end) {
                int found = takePair(head.bytes(), at, end, name, out);
                at = Math.abs(found);
                if (found > 0) {
                    out.cursorOffset = at < end ? at - start : -1;
                    return true;
                }
            }
            out.cursorOffset = -1;
        }
    }

    /**
     * Reads one {@code name=value} up to a semicolon.
     *
     * @return the index behind it; negated if its name is not the one looked for
     */
    private static int takePair(byte[] bytes, int from, int end, byte[] name, Sample out) {
        int at = from;
        while (at < end && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        int stop = at;
        int equals = -1;
        while (stop < end && bytes[stop] != ';') {
            if (equals < 0 && bytes[stop] == '=') {
                equals = stop;
            }
            stop++;
        }
        int behind = Math.min(stop + 1, Math.max(end, 1));
        if (equals < 0) {
            return -behind;
        }
        int nameEnd = equals;
        while (nameEnd > at && bytes[nameEnd - 1] == ' ') {
            nameEnd--;
        }
        int valueEnd = stop;
        while (valueEnd > equals + 1 && bytes[valueEnd - 1] == ' ') {
            valueEnd--;
        }
        int valueStart = equals + 1;
        while (valueStart < valueEnd && bytes[valueStart] == ' ') {
            valueStart++;
        }
        if (name.length > 0 && !Arrays.equals(bytes, at, nameEnd, name, 0, name.length)) {
            return -behind;
        }
        out.setView(SampleType.STRING, bytes, valueStart, valueEnd - valueStart);
        return behind;
    }
}
