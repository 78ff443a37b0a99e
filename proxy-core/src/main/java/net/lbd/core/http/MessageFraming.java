package net.lbd.core.http;

/**
 * Decides once, for each message, where its body ends. Nothing else in the proxy looks at
 * Content-Length or Transfer-Encoding to that end.
 *
 * <table><caption>Requests</caption>
 * <tr><th>Content-Length</th><th>Transfer-Encoding</th><th>fate</th></tr>
 * <tr><td>–</td><td>–</td><td>no body</td></tr>
 * <tr><td>one number below 2^63</td><td>–</td><td>that many bytes</td></tr>
 * <tr><td>the same number again</td><td>–</td><td>that many bytes, one header is passed on</td></tr>
 * <tr><td>numbers that differ, a list, a sign, 2^63 and above</td><td>any</td><td>refused</td></tr>
 * <tr><td>–</td><td>exactly {@code chunked}, in HTTP/1.1</td><td>chunks</td></tr>
 * <tr><td>any</td><td>any</td><td>refused</td></tr>
 * <tr><td>–</td><td>anything else, several headers, or in HTTP/1.0</td><td>refused</td></tr>
 * </table>
 *
 * <table><caption>Responses, in this order</caption>
 * <tr><td>1xx, 204, 304, or to HEAD</td><td>no body, whatever the headers say</td></tr>
 * <tr><td>2xx to CONNECT, 101 that was asked for</td><td>the connection becomes a tunnel</td></tr>
 * <tr><td>as the table above</td><td>refused, a length, or chunks</td></tr>
 * <tr><td>neither header</td><td>until the server closes</td></tr>
 * </table>
 *
 * Pure functions. Source: RFC 9112 §6.3.
 */
public final class MessageFraming {

    /** The body is in chunks. */
    public static final long CHUNKED = -1;
    /** The body ends with the connection. */
    public static final long UNTIL_CLOSE = -2;
    /** No message any more: bytes pass both ways. */
    public static final long TUNNEL = -3;
    /** The message is refused; {@link #defect} tells why. */
    public static final long REFUSED = -4;

    private static final byte[] CHUNKED_TOKEN = Ascii.bytes("chunked");
    private static final byte[] HEAD = Ascii.bytes("HEAD");
    private static final byte[] CONNECT = Ascii.bytes("CONNECT");

    private MessageFraming() { }

    /** The length of a request's body, or {@link #CHUNKED} or {@link #REFUSED}. */
    public static long ofRequest(HttpMessage request) {
        if (!request.mayHave(KnownHeader.CONTENT_LENGTH | KnownHeader.TRANSFER_ENCODING)) {
            return 0;
        }
        long length = declared(request);
        return length == UNTIL_CLOSE ? 0 : length;
    }

    /** The length of a response's body, or one of the constants. */
    public static long ofResponse(HttpMessage response, HttpMessage request) {
        int status = response.status();
        if (status == 101) {
            return TUNNEL;
        }
        if (status < 200 || status == 204) {
            // Neither may have a length (RFC 9110 §8.6): a client must not be told one.
            response.removeKnown(KnownHeader.CONTENT_LENGTH | KnownHeader.TRANSFER_ENCODING);
            return 0;
        }
        if (status < 300 && request.methodIs(CONNECT)) {
            response.removeKnown(KnownHeader.CONTENT_LENGTH | KnownHeader.TRANSFER_ENCODING);
            return TUNNEL;
        }
        long length = declared(response);
        if (length != REFUSED && (status == 304 || request.methodIs(HEAD))) {
            return 0;
        }
        return length;
    }

    /** Why a message was {@link #REFUSED}; works the decision out anew, for the error path only. */
    public static Defect defect(HttpMessage message) {
        if (message.find(KnownHeader.TRANSFER_ENCODING, 0) < 0) {
            int first = message.find(KnownHeader.CONTENT_LENGTH, 0);
            return length(message, first) < 0 ? Defect.BAD_CONTENT_LENGTH : Defect.LENGTH_CONTRADICTION;
        }
        return message.find(KnownHeader.CONTENT_LENGTH, 0) >= 0
                ? Defect.LENGTH_AND_ENCODING
                : Defect.BAD_TRANSFER_ENCODING;
    }

    private static long declared(HttpMessage m) {
        int length = m.find(KnownHeader.CONTENT_LENGTH, 0);
        int encoding = m.find(KnownHeader.TRANSFER_ENCODING, 0);
        if (encoding >= 0) {
            boolean chunked = length < 0 && m.isAtLeast11()
                    && m.find(KnownHeader.TRANSFER_ENCODING, encoding + 1) < 0
                    && Ascii.equalsIgnoreCase(m.bytes(), m.valueOffset(encoding), m.valueLength(encoding),
                            CHUNKED_TOKEN);
            return chunked ? CHUNKED : REFUSED;
        }
        if (length < 0) {
            return UNTIL_CLOSE;
        }
        long value = length(m, length);
        for (int i = m.find(KnownHeader.CONTENT_LENGTH, length + 1); i >= 0;
                i = m.find(KnownHeader.CONTENT_LENGTH, i + 1)) {
            if (value < 0 || length(m, i) != value) {
                return REFUSED;
            }
            m.remove(i);
        }
        return value < 0 ? REFUSED : value;
    }

    /** The number that a Content-Length header holds; -1 if it is not one. */
    private static long length(HttpMessage m, int header) {
        byte[] bytes = m.bytes();
        int at = m.valueOffset(header);
        int end = at + m.valueLength(header);
        if (at == end) {
            return -1;
        }
        long value = 0;
        for (int i = at; i < end; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
