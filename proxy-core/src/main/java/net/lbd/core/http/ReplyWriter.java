package net.lbd.core.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.Map;

/**
 * Every response that the proxy makes itself: errors, redirects, replies of rules. Header names are in
 * their canonical case, for clients that compare letters. Pure functions.
 */
public final class ReplyWriter {

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("Content-Length: ");
    private static final byte[] CLOSE = Ascii.bytes("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("Connection: keep-alive\r\n");
    private static final LocalReply.Header NO_CACHE =
            new LocalReply.Header(Ascii.bytes("Cache-Control"), Ascii.bytes("no-cache"));
    private static final LocalReply.Header HTML =
            new LocalReply.Header(Ascii.bytes("Content-Type"), Ascii.bytes("text/html"));

    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(200, "OK"), Map.entry(201, "Created"), Map.entry(202, "Accepted"), Map.entry(204, "No Content"), Map.entry(304, "Not Modified"), Map.entry(301, "Moved Permanently"), Map.entry(302, "Found"),
            Map.entry(303, "See Other"), Map.entry(307, "Temporary Redirect"), Map.entry(308, "Permanent Redirect"),
            Map.entry(400, "Bad Request"), Map.entry(401, "Unauthorized"), Map.entry(403, "Forbidden"),
            Map.entry(404, "Not Found"), Map.entry(405, "Method Not Allowed"), Map.entry(407, "Proxy Authentication Required"),
            Map.entry(408, "Request Timeout"), Map.entry(410, "Gone"), Map.entry(413, "Payload Too Large"),
            Map.entry(414, "URI Too Long"), Map.entry(421, "Misdirected Request"), Map.entry(422, "Unprocessable Content"),
            Map.entry(425, "Too Early"), Map.entry(429, "Too Many Requests"),
            Map.entry(431, "Request Header Fields Too Large"),
            Map.entry(500, "Internal Server Error"), Map.entry(501, "Not Implemented"), Map.entry(502, "Bad Gateway"),
            Map.entry(503, "Service Unavailable"), Map.entry(504, "Gateway Timeout"));

    private static final Map<Integer, String> SENTENCES = Map.ofEntries(
            Map.entry(200, "The load balancer is at work."),
            Map.entry(400, "The request is not valid HTTP."),
            Map.entry(403, "The rules of this site forbid this request."),
            Map.entry(408, "The request did not arrive in time."),
            Map.entry(414, "The address of the request is too long."),
            Map.entry(431, "The headers of the request are too large."),
            Map.entry(500, "The load balancer failed to handle the request."),
            Map.entry(502, "The server sent no valid answer."),
            Map.entry(503, "No server is available for this request."),
            Map.entry(504, "The server did not answer in time."));

    private ReplyWriter() { }

    /** The reply for an error: a short page of HTML. */
    public static LocalReply error(int status, boolean keepAlive) {
        String title = status + " " + reason(status);
        String page = "<html><head><title>" + title + "</title></head><body><h1>" + title + "</h1>\n"
                + SENTENCES.getOrDefault(status, "") + "\n</body></html>\n";
        return new LocalReply(status, List.of(NO_CACHE, HTML), Ascii.bytes(page), keepAlive);
    }

    /** The reason phrase; "Unknown" for a status without one. */
    public static String reason(int status) {
        return REASONS.getOrDefault(status, "Unknown");
    }

    /** 204 and 304 have none, and a length of 0 would deny the one that a 304 stands for (RFC 9110 §8.6). */
    public static boolean hasContent(LocalReply reply) {
        return reply.status() != 204 && reply.status() != 304;
    }

    /**
     * Renders a reply.
     *
     * @param version11 whether the client speaks HTTP/1.1, to whom an open connection need not be announced
     * @param withBody false in answer to HEAD: the length is told, the body left out
     */
    public static ByteBuf write(
            ByteBufAllocator allocator, LocalReply reply, boolean version11, boolean keepAlive, boolean withBody) {
        boolean hasContent = hasContent(reply);
        ByteBuf out = allocator.ioBuffer(256 + reply.body().length);
        out.writeBytes(Ascii.bytes("HTTP/1.1 " + reply.status() + " ")).writeBytes(reply.reason()).writeBytes(CRLF);
        if (hasContent) {
            out.writeBytes(CONTENT_LENGTH).writeBytes(Ascii.bytes(Integer.toString(reply.body().length)))
                    .writeBytes(CRLF);
        }
        for (LocalReply.Header header : reply.headers()) {
            out.writeBytes(header.name()).writeByte(':').writeByte(' ').writeBytes(header.value()).writeBytes(CRLF);
        }
        if (!keepAlive) {
            out.writeBytes(CLOSE);
        } else if (!version11) {
            out.writeBytes(KEEP_ALIVE);
        }
        out.writeBytes(CRLF);
        return withBody && hasContent ? out.writeBytes(reply.body()) : out;
    }
}
