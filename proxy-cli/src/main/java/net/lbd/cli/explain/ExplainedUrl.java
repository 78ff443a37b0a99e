package net.lbd.cli.explain;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL as a user types it: {@code https://mail.example.com/owa/}, or a target alone. Read by hand, so
 * that targets which {@link java.net.URI} refuses can be explained too. Immutable.
 *
 * @param tls of a target alone: true
 * @param port -1 where none is written
 * @param target what stands in the request line, without a fragment
 */
public record ExplainedUrl(boolean tls, String host, int port, String target) {

    private static final Pattern URL = Pattern.compile("(https?)://(\\[[0-9a-fA-F:.]+]|[^/:?#]*)(?::([0-9]{1,5}))?([/?][^#]*)?(#.*)?");

    /**
     * @throws IllegalArgumentException if it is neither
     */
    public static ExplainedUrl parse(String text) {
        if (text.startsWith("/") || text.equals("*")) {
            return new ExplainedUrl(true, "", -1, text);
        }
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no URL; write https://NAME/PATH or /PATH");
        }
        int port = url.group(3) == null ? -1 : Integer.parseInt(url.group(3));
        if (port == 0 || port > 65535) {
            throw new IllegalArgumentException("'" + text + "': a port is a number from 1 to 65535");
        }
        String target = url.group(4) == null ? "/" : url.group(4).startsWith("?") ? "/" + url.group(4) : url.group(4);
        return new ExplainedUrl(url.group(1).equals("https"), url.group(2), port, target);
    }
}
