package net.lbd.core.sample;

import java.util.Locale;
import java.util.regex.Matcher;
import net.lbd.config.model.SampleType;
import net.lbd.core.stream.Stream;

/**
 * {@code regsub}: replaces what matches, the first time or, with flag {@code g}, every time. In the
 * replacement {@code \0} to {@code \9} stand for groups. Immutable; allocates nothing.
 */
final class RegexReplacement implements Converter {

    private final ByteRegex regex;
    private final byte[] replacement;
    private final boolean everywhere;
    private final int groups;

    private RegexReplacement(ByteRegex regex, byte[] replacement, boolean everywhere) {
        this.regex = regex;
        this.replacement = replacement;
        this.everywhere = everywhere;
        this.groups = regex.groups();
    }

    static Converter of(ArgumentList arguments) {
        String flags = arguments.text(2, "").toLowerCase(Locale.ROOT);
        return new RegexReplacement(
                ByteRegex.compile(arguments.text(0), flags.indexOf('i') >= 0),
                arguments.bytes(1, ""),
                flags.indexOf('g') >= 0);
    }

    @Override
    public boolean convert(Stream stream, Sample s) {
        byte[] from = s.bytes();
        int offset = s.offset();
        int length = s.length();
        ByteRegex.Search search = regex.search(stream.worker(), from, offset, length);
        if (!regex.find(search)) {
            return true;
        }
        Matcher matcher = search.matcher;
        ByteSink sink = stream.worker().scratch().takeSink();
        int done = 0;
        do {
            sink.put(from, offset + done, matcher.start() - done);
            expand(sink, matcher, from, offset, replacement, replacement.length, groups);
            done = matcher.end();
        } while (everywhere && regex.find(search));
        sink.put(from, offset + done, length - done);
        s.own(SampleType.STRING, sink);
        stream.worker().scratch().giveSink(sink);
        return true;
    }

    /** Appends a replacement with its groups filled in. */
    static void expand(ByteSink sink, Matcher matcher, byte[] from, int offset, byte[] replacement, int length, int groups) {
        for (int i = 0; i < length; i++) {
            byte b = replacement[i];
            if (b != '\\' || i + 1 == length) {
                sink.put(b);
                continue;
            }
            byte next = replacement[++i];
            if (next < '0' || next > '9') {
                sink.put(next);
            } else if (next - '0' <= groups && matcher.start(next - '0') >= 0) {
                int start = matcher.start(next - '0');
                sink.put(from, offset + start, matcher.end(next - '0') - start);
            }
        }
    }
}
