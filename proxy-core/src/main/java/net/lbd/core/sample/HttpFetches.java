package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Map;
import net.lbd.config.model.SampleType;
import net.lbd.core.http.Ascii;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.stream.Stream;

/**
 * The fetches over the start line, the query, cookies and captures. Values are views of the message's
 * bytes wherever they stand there in one piece. Compiled fetches are immutable. Source: HAProxy manual,
 * "Fetching HTTP samples (Layer 7)".
 */
final class HttpFetches {

    private static final byte[] HTTP = Ascii.bytes("HTTP/");
    private static final byte[] HOST = Ascii.bytes("host");

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("method", FetchCompiler.of((stream, out) -> {
                HttpMessage head = stream.request();
                out.setView(SampleType.METHOD, head.bytes(), head.methodOffset(), head.methodLength());
                return head.isPresent();
            })),
            entry("path", FetchCompiler.of((stream, out) -> {
                HttpMessage head = stream.request();
                out.setView(SampleType.STRING, head.bytes(), head.pathOffset(), head.pathLength());
                return head.isPresent() && head.hasPath();
            })),
            entry("pathq", FetchCompiler.of((stream, out) -> {
                HttpMessage head = stream.request();
                out.setView(SampleType.STRING, head.bytes(), head.pathOffset(), head.pathAndQueryLength());
                return head.isPresent() && head.hasPath();
            })),
            entry("query", FetchCompiler.of(HttpFetches::query)),
            entry("url", FetchCompiler.of((stream, out) -> {
                HttpMessage head = stream.request();
                out.setView(SampleType.STRING, head.bytes(), head.targetOffset(), head.targetLength());
                return head.isPresent();
            })),
            entry("base", FetchCompiler.of((stream, out) -> base(stream, out, false))),
            entry("baseq", FetchCompiler.of((stream, out) -> base(stream, out, true))),
            entry("urlp", (arguments, names) -> new QueryParameters(
                    arguments.bytes(0, ""), delimiter(arguments), SampleType.STRING)),
            entry("urlp_val", (arguments, names) -> new QueryParameters(
                    arguments.bytes(0, ""), delimiter(arguments), SampleType.INTEGER)),
            entry("req.ver", FetchCompiler.of((stream, out) -> version(stream.request(), "", out))),
            entry("res.ver", FetchCompiler.of((stream, out) -> version(stream.response(), "", out))),
            entry("status", FetchCompiler.of((stream, out) -> {
                out.setInteger(stream.response().isPresent() ? stream.response().status() : stream.status());
                return out.number() > 0;
            })),
            entry("req.cook", (arguments, names) -> Cookies.values(arguments.bytes(0, ""), SampleType.STRING)),
            entry("req.cook_val", (arguments, names) -> Cookies.values(arguments.bytes(0, ""), SampleType.INTEGER)),
            entry("req.cook_cnt", (arguments, names) -> Cookies.count(arguments.bytes(0, ""))),
            entry("res.cook", (arguments, names) -> Cookies.set(arguments.bytes(0, ""), SampleType.STRING)),
            entry("res.cook_val", (arguments, names) -> Cookies.set(arguments.bytes(0, ""), SampleType.INTEGER)),
            entry("res.cook_cnt", (arguments, names) -> Cookies.countSet(arguments.bytes(0, ""))),
            entry("cookie", (arguments, names) -> Cookies.either(arguments.bytes(0, ""))),
            entry("capture.req.method", FetchCompiler.of((stream, out) -> {
                HttpMessage head = stream.request();
                out.setView(SampleType.STRING, head.bytes(), head.startLineOffset(), head.originalMethodLength());
                return head.isPresent();
            })),
            entry("capture.req.uri", FetchCompiler.of(HttpFetches::originalPath)),
            entry("capture.req.ver", FetchCompiler.of((stream, out) -> version(stream.request(), "HTTP/", out))),
            entry("capture.res.ver", FetchCompiler.of((stream, out) -> version(stream.response(), "HTTP/", out))),
            entry("capture.req.hdr", (arguments, names) -> {
                int n = (int) arguments.number(0);
                return (stream, out) -> {
                    if (n >= stream.frontend().requestCaptures().size() || stream.requestCaptureLength(n) < 0) {
                        return false;
                    }
                    out.setView(SampleType.STRING, stream.requestCapture(n), 0, stream.requestCaptureLength(n));
                    return true;
                };
            }),
            entry("capture.res.hdr", (arguments, names) -> {
                int n = (int) arguments.number(0);
                return (stream, out) -> {
                    if (n >= stream.frontend().responseCaptures().size() || stream.responseCaptureLength(n) < 0) {
                        return false;
                    }
                    out.setView(SampleType.STRING, stream.responseCapture(n), 0, stream.responseCaptureLength(n));
                    return true;
                };
            }));

    private HttpFetches() { }

    private static byte delimiter(ArgumentList arguments) {
        String text = arguments.text(1, "?");
        return (byte) (text.isEmpty() ? '?' : text.charAt(0));
    }

    private static boolean query(Stream stream, Sample out) {
        HttpMessage head = stream.request();
        if (!head.isPresent() || !head.hasPath()) {
            return false;
        }
        int behindPath = head.pathLength();
        int length = head.pathAndQueryLength() - behindPath - 1;
        out.setView(SampleType.STRING, head.bytes(), head.pathOffset() + behindPath + 1, Math.max(0, length));
        return length >= 0;
    }

    private static boolean base(Stream stream, Sample out, boolean withQuery) {
        HttpMessage head = stream.request();
        if (!head.isPresent()) {
            return false;
        }
        int host = head.find(HOST, 0);
        int hostLength = host < 0 ? 0 : head.valueLength(host);
        int pathLength = !head.hasPath() ? 0 : withQuery ? head.pathAndQueryLength() : head.pathLength();
        byte[] bytes = out.setOwned(SampleType.STRING, hostLength + pathLength);
        if (hostLength > 0) {
            System.arraycopy(head.bytes(), head.valueOffset(host), bytes, 0, hostLength);
        }
        if (pathLength > 0) {
            System.arraycopy(head.bytes(), head.pathOffset(), bytes, hostLength, pathLength);
        }
        return true;
    }

    /** The target as it was received, from its first slash on. */
    private static boolean originalPath(Stream stream, Sample out) {
        HttpMessage head = stream.request();
        if (!head.isPresent()) {
            return false;
        }
        byte[] bytes = head.bytes();
        int start = head.originalTargetOffset();
        int end = start + head.originalTargetLength();
        int at = start;
        if (at < end && bytes[at] != '/') {
            for (int i = start; i + 2 < end; i++) {
                if (bytes[i] == ':' && bytes[i + 1] == '/' && bytes[i + 2] == '/') {
                    at = i + 3;
                    break;
                }
            }
            while (at < end && bytes[at] != '/') {
                at++;
            }
        }
        out.setView(SampleType.STRING, bytes, at, end - at);
        return at < end;
    }

    private static boolean version(HttpMessage head, String prefix, Sample out) {
        if (!head.isPresent()) {
            return false;
        }
        int prefixLength = prefix.length();
        byte[] bytes = out.setOwned(SampleType.STRING, prefixLength + 3);
        System.arraycopy(HTTP, 0, bytes, 0, prefixLength);
        bytes[prefixLength] = (byte) ('0' + head.versionMajor());
        bytes[prefixLength + 1] = '.';
        bytes[prefixLength + 2] = (byte) ('0' + head.versionMinor());
        return true;
    }
}
