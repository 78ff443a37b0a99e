package net.lbd.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the tests of this package share: heads parsed from text, in one piece or in several. */
final class Heads {

    static final int LIMIT = 4096;
    static final int MAX_HEADERS = 20;

    private Heads() { }

    /** What came of parsing. {@code rest} is what the parser left in the buffer. */
    record Parsed(HeadParser.Result result, Defect defect, int position, HttpMessage message, String rest) {

        /** Everything that was understood, as one text to compare. */
        String describe() {
            StringBuilder text = new StringBuilder(result.name()).append(' ').append(defect);
            if (result == HeadParser.Result.INVALID) {
                text.append('@').append(position);
            }
            if (result == HeadParser.Result.COMPLETE) {
                HttpMessage m = message;
                text.append('|').append(textAt(m, m.startLineOffset(), m.startLineLength()))
                        .append('|').append(textAt(m, m.methodOffset(), m.methodLength()))
                        .append('|').append(textAt(m, m.targetOffset(), m.targetLength()))
                        .append('|').append(m.hasPath() ? textAt(m, m.pathOffset(), m.pathLength()) : "-")
                        .append('|').append(m.versionMajor()).append('.').append(m.versionMinor())
                        .append('|').append(m.status())
                        .append('|').append(textAt(m, m.reasonOffset(), m.reasonLength()))
                        .append('|').append(headers()).append('|').append(rest);
            }
            return text.toString();
        }

        /** The headers that are not removed, as {@code name=value}. */
        List<String> headers() {
            return Heads.headers(message);
        }
    }

    static List<String> headers(HttpMessage m) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < m.headerCount(); i++) {
            if (!m.isRemoved(i)) {
                all.add(textAt(m, m.nameOffset(i), m.nameLength(i)) + "="
                        + textAt(m, m.valueOffset(i), m.valueLength(i)));
            }
        }
        return all;
    }

    static String textAt(HttpMessage m, int offset, int length) {
        return Ascii.text(m.bytes(), offset, length);
    }

    static Parsed request(String text, int... splits) {
        return parse(true, LIMIT, MAX_HEADERS, text, splits);
    }

    static Parsed response(String text, int... splits) {
        return parse(false, LIMIT, MAX_HEADERS, text, splits);
    }

    /** Feeds the bytes in pieces that end at the splits. */
    static Parsed parse(boolean request, int limit, int maxHeaders, String text, int... splits) {
        HeadParser parser = new HeadParser(request, new BytePool(), limit, maxHeaders);
        HttpMessage message = new HttpMessage();
        message.reset();
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        HeadParser.Result result = HeadParser.Result.NEED_MORE;
        ByteBuf in = Unpooled.EMPTY_BUFFER;
        int from = 0;
        int piece = 0;
        while (result == HeadParser.Result.NEED_MORE && from < bytes.length) {
            int to = piece < splits.length ? splits[piece] : bytes.length;
            in = Unpooled.wrappedBuffer(bytes, from, to - from);
            result = parser.feed(message, in);
            from = to;
            piece++;
        }
        String rest = in.toString(StandardCharsets.ISO_8859_1) + Ascii.text(bytes, from, bytes.length - from);
        return new Parsed(result, parser.defect(), parser.defectPosition(), message, rest);
    }

    /** A request that is known to be good. */
    static HttpMessage goodRequest(String text) {
        return good(request(text));
    }

    static HttpMessage goodResponse(String text) {
        return good(response(text));
    }

    private static HttpMessage good(Parsed parsed) {
        if (parsed.result != HeadParser.Result.COMPLETE) {
            throw new AssertionError("the test's own head is bad: " + parsed.describe());
        }
        return parsed.message;
    }
}
