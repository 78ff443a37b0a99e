package net.lbd.core.sample;

import java.util.Arrays;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.stream.Stream;

/**
 * {@code urlp}: the parameters of a query, as they stand there: nothing is decoded. The first one of a
 * name for all but ACLs, which look at each. Immutable.
 *
 * @param name empty: every parameter
 * @param delimiter what stands between the path and the parameters
 */
record QueryParameters(byte[] name, byte delimiter, SampleType type) implements MultiFetch {

    @Override
    public boolean fetch(Stream stream, Sample out) {
        return first(stream, out);
    }

    @Override
    public boolean first(Stream stream, Sample out) {
        HttpMessage head = stream.request();
        if (!head.isPresent() || !head.hasPath()) {
            return false;
        }
        byte[] bytes = head.bytes();
        int end = head.pathOffset() + head.pathAndQueryLength();
        int i = head.pathOffset();
        while (i < end && bytes[i] != delimiter) {
            i++;
        }
        out.cursorOffset = i + 1;
        return next(stream, out);
    }

    @Override
    public boolean next(Stream stream, Sample out) {
        HttpMessage head = stream.request();
        byte[] bytes = head.bytes();
        int end = head.pathOffset() + head.pathAndQueryLength();
        int at = out.cursorOffset;
        while (at < end) {
            int stop = at;
            int equals = -1;
            while (stop < end && bytes[stop] != '&' && bytes[stop] != ';') {
                if (equals < 0 && bytes[stop] == '=') {
                    equals = stop;
                }
                stop++;
            }
            if (equals >= 0 && isName(bytes, at, equals - at)) {
                out.cursorOffset = stop + 1;
                out.setView(SampleType.STRING, bytes, equals + 1, stop - equals - 1);
                return Casts.cast(out, type);
            }
            at = stop + 1;
        }
        return false;
    }

    private boolean isName(byte[] bytes, int offset, int length) {
        return name.length == 0
                || length == name.length
                        && Arrays.equals(bytes, offset, offset + length, name, 0, name.length);
    }
}
