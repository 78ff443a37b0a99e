package net.lbd.health.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.model.CheckStep.Header;
import net.lbd.config.model.CheckStep.HttpSend;

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
        boolean http10 = send.version().equals("HTTP/1.0");
        byte[] body = send.body().getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(128);
        head.append(send.method()).append(' ').append(target(send)).append(http10 ? " HTTP/1.0" : " HTTP/1.1");
        head.append("\r\n");
        for (Header header : send.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            boolean implied = name.equals("connection") && isImplied(header.value(), http10);
            if (!DROPPED.contains(name) && !implied) {
                head.append(name).append(": ").append(header.value()).append("\r\n");
            }
        }
        if (body.length > 0 || !WITHOUT_EMPTY_LENGTH.contains(send.method())) {
            head.append("content-length: ").append(body.length).append("\r\n");
        }
        boolean close = header(send.headers(), "connection").map("close"::equalsIgnoreCase).orElse(true);
        if (!http10 && close) {
            head.append("connection: close\r\n");
        }
        head.append("\r\n");
        return concat(head.toString().getBytes(StandardCharsets.UTF_8), body);
    }

    /** Whether a {@code Connection} need not be written where the user put it: {@code close} has its own place. */
    private static boolean isImplied(String connection, boolean http10) {
        return connection.equalsIgnoreCase("close") || !http10 && connection.equalsIgnoreCase("keep-alive");
    }

    private static String target(HttpSend send) {
        String uri = send.uri();
        int scheme = uri.indexOf("://");
        Optional<String> host = header(send.headers(), "host");
        if (uri.startsWith("/") || scheme < 0 || host.isEmpty()) {
            return uri;
        }
        int authority = scheme + 3;
        int path = uri.indexOf('/', authority);
        return uri.substring(0, authority) + host.get() + (path < 0 ? "" : uri.substring(path));
    }

    private static Optional<String> header(List<Header> headers, String name) {
        return headers.stream().filter(h -> h.name().equalsIgnoreCase(name)).map(Header::value).findFirst();
    }

    private static byte[] concat(byte[] head, byte[] body) {
        byte[] all = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }
}
