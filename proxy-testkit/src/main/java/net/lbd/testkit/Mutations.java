package net.lbd.testkit;

import java.util.Random;

/** Messages that are nearly right, made from seeds: the same for the same {@link Random}. */
public final class Mutations {

    private static final String[] METHODS = {"GET", "POST", "HEAD", "OPTIONS", "CONNECT", "RPC_IN_DATA", "get", "G T", ""};
    private static final String[] TARGETS = {"/", "/a?b=c", "*", "a:80", "http://a/", "http://a:80", "https://[::1]:1/x?y",
        "http://", "http:///", "/a#b", "//", "http://a:65536/", "[::1]:443", "a:", "/\u00e9"};
    private static final String[] VERSIONS = {"HTTP/1.1", "HTTP/1.0", "HTTP/1.1", "HTTP/1.2", "HTTP/2.0", "http/1.1", "HTTP/1.1 ", ""};
    private static final String[] STATUSES = {"200 OK", "204", "304 ", "100 Continue", "101 x", "599 \u00e9", "600 x", "099", "2 00", "20x"};
    private static final String[] HEADERS = {"Host: a", "Host: a", "Host:", "Content-Length: 5", "Content-Length: 5",
        "content-length: 6", "Content-Length: +5", "Content-Length: 5, 5", "Content-Length: 9223372036854775808",
        "Transfer-Encoding: chunked", "Transfer-Encoding: chunked", "Transfer-Encoding: identity", "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding : chunked", "Connection: close", "Connection: keep-alive, X-A", "Connection: upgrade", "Upgrade: websocket",
        "Upgrade: h2c", "HTTP2-Settings: AAMA", "TE: trailers", "X-A: b", "X-B:\tc \t", "Expect: 100-continue", "Authorization: NTLM x",
        "Proxy-Connection: x", "Keep-Alive: 5", "Trailer: X", " folded", "X A: b", "X\u00e9: b", ": b", "Cookie: a=b; c=d", "Max-Forwards: 0"};
    private static final String SPICE = "\r\n\0\t :;,/#\u007f\u0080\u00ff0aA=+-";

    private Mutations() { }

    /** The head of a message, mostly near to being right. */
    public static String head(Random random, boolean request) {
        StringBuilder text = new StringBuilder(random.nextInt(20) == 0 ? "\r\n" : "");
        text.append(request
                ? pick(random, METHODS) + " " + pick(random, TARGETS) + " " + pick(random, VERSIONS)
                : pick(random, VERSIONS) + " " + pick(random, STATUSES));
        text.append("\r\n");
        for (int n = random.nextInt(5); n > 0; n--) {
            text.append(pick(random, HEADERS)).append("\r\n");
        }
        text.append("\r\n").append(random.nextBoolean() ? "rest" : "");
        return mutate(random, text.toString());
    }

    /** A head that is right, apart from what its headers mean. */
    public static String wellFormedHead(Random random, boolean request) {
        String[] targets = {"/", "/a?b=c", "http://a/"};
        StringBuilder text = new StringBuilder(request
                ? METHODS[random.nextInt(3)] + " " + pick(random, targets) + " HTTP/1." + random.nextInt(2)
                : "HTTP/1." + random.nextInt(2) + " " + STATUSES[random.nextInt(5)]);
        text.append("\r\n");
        for (int n = random.nextInt(6); n > 0; n--) {
            String header = pick(random, HEADERS);
            if (header.matches("[!-9;-~]+:.*")) {
                text.append(header).append("\r\n");
            }
        }
        return text.append("\r\n").toString();
    }

    /** A body in chunks, mostly near to being right. */
    public static String chunks(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(4); n > 0; n--) {
            int size = 1 + random.nextInt(20);
            text.append(random.nextBoolean() ? Integer.toHexString(size) : Integer.toHexString(size).toUpperCase(java.util.Locale.ROOT))
                    .append(random.nextInt(4) == 0 ? pick(random, new String[] {";a", ";a=b", " ;a=\"b\"", " ", ";a\tb"}) : "")
                    .append("\r\n").append("d".repeat(size)).append("\r\n");
        }
        text.append(random.nextInt(5) == 0 ? "000" : "0").append("\r\n");
        for (int n = random.nextInt(3); n > 0; n--) {
            text.append(pick(random, new String[] {"X: y", "X-B:", "Host: a", "Content-Length: 1", " x", "X"})).append("\r\n");
        }
        text.append("\r\n").append(random.nextBoolean() ? "rest" : "");
        return mutate(random, text.toString());
    }

    /** Changes, inserts, removes or doubles a few bytes; leaves half of the texts alone. */
    public static String mutate(Random random, String text) {
        StringBuilder changed = new StringBuilder(text);
        for (int n = random.nextInt(6) - 3; n > 0 && changed.length() > 1; n--) {
            int at = random.nextInt(changed.length());
            char c = random.nextInt(4) == 0 ? (char) random.nextInt(256) : SPICE.charAt(random.nextInt(SPICE.length()));
            switch (random.nextInt(4)) {
                case 0 -> changed.setCharAt(at, c);
                case 1 -> changed.insert(at, c);
                case 2 -> changed.deleteCharAt(at);
                default -> {
                    int end = Math.min(changed.length(), at + 1 + random.nextInt(12));
                    changed.insert(at, changed.substring(at, end));
                }
            }
        }
        return changed.toString();
    }

    /** Up to four places, in order, at which a text of this length is cut. */
    public static int[] splits(Random random, int length) {
        return random.ints(random.nextInt(5), 1, Math.max(2, length)).filter(i -> i < length).sorted().distinct().toArray();
    }

    private static String pick(Random random, String[] from) {
        return from[random.nextInt(from.length)];
    }
}
