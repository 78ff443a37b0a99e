package net.lbd.core.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A slow and simple parser of heads, written from the RFC with regular expressions: what {@link HeadParser} must agree with. */
final class ReferenceHead {

    private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]+";
    private static final String HOST = "(?:\\[[0-9a-fA-F:.%]{2,}\\]|[-A-Za-z0-9._~%!$&'()*+,;=]+)";
    private static final Pattern REQUEST_LINE = Pattern.compile("(" + TOKEN + ") ([\\x21-\\x7e&&[^#]]+) HTTP/1\\.([01])");
    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([1-5][0-9][0-9])(?: ([^\\x7f]*))?");
    private static final Pattern HEADER = Pattern.compile("(" + TOKEN + "):([^\\x7f]*)");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:https?)://(" + HOST + ")(?::([0-9]{0,5}))?(?:[/?].*)?");
    private static final Pattern AUTHORITY = Pattern.compile(HOST + ":([0-9]{1,5})");

    private ReferenceHead() { }

    /** The same text as {@link #outline} of what the parser says. */
    static String parse(boolean request, int limit, int maxHeaders, String text) {
        List<String> lines = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        String start = null;
        boolean skippedEmpty = false;
        int at = 0;
        String seen = text.substring(0, Math.min(text.length(), limit));
        while (true) {
            int end = at;
            while (end < seen.length() && (seen.charAt(end) >= 0x20 || seen.charAt(end) == '\t')) {
                end++;
            }
            boolean cutAtCr = end == seen.length() - 1 && seen.charAt(end) == '\r';
            if (end == seen.length() || cutAtCr) {
                return seen.length() == limit ? "INVALID" : "NEED_MORE";
            }
            if (!seen.startsWith("\r\n", end)) {
                return "INVALID";
            }
            String line = seen.substring(at, end);
            at = end + 2;
            lines.add(line);
            if (line.isEmpty() && start != null) {
                return "COMPLETE " + start + headers + "|" + text.substring(at);
            } else if (line.isEmpty()) {
                if (!request || skippedEmpty) {
                    return "INVALID";
                }
                skippedEmpty = true;
            } else if (start == null) {
                if (request ? !isRequestLine(line) : !STATUS_LINE.matcher(line).matches()) {
                    return "INVALID";
                }
                start = line;
            } else {
                Matcher header = HEADER.matcher(line);
                if (!header.matches() || headers.size() == maxHeaders) {
                    return "INVALID";
                }
                headers.add(header.group(1) + "=" + header.group(2).replaceAll("^[ \t]+|[ \t]+$", ""));
            }
        }
    }

    private static boolean isRequestLine(String line) {
        Matcher m = REQUEST_LINE.matcher(line);
        if (!m.matches()) {
            return false;
        }
        String method = m.group(1);
        String target = m.group(2);
        if (method.equals("CONNECT")) {
            Matcher authority = AUTHORITY.matcher(target);
            return authority.matches() && Integer.parseInt(authority.group(1)) <= 65535;
        }
        if (target.startsWith("/") || target.equals("*") && method.equals("OPTIONS")) {
            return true;
        }
        Matcher absolute = ABSOLUTE.matcher(target);
        return absolute.matches()
                && (absolute.group(2) == null || absolute.group(2).isEmpty() || Integer.parseInt(absolute.group(2)) <= 65535);
    }

    static String outline(Heads.Parsed parsed) {
        HttpMessage m = parsed.message();
        return switch (parsed.result()) {
            case NEED_MORE -> "NEED_MORE";
            case INVALID -> "INVALID";
            case COMPLETE -> "COMPLETE " + Heads.textAt(m, m.startLineOffset(), m.startLineLength()) + parsed.headers()
                    + "|" + parsed.rest();
        };
    }
}
