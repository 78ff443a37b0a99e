package net.lbd.core.rule;

import net.lbd.config.keyword.rule.RewriteActionKeywords.Part;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.stream.Stream;

/**
 * Changes parts of a request line so that it stays one: bytes that would end the target are percent-encoded, and
 * a path keeps its slash. Stateless.
 *
 * <p><em>Difference:</em> HAProxy sends what the rule makes, whatever it is.
 */
final class RequestLine {

    private static final byte[] HOST = Ascii.bytes("Host");
    private static final byte[] LOWER_HOST = Ascii.bytes("host");
    private static final byte[] HEAD = Ascii.bytes("HEAD");
    private static final byte[] CONNECT = Ascii.bytes("CONNECT");

    private RequestLine() { }

    static void set(Stream stream, Part part, ByteSink value) {
        HttpMessage head = stream.request();
        if (part == Part.METHOD) {
            setMethod(head, value);
            return;
        }
        if (part != Part.URI && !head.hasPath() || part == Part.URI && value.length() == 0 || head.methodIs(CONNECT)) {
            return;
        }
        ByteSink target = stream.worker().scratch().takeSink();
        if (part != Part.URI) {
            target.put(head.bytes(), head.targetOffset(), head.pathOffset() - head.targetOffset());
        }
        switch (part) {
            case URI -> put(value, 0, target);
            case PATH -> {
                slash(value, target);
                put(value, 0, target);
                target.put(head.bytes(), head.pathOffset() + head.pathLength(), head.pathAndQueryLength() - head.pathLength());
            }
            case PATHQ -> {
                slash(value, target);
                put(value, 0, target);
            }
            default -> {
                target.put(head.bytes(), head.pathOffset(), head.pathLength());
                boolean mark = value.length() > 0 && value.bytes()[0] == '?';
                if (value.length() > (mark ? 1 : 0)) {
                    target.put((byte) '?');
                    put(value, mark ? 1 : 0, target);
                }
            }
        }
        head.setTarget(target.bytes(), 0, target.length());
        if (part == Part.URI) {
            setHost(head);
        }
        stream.worker().scratch().giveSink(target);
    }

    /** A target with an authority and a Host of another name would lead two readers to two sites. */
    private static void setHost(HttpMessage head) {
        byte[] bytes = head.bytes();
        int end = head.targetOffset() + head.targetLength();
        for (int i = head.targetOffset(); i + 2 < end && bytes[i] != '/' && bytes[i] != '?'; i++) {
            if (bytes[i] == ':' && bytes[i + 1] == '/' && bytes[i + 2] == '/') {
                int stop = i + 3;
                while (stop < end && bytes[stop] != '/' && bytes[stop] != '?') {
                    stop++;
                }
                head.removeAll(LOWER_HOST);
                head.add(HOST, java.util.Arrays.copyOfRange(bytes, i + 3, stop));
                return;
            }
        }
    }

    private static void slash(ByteSink value, ByteSink target) {
        if (value.length() == 0 || value.bytes()[0] != '/') {
            target.put((byte) '/');
        }
    }

    private static void put(ByteSink value, int from, ByteSink target) {
        byte[] bytes = value.bytes();
        for (int i = from; i < value.length(); i++) {
            byte b = bytes[i];
            if (b > ' ' && b < 127 && b != '#') {
                target.put(b);
            } else {
                target.put((byte) '%');
                target.putHex(b);
            }
        }
    }

    /** What has no body in its answer must stay so: client and server would disagree where the answer ends. */
    private static void setMethod(HttpMessage head, ByteSink value) {
        boolean bodiless = is(value, HEAD) || is(value, CONNECT) || head.methodIs(HEAD) || head.methodIs(CONNECT);
        if (bodiless || value.length() == 0) {
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            byte b = value.bytes()[i];
            if (b <= ' ' || b >= 127 || "\"(),/:;<=>?@[\\]{}".indexOf(b) >= 0) {
                return;
            }
        }
        head.setMethod(value.bytes(), 0, value.length());
    }

    private static boolean is(ByteSink value, byte[] method) {
        return value.length() == method.length && java.util.Arrays.equals(value.bytes(), 0, method.length, method, 0, method.length);
    }
}
