package net.lbd.health.http;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The response to a health check, read as its bytes come, at any split.
 *
 * <p>Accepted as HAProxy 2.6 was seen to accept: {@code HTTP/d.d}, line feeds without carriage return, empty
 * lines in front, folded headers, equal repeated lengths, and {@code Transfer-Encoding: chunked} over a length.
 * Refused: names with blanks, a bare carriage return or NUL in a value, unequal or signed lengths, any
 * transfer coding other than one {@code chunked}. A 1xx is a response like any other: the check asked for
 * nothing that could have one. Source: RFC 9112 §2 to §7.
 *
 * <p>Difference: a status is three digits and not below 100; HAProxy reports {@code 099} and {@code 1000} as
 * wrong statuses rather than as invalid responses.
 *
 * <pre>
 * limit         default     at the limit
 * head          16384 byte  the response is malformed
 * kept body     constructor the rest is read and dropped; {@link #bodyFinal()} is true
 * </pre>
 *
 * Confined to one thread.
 */
public final class HttpCheckResponse {

    /** Status line and headers together; also the limit of a chunk's line and of all trailers. */
    public static final int HEAD_LIMIT_BYTES = 16_384;

    private static final byte[] START = "HTTP/".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NONE = {};
    /** Fifteen hexadecimal digits fit a long with its sign. */
    private static final int CHUNK_DIGITS = 15;

    private enum State { STATUS_LINE, HEADERS, BODY_TO_CLOSE, BODY_OF_LENGTH, CHUNK_SIZE, CHUNK_DATA, CHUNK_END, TRAILERS,
        COMPLETE, MALFORMED }

    private final boolean answersHead;
    private final int bodyLimitBytes;
    private final boolean keepHeaders;
    private final List<Header> headers = new ArrayList<>(0);

    /** A header as it came, one character for each byte. */
    public record Header(String name, String value) { }

    private State state = State.STATUS_LINE;
    private boolean ended;

    private byte[] line = new byte[128];
    private int lineLength;
    private int headBytes;

    private boolean headComplete;
    private int status;
    private String reason = "";
    private String headerName = "";
    private String headerValue = "";
    private long contentLength = -1;
    private boolean chunked;

    private long remaining;
    private byte[] body = NONE;
    private int bodyLength;
    private boolean bodyCut;

    /**
     * @param answersHead the request was a HEAD: no body follows whatever the headers say
     * @param bodyLimitBytes how much of the body to keep; 0 keeps nothing
     * @param keepHeaders whether {@link #headers} will be asked for
     */
    public HttpCheckResponse(boolean answersHead, int bodyLimitBytes, boolean keepHeaders) {
        this.answersHead = answersHead;
        this.bodyLimitBytes = bodyLimitBytes;
        this.keepHeaders = keepHeaders;
    }

    /** Without headers. */
    public HttpCheckResponse(boolean answersHead, int bodyLimitBytes) {
        this(answersHead, bodyLimitBytes, false);
    }

    /** Reads all of {@code in}; what comes behind the response is dropped. The caller keeps the buffer. */
    public void read(ByteBuf in) {
        while (in.isReadable()) {
            switch (state) {
                case COMPLETE, MALFORMED -> in.skipBytes(in.readableBytes());
                case BODY_TO_CLOSE -> takeBody(in, in.readableBytes());
                case BODY_OF_LENGTH, CHUNK_DATA -> takeCounted(in);
                default -> takeLineByte(in.readByte());
            }
        }
    }

    /** The server will send nothing more. */
    public void end() {
        ended = true;
        if (state == State.BODY_TO_CLOSE) {
            state = State.COMPLETE;
        } else if (!headComplete) {
            state = State.MALFORMED;
        }
    }

    /** Status and reason are known. */
    public boolean headComplete() {
        return headComplete;
    }

    /** Not HTTP, or broken in its body; what was read before stays readable. */
    public boolean malformed() {
        return state == State.MALFORMED;
    }

    /** Nothing will be added to {@link #body()}: the response or the connection ended, broke, or the limit is reached. */
    public boolean bodyFinal() {
        return state == State.COMPLETE || state == State.MALFORMED || ended || bodyCut;
    }

    /** Valid once the head is complete. */
    public int status() {
        return status;
    }

    /** The reason phrase, one character for each byte; empty if there is none. */
    public String reason() {
        return reason;
    }

    /** The headers, in the order in which they came; empty unless they were to be kept. */
    public List<Header> headers() {
        return headers;
    }

    /** The kept body: the first {@link #bodyLength()} bytes of an array that grows. Not to be changed. */
    public byte[] body() {
        return body;
    }

    public int bodyLength() {
        return bodyLength;
    }

    private void takeLineByte(byte b) {
        if (++headBytes > HEAD_LIMIT_BYTES) {
            state = State.MALFORMED;
            return;
        }
        if (b != '\n') {
            if (lineLength == line.length) {
                line = Arrays.copyOf(line, line.length * 2);
            }
            line[lineLength++] = b;
            // A mail server's greeting must not have to wait for a line end or a time-out.
            if (state == State.STATUS_LINE && startIsWrong()) {
                state = State.MALFORMED;
            }
            return;
        }
        int length = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
        String text = new String(line, 0, length, StandardCharsets.ISO_8859_1);
        lineLength = 0;
        if (text.indexOf('\r') >= 0 || text.indexOf('\0') >= 0) {
            state = State.MALFORMED;
            return;
        }
        switch (state) {
            case STATUS_LINE -> statusLine(text);
            case HEADERS -> headerLine(text);
            case CHUNK_SIZE -> chunkSize(text);
            case CHUNK_END -> state = text.isEmpty() ? State.CHUNK_SIZE : State.MALFORMED;
            case TRAILERS -> state = text.isEmpty() ? State.COMPLETE : State.TRAILERS;
            default -> throw new IllegalStateException("no line belongs to " + state);
        }
        if (state == State.CHUNK_SIZE) {
            headBytes = 0;
        }
    }

    private boolean startIsWrong() {
        int at = lineLength - 1;
        if (line[0] == '\r') {
            return lineLength > 1;
        }
        return at < START.length && line[at] != START[at];
    }

    private void statusLine(String text) {
        if (text.isEmpty()) {
            return;
        }
        int at = START.length;
        boolean version = text.length() > at + 3 && digit(text, at) && text.charAt(at + 1) == '.' && digit(text, at + 2)
                && text.charAt(at + 3) == ' ';
        if (!version) {
            state = State.MALFORMED;
            return;
        }
        at += 3;
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
        boolean code = text.length() >= at + 3 && digit(text, at) && text.charAt(at) != '0' && digit(text, at + 1)
                && digit(text, at + 2) && (text.length() == at + 3 || text.charAt(at + 3) == ' ');
        if (!code) {
            state = State.MALFORMED;
            return;
        }
        status = Integer.parseInt(text.substring(at, at + 3));
        reason = trimmed(text.substring(at + 3));
        state = State.HEADERS;
    }

    private void headerLine(String text) {
        if (!text.isEmpty() && (text.charAt(0) == ' ' || text.charAt(0) == '\t')) {
            if (headerName.isEmpty()) {
                state = State.MALFORMED;
            } else {
                headerValue = trimmed(headerValue + ' ' + trimmed(text));
            }
            return;
        }
        if (!takeHeader()) {
            state = State.MALFORMED;
            return;
        }
        if (text.isEmpty()) {
            headDone();
            return;
        }
        int colon = text.indexOf(':');
        if (colon <= 0 || !token(text, colon)) {
            state = State.MALFORMED;
            return;
        }
        headerName = text.substring(0, colon);
        headerValue = trimmed(text.substring(colon + 1));
    }

    /** Looks at the header that is complete now; false if it makes the response malformed. */
    private boolean takeHeader() {
        if (keepHeaders && !headerName.isEmpty()) {
            headers.add(new Header(headerName, headerValue));
        }
        if (headerName.equalsIgnoreCase("transfer-encoding")) {
            boolean known = !chunked && headerValue.equalsIgnoreCase("chunked");
            chunked = true;
            return known;
        }
        if (headerName.equalsIgnoreCase("content-length")) {
            for (String item : headerValue.split(",", -1)) {
                long length = length(trimmed(item));
                if (length < 0 || contentLength >= 0 && contentLength != length) {
                    return false;
                }
                contentLength = length;
            }
        }
        return true;
    }

    private static long length(String digits) {
        if (digits.isEmpty() || digits.length() > 18) {
            return -1;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (!digit(digits, i)) {
                return -1;
            }
        }
        return Long.parseLong(digits);
    }

    private void headDone() {
        headComplete = true;
        line = Arrays.copyOf(line, 64);
        headBytes = 0;
        if (answersHead || status < 200 || status == 204 || status == 304) {
            state = State.COMPLETE;
        } else if (chunked) {
            state = State.CHUNK_SIZE;
        } else if (contentLength >= 0) {
            remaining = contentLength;
            state = remaining == 0 ? State.COMPLETE : State.BODY_OF_LENGTH;
        } else {
            state = State.BODY_TO_CLOSE;
        }
    }

    private void chunkSize(String text) {
        int digits = 0;
        long size = 0;
        while (digits < text.length() && Character.digit(text.charAt(digits), 16) >= 0) {
            size = size << 4 | Character.digit(text.charAt(digits), 16);
            if (++digits > CHUNK_DIGITS) {
                state = State.MALFORMED;
                return;
            }
        }
        String rest = trimmed(text.substring(digits));
        if (digits == 0 || !rest.isEmpty() && rest.charAt(0) != ';') {
            state = State.MALFORMED;
            return;
        }
        remaining = size;
        state = size == 0 ? State.TRAILERS : State.CHUNK_DATA;
    }

    private void takeCounted(ByteBuf in) {
        int count = (int) Math.min(remaining, in.readableBytes());
        takeBody(in, count);
        remaining -= count;
        if (remaining == 0) {
            state = state == State.CHUNK_DATA ? State.CHUNK_END : State.COMPLETE;
        }
    }

    private void takeBody(ByteBuf in, int count) {
        int kept = Math.min(count, bodyLimitBytes - bodyLength);
        if (bodyLength + kept > body.length) {
            body = Arrays.copyOf(body, Math.min(bodyLimitBytes, Math.max(bodyLength + kept, body.length * 2)));
        }
        in.readBytes(body, bodyLength, kept);
        bodyLength += kept;
        in.skipBytes(count - kept);
        bodyCut |= kept < count;
    }

    private static boolean digit(String text, int at) {
        return text.charAt(at) >= '0' && text.charAt(at) <= '9';
    }

    /** Without the blanks around it; String.strip would take control characters too. RFC 9110 §5.6.3. */
    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && (text.charAt(from) == ' ' || text.charAt(from) == '\t')) {
            from++;
        }
        while (to > from && (text.charAt(to - 1) == ' ' || text.charAt(to - 1) == '\t')) {
            to--;
        }
        return text.substring(from, to);
    }

    /** RFC 9110 §5.6.2. */
    private static boolean token(String text, int end) {
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean alphanumeric = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            if (!alphanumeric && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
