package net.lbd.core.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A slow and simple decoder of chunked bodies, with regular expressions: what {@link BodyReader} must agree with. */
final class ReferenceChunks {

    private static final String EXTENSION = "(?:[ \t]*;[^\\x00-\\x08\\x0a-\\x1f\\x7f]*)?";
    private static final Pattern SIZE_LINE = Pattern.compile("([0-9a-fA-F]{1,15})" + EXTENSION);
    private static final Pattern TRAILER = Pattern.compile("(?i)(?!(?:host|content-length|transfer-encoding|connection|keep-alive"
            + "|proxy-connection|upgrade|expect|authorization|proxy-authorization|te|http2-settings|max-forwards|trailer):)"
            + "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+:[^\\x00-\\x08\\x0a-\\x1f\\x7f]*");

    private ReferenceChunks() { }

    /** {@code data|length of the body}, {@code MORE}, or {@code BAD}. */
    static String decode(String text, int trailerLimit) {
        StringBuilder data = new StringBuilder();
        int at = 0;
        while (true) {
            int end = text.indexOf("\r\n", at);
            String line = end < 0 ? text.substring(at) : text.substring(at, end);
            if (end < 0) {
                return couldBegin(line) ? "MORE" : "BAD";
            }
            Matcher size = SIZE_LINE.matcher(line);
            if (!size.matches() || line.length() - size.group(1).length() > 257) {
                return "BAD";
            }
            at = end + 2;
            long length = Long.parseLong(size.group(1), 16);
            if (length == 0) {
                return trailers(text, at, data, trailerLimit);
            }
            if (length >= text.length() - at) {
                return "MORE";
            }
            data.append(text, at, at + (int) length);
            at += (int) length;
            if (!"\r\n".startsWith(text.substring(at, Math.min(text.length(), at + 2)))) {
                return "BAD";
            }
            if (text.length() < at + 2) {
                return "MORE";
            }
            at += 2;
        }
    }

    /** Whether a size line may begin like this. */
    private static boolean couldBegin(String line) {
        String begun = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        return line.isEmpty() || SIZE_LINE.matcher(begun).matches()
                || !line.endsWith("\r") && begun.matches("[0-9a-fA-F]{1,15}[ \t]*");
    }

    private static String trailers(String text, int from, StringBuilder data, int limit) {
        int at = from;
        while (true) {
            int lf = text.indexOf('\n', at);
            if (lf < 0) {
                return text.length() - from > limit ? "BAD" : "MORE";
            }
            if (lf + 1 - from > limit || lf == at || text.charAt(lf - 1) != '\r') {
                return "BAD";
            }
            String line = text.substring(at, lf - 1);
            at = lf + 1;
            if (line.isEmpty()) {
                return data + "|" + at;
            }
            if (!TRAILER.matcher(line).matches()) {
                return "BAD";
            }
        }
    }
}
