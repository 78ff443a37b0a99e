package net.lbd.health.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import net.lbd.config.model.CheckStep.HttpSend;
import net.lbd.config.model.LogFormatSpec;

/**
 * The bytes of a health check's request, exactly as HAProxy 2.6 writes them (observed, see
 * {@code requests-haproxy-2.6.tsv} in the tests; HAProxy manual, "http-check send").
 *
 * <ul>
 *   <li>Header names go out in lower case and in the order given; no {@code Host} is invented.
 *   <li>Any version other than {@code HTTP/1.0} goes out as {@code HTTP/1.1}.
 *   <li>{@code Content-Length} and {@code Transfer-Encoding} that the user gave are dropped; the length of
 *       the body is added. Without a body, {@code content-length: 0} is added unless the method is
 *       GET, HEAD, OPTIONS or DELETE.
 *   <li>HTTP/1.1: {@code connection: close} comes last, unless the user gave another {@code Connection}; of
 *       those, {@code keep-alive} is dropped as the version's default. HTTP/1.0: {@code close} is the default
 *       and dropped.
 *   <li>The authority of an absolute URI follows the {@code Host} header.
 * </ul>
 *
 * Immutable and stateless.
 */
public final class HttpCheckRequest {

    private static final Set<String> WITHOUT_EMPTY_LENGTH = Set.of("GET", "HEAD", "OPTIONS", "DELETE");
    private static final Set<String> DROPPED = Set.of("content-length", "transfer-encoding", "te");

    private HttpCheckRequest() { }

    /** The request of {@code send}; text beyond ASCII goes out as UTF-8, as the configuration file holds it. */
    public static byte[] bytes(HttpSend send) {
        return bytes(send, format -> format.text().getBytes(StandardCharsets.UTF_8), "");
    }

    /**
     * A request whose parts may be another in each run. Line ends that an expression yields are left out of the head.
     *
     * @param text makes the text of a part
     * @param state the value of {@code X-Haproxy-Server-State}; empty for none
     */
    public static byte[] bytes(HttpSend send, Function<LogFormatSpec, byte[]> text, String state) {
        boolean http10 = send.version().equals("HTTP/1.0");
        byte[] body = text.apply(send.content());
        List<Field> fields = send.headers().stream().map(h -> new Field(h.name().toLowerCase(Locale.ROOT), line(text, h.format()))).toList();
        StringBuilder head = new StringBuilder(128);
        head.append(send.method()).append(' ').append(target(line(text, send.target()), fields)).append(http10 ? " HTTP/1.0" : " HTTP/1.1");
        head.append("\r\n");
        for (Field field : fields) {
            boolean implied = field.name().equals("connection") && isImplied(field.value(), http10);
            if (!DROPPED.contains(field.name()) && !implied) {
                head.append(field.name()).append(": ").append(field.value()).append("\r\n");
            }
        }
        if (!state.isEmpty()) {
            head.append("x-haproxy-server-state: ").append(state).append("\r\n");
        }
        if (body.length > 0 || !WITHOUT_EMPTY_LENGTH.contains(send.method())) {
            head.append("content-length: ").append(body.length).append("\r\n");
        }
        boolean close = value(fields, "connection").map("close"::equalsIgnoreCase).orElse(true);
        if (!http10 && close) {
            head.append("connection: close\r\n");
        }
        head.append("\r\n");
        return concat(head.toString().getBytes(StandardCharsets.ISO_8859_1), body);
    }

    /** A header; its characters are bytes. */
    private record Field(String name, String value) { }

    private static String line(Function<LogFormatSpec, byte[]> text, LogFormatSpec format) {
        String made = new String(text.apply(format), StandardCharsets.ISO_8859_1);
        return made.indexOf('\r') < 0 && made.indexOf('\n') < 0 ? made : made.replace("\r", "").replace("\n", "");
    }

    /** Whether a {@code Connection} need not be written where the user put it: {@code close} has its own place. */
    private static boolean isImplied(String connection, boolean http10) {
        return connection.equalsIgnoreCase("close") || !http10 && connection.equalsIgnoreCase("keep-alive");
    }

    private static String target(String uri, List<Field> fields) {
        int scheme = uri.indexOf("://");
        Optional<String> host = value(fields, "host");
        if (uri.startsWith("/") || scheme < 0 || host.isEmpty()) {
            return uri;
        }
        int authority = scheme + 3;
        int path = uri.indexOf('/', authority);
        return uri.substring(0, authority) + host.get() + (path < 0 ? "" : uri.substring(path));
    }

    private static Optional<String> value(List<Field> fields, String name) {
        return fields.stream().filter(f -> f.name().equals(name)).map(Field::value).findFirst();
    }

    private static byte[] concat(byte[] head, byte[] body) {
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }
}
