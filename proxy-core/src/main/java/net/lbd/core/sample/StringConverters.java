package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.stream.Stream;

/**
 * Converters that cut, join and change text. Those whose result is a part of their input move a view;
 * the others write into the sample's own array. Source: HAProxy manual, "Converters".
 */
final class StringConverters {

    static final Map<String, ConverterCompiler> ROWS = Map.ofEntries(
            entry("lower", ConverterCompiler.of(SampleType.STRING, (Converter) StringConverters::lower)),
            entry("upper", ConverterCompiler.of(SampleType.STRING, (Converter) StringConverters::upper)),
            entry("length", ConverterCompiler.of(SampleType.STRING, (Converter) (stream, s) -> {
                s.setInteger(s.length());
                return true;
            })),
            entry("bytes", ConverterCompiler.of(SampleType.BINARY, (ConverterCompiler.Maker) arguments -> {
                int offset = (int) arguments.number(0);
                int length = (int) arguments.number(1, Integer.MAX_VALUE);
                return (stream, s) -> {
                    if (offset > s.length()) {
                        return false;
                    }
                    s.setView(s.type(), s.bytes(), s.offset() + offset, Math.min(length, s.length() - offset));
                    return true;
                };
            })),
            entry("field", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) arguments -> new Fields(
                    (int) arguments.number(0), set(arguments, 1), (int) arguments.number(2, 1), false))),
            entry("word", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) arguments -> new Fields(
                    (int) arguments.number(0), set(arguments, 1), (int) arguments.number(2, 1), true))),
            entry("ltrim", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) arguments -> {
                boolean[] trimmed = set(arguments, 0);
                return (stream, s) -> {
                    int from = s.offset();
                    int end = from + s.length();
                    while (from < end && trimmed[s.bytes()[from] & 0xff]) {
                        from++;
                    }
                    s.setView(s.type(), s.bytes(), from, end - from);
                    return true;
                };
            })),
            entry("rtrim", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) arguments -> {
                boolean[] trimmed = set(arguments, 0);
                return (stream, s) -> {
                    int end = s.offset() + s.length();
                    while (end > s.offset() && trimmed[s.bytes()[end - 1] & 0xff]) {
                        end--;
                    }
                    s.setView(s.type(), s.bytes(), s.offset(), end - s.offset());
                    return true;
                };
            })),
            entry("concat", ConverterCompiler.named(SampleType.STRING, (arguments, names) -> {
                byte[] start = arguments.bytes(0, "");
                byte[] end = arguments.bytes(2, "");
                if (!arguments.has(1) || arguments.text(1).isEmpty()) {
                    byte[] added = arguments.bytes(0, "");
                    return (stream, s) -> append(stream, s, added) && append(stream, s, end);
                }
                Variable variable = Variable.of(arguments.text(1), names);
                return (stream, s) -> append(stream, s, start) && append(stream, s, variable) && append(stream, s, end);
            })),
            entry("iif", ConverterCompiler.of(SampleType.BOOLEAN, (ConverterCompiler.Maker) arguments -> {
                byte[] ifTrue = arguments.bytes(0, "");
                byte[] ifFalse = arguments.bytes(1, "");
                return (stream, s) -> {
                    byte[] chosen = s.isTrue() ? ifTrue : ifFalse;
                    s.setView(SampleType.STRING, chosen, 0, chosen.length);
                    return true;
                };
            })),
            entry("regsub", ConverterCompiler.of(SampleType.STRING, (ConverterCompiler.Maker) RegexReplacement::of)));

    private StringConverters() { }

    private static boolean lower(Stream stream, Sample s) {
        byte[] from = s.bytes();
        int offset = s.offset();
        int length = s.length();
        byte[] to = s.setOwned(SampleType.STRING, length);
        for (int i = 0; i < length; i++) {
            to[i] = Ascii.lower(from[offset + i]);
        }
        return true;
    }

    private static boolean upper(Stream stream, Sample s) {
        byte[] from = s.bytes();
        int offset = s.offset();
        int length = s.length();
        byte[] to = s.setOwned(SampleType.STRING, length);
        for (int i = 0; i < length; i++) {
            byte b = from[offset + i];
            to[i] = b >= 'a' && b <= 'z' ? (byte) (b - 32) : b;
        }
        return true;
    }

    private static boolean append(Stream stream, Sample s, byte[] added) {
        int length = s.length();
        Sample copy = stream.worker().scratch().take();
        byte[] to = copy.setOwned(SampleType.STRING, length + added.length);
        System.arraycopy(s.bytes(), s.offset(), to, 0, length);
        System.arraycopy(added, 0, to, length, added.length);
        s.copyFrom(copy);
        stream.worker().scratch().give(copy);
        return true;
    }

    /** A variable that is not set adds nothing. */
    private static boolean append(Stream stream, Sample s, Variable variable) {
        Sample value = stream.worker().scratch().take();
        if (variable.get(stream, value) && Casts.cast(value, SampleType.STRING)) {
            int length = s.length();
            ByteSink sink = stream.worker().scratch().takeSink();
            sink.put(s.bytes(), s.offset(), length);
            sink.put(value.bytes(), value.offset(), value.length());
            s.own(SampleType.STRING, sink);
            stream.worker().scratch().giveSink(sink);
        }
        stream.worker().scratch().give(value);
        return true;
    }

    private static boolean[] set(ArgumentList arguments, int i) {
        boolean[] set = new boolean[256];
        for (byte b : arguments.bytes(i, "")) {
            set[b & 0xff] = true;
        }
        return set;
    }

    /**
     * {@code field} and {@code word}.
     *
     * @param index from 1; negative numbers count from the end
     * @param count how many fields, with the delimiters between them; 0: all that follow
     * @param runs several delimiters in a row count as one, and those at the ends do not count
     */
    private record Fields(int index, boolean[] delimiters, int count, boolean runs) implements Converter {
        @Override
        public boolean convert(Stream stream, Sample s) {
            int start = s.offset();
            int end = start + s.length();
            return index > 0 ? forward(s, start, end) : backward(s, start, end);
        }

        private boolean isDelimiter(Sample s, int at) {
            return delimiters[s.bytes()[at] & 0xff];
        }

        private boolean forward(Sample s, int start, int end) {
            int at = start;
            for (int field = 1; at <= end; field++) {
                while (runs && at < end && isDelimiter(s, at)) {
                    at++;
                }
                int stop = at;
                while (stop < end && !isDelimiter(s, stop)) {
                    stop++;
                }
                if (field == index) {
                    int wanted = count == 0 ? Integer.MAX_VALUE : count;
                    for (int more = 1; more < wanted && stop < end; more++) {
                        stop++;
                        while (runs && stop < end && isDelimiter(s, stop)) {
                            stop++;
                        }
                        while (stop < end && !isDelimiter(s, stop)) {
                            stop++;
                        }
                    }
                    s.setView(s.type(), s.bytes(), at, stop - at);
                    return stop > at || !runs;
                }
                at = stop + 1;
            }
            return false;
        }

        private boolean backward(Sample s, int start, int end) {
            int stop = end;
            for (int field = -1; stop >= start; field--) {
                while (runs && stop > start && isDelimiter(s, stop - 1)) {
                    stop--;
                }
                int at = stop;
                while (at > start && !isDelimiter(s, at - 1)) {
                    at--;
                }
                if (field == index) {
                    int wanted = count == 0 ? Integer.MAX_VALUE : count;
                    for (int more = 1; more < wanted && at > start; more++) {
                        at--;
                        while (runs && at > start && isDelimiter(s, at - 1)) {
                            at--;
                        }
                        while (at > start && !isDelimiter(s, at - 1)) {
                            at--;
                        }
                    }
                    s.setView(s.type(), s.bytes(), at, stop - at);
                    return stop > at || !runs;
                }
                stop = at - 1;
            }
            return false;
        }
    }
}
