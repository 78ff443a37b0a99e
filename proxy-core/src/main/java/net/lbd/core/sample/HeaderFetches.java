package net.lbd.core.sample;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.stream.Stream;

/**
 * The fetches over the headers of a request or response: {@code hdr}, {@code fhdr}, their counts,
 * addresses and numbers. Without an occurrence they yield the last value, and an ACL looks at each.
 * Compiled fetches are immutable. Source: HAProxy manual, "req.hdr", "req.fhdr".
 */
final class HeaderFetches {

    static final Map<String, FetchCompiler> ROWS = rows();

    private HeaderFetches() { }

    private static Map<String, FetchCompiler> rows() {
        Map<String, FetchCompiler> rows = new LinkedHashMap<>();
        addTo(rows, "req", Stream::request);
        addTo(rows, "res", Stream::response);
        return Collections.unmodifiableMap(rows);
    }

    private static void addTo(Map<String, FetchCompiler> rows, String side, Function<Stream, HttpMessage> message) {
        rows.put(side + ".hdr", (arguments, names) -> values(arguments, message, true, SampleType.STRING));
        rows.put(side + ".fhdr", (arguments, names) -> values(arguments, message, false, SampleType.STRING));
        rows.put(side + ".hdr_ip", (arguments, names) -> values(arguments, message, true, SampleType.ADDRESS));
        rows.put(side + ".hdr_val", (arguments, names) -> values(arguments, message, true, SampleType.INTEGER));
        rows.put(side + ".hdr_cnt", (arguments, names) -> count(arguments, message, true));
        rows.put(side + ".fhdr_cnt", (arguments, names) -> count(arguments, message, false));
    }

    private static byte[] name(ArgumentList arguments) {
        return Ascii.bytes(arguments.text(0, "").toLowerCase(Locale.ROOT));
    }

    private static Fetch values(
            ArgumentList arguments, Function<Stream, HttpMessage> message, boolean split, SampleType type) {
        byte[] name = name(arguments);
        int occurrence = (int) arguments.number(1, 0);
        return occurrence == 0
                ? new AllValues(message, name, split, type)
                : new OneValue(message, name, split, occurrence, type);
    }

    private static Fetch count(ArgumentList arguments, Function<Stream, HttpMessage> message, boolean split) {
        byte[] name = name(arguments);
        return (stream, out) -> {
            HttpMessage head = message.apply(stream);
            if (!head.isPresent()) {
                return false;
            }
            out.setInteger(HeaderValues.count(head, name, split, out));
            return true;
        };
    }

    /** The value at one occurrence. */
    private record OneValue(
            Function<Stream, HttpMessage> message, byte[] name, boolean split, int occurrence, SampleType type)
            implements Fetch {
        @Override
        public boolean fetch(Stream stream, Sample out) {
            return HeaderValues.at(message.apply(stream), name, split, occurrence, out) && Casts.cast(out, type);
        }
    }

    /** Each value for an ACL, the last one for all else. */
    private record AllValues(Function<Stream, HttpMessage> message, byte[] name, boolean split, SampleType type)
            implements MultiFetch {
        @Override
        public boolean fetch(Stream stream, Sample out) {
            return HeaderValues.at(message.apply(stream), name, split, -1, out) && Casts.cast(out, type);
        }

        @Override
        public boolean first(Stream stream, Sample out) {
            HttpMessage head = message.apply(stream);
            return HeaderValues.first(head, name, split, out) && castOrNext(stream, out);
        }

        @Override
        public boolean next(Stream stream, Sample out) {
            return HeaderValues.next(message.apply(stream), name, split, out) && castOrNext(stream, out);
        }

        /** A value that is no address is passed over. */
        private boolean castOrNext(Stream stream, Sample out) {
            while (!Casts.cast(out, type)) {
                if (!HeaderValues.next(message.apply(stream), name, split, out)) {
                    return false;
                }
            }
            return true;
        }
    }
}
