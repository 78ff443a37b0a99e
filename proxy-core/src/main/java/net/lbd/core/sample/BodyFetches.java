package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.stream.Stream;

/**
 * The body of a request or response, as much of it as is there before it goes on: {@code wait-for-body} and {@code option
 * http-buffer-request} see to that. Source: HAProxy manual, "req.body", "res.body" and kin.
 */
final class BodyFetches {

    /** Whose body. */
    private interface Body {
        void copy(Stream stream, ByteSink out);
    }

    private static final Body REQUEST = Stream::copyRequestBody;
    private static final Body RESPONSE = Stream::copyResponseBody;

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("req.body", FetchCompiler.of((stream, out) -> bytes(stream, REQUEST, out))),
            entry("req.body_len", FetchCompiler.of((stream, out) -> length(stream, REQUEST, out))),
            entry("req.body_size", FetchCompiler.of((stream, out) -> size(stream, REQUEST, stream.requestBodyLength(), out))),
            entry("res.body", FetchCompiler.of((stream, out) -> bytes(stream, RESPONSE, out))),
            entry("res.body_len", FetchCompiler.of((stream, out) -> length(stream, RESPONSE, out))),
            entry("res.body_size", FetchCompiler.of((stream, out) -> size(stream, RESPONSE, stream.responseBodyLength(), out))),
            entry("req.body_param", (arguments, names) -> {
                byte[] name = arguments.bytes(0, "");
                boolean anyCase = arguments.text(1, "").equals("i");
                return (stream, out) -> {
                    ByteSink body = stream.worker().scratch().takeSink();
                    stream.copyRequestBody(body);
                    boolean found = parameter(body, name, anyCase, out);
                    stream.worker().scratch().giveSink(body);
                    return found;
                };
            }));

    private BodyFetches() { }

    private static boolean bytes(Stream stream, Body which, Sample out) {
        ByteSink body = stream.worker().scratch().takeSink();
        which.copy(stream, body);
        put(SampleType.BINARY, body, 0, body.length(), out);
        stream.worker().scratch().giveSink(body);
        return true;
    }

    private static boolean length(Stream stream, Body which, Sample out) {
        ByteSink body = stream.worker().scratch().takeSink();
        which.copy(stream, body);
        out.setInteger(body.length());
        stream.worker().scratch().giveSink(body);
        return true;
    }

    /** @param declared -1: nothing was */
    private static boolean size(Stream stream, Body which, long declared, Sample out) {
        if (declared < 0) {
            return length(stream, which, out);
        }
        out.setInteger(declared);
        return true;
    }

    private static void put(SampleType type, ByteSink from, int offset, int length, Sample out) {
        System.arraycopy(from.bytes(), offset, out.setOwned(type, length), 0, length);
    }

    private static boolean parameter(ByteSink body, byte[] name, boolean anyCase, Sample out) {
        byte[] bytes = body.bytes();
        for (int start = 0; start < body.length();) {
            int end = start;
            while (end < body.length() && bytes[end] != '&') {
                end++;
            }
            int equals = start;
            while (equals < end && bytes[equals] != '=') {
                equals++;
            }
            if (equals < end && (name.length == 0 || isName(bytes, start, equals - start, name, anyCase))) {
                put(SampleType.STRING, body, equals + 1, end - equals - 1, out);
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    private static boolean isName(byte[] bytes, int offset, int length, byte[] name, boolean anyCase) {
        boolean same = length == name.length;
        for (int i = 0; same && i < length; i++) {
            same = bytes[offset + i] == name[i] || anyCase && Ascii.lower(bytes[offset + i]) == Ascii.lower(name[i]);
        }
        return same;
    }
}
