package net.lbd.core.http;

import java.util.Arrays;

/**
 * Makes an {@link HttpMessage} of the fields of an HTTP/2 request, in the bytes that an HTTP/1 request would have: nothing
 * behind it can tell the difference but by the version. What is not well formed in HTTP/2 is a {@link Defect}; what a request
 * may say at all is for {@link TargetForm}, {@link RequestCheck} and {@link MessageFraming} to judge, as in HTTP/1.
 *
 * <p>The target is held in absolute form, as HAProxy logs it and gives it to rules, and is sent in origin form
 * ({@link HttpMessage#isSentInOriginForm}). Cookie fields are joined (RFC 9113 §8.2.3). A request for another protocol
 * (RFC 8441) becomes the upgrade that HTTP/1 has for it.
 *
 * <p>Used for one request after another; event-loop confined. Source: RFC 9113 §8, RFC 8441 §4.
 */
public final class Http2RequestReader {

    /** What may be held in front of the message, until its start line is known. */
    private static final int PSEUDO_METHOD = 0;
    private static final int PSEUDO_SCHEME = 1;
    private static final int PSEUDO_AUTHORITY = 2;
    private static final int PSEUDO_PATH = 3;
    private static final int PSEUDO_PROTOCOL = 4;
    private static final byte[][] PSEUDO = {
        Ascii.bytes(":method"), Ascii.bytes(":scheme"), Ascii.bytes(":authority"), Ascii.bytes(":path"), Ascii.bytes(":protocol")
    };

    /** Connection-specific: RFC 9113 §8.2.2. */
    private static final int FORBIDDEN = KnownHeader.CONNECTION | KnownHeader.KEEP_ALIVE | KnownHeader.PROXY_CONNECTION
            | KnownHeader.TRANSFER_ENCODING | KnownHeader.UPGRADE | KnownHeader.HTTP2_SETTINGS;

    private static final byte[] CONNECT = Ascii.bytes("CONNECT");
    private static final byte[] GET = Ascii.bytes("GET");
    private static final byte[] OPTIONS = Ascii.bytes("OPTIONS");
    private static final byte[] WEBSOCKET = Ascii.bytes("websocket");
    private static final byte[] TRAILERS = Ascii.bytes("trailers");
    private static final byte[] COOKIE = Ascii.bytes("cookie");
    private static final byte[] HOST = Ascii.bytes("host");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length");
    private static final byte[] ZERO = {'0'};
    private static final byte[][] METHODS_WITH_CONTENT = {Ascii.bytes("POST"), Ascii.bytes("PUT"), Ascii.bytes("PATCH")};
    private static final byte[] VERSION = Ascii.bytes(" HTTP/2.0\r\n");
    private static final byte[] NOTHING = {};

    private final BytePool pool;
    private final int limitBytes;
    private final int maxHeaders;
    private final byte[][] pseudo = new byte[PSEUDO.length][];
    private final int[] pseudoOffset = new int[PSEUDO.length];
    private final int[] pseudoLength = new int[PSEUDO.length];
    /** Cookie fields, joined by "; ". */
    private byte[] cookies = NOTHING;
    private int cookiesLength;
    private int cookieCrumbs;
    private HttpMessage message;
    private boolean regularSeen;
    private boolean webSocket;
    private Defect defect = Defect.NONE;
    private int seenBytes;

    public Http2RequestReader(BytePool pool, int limitBytes, int maxHeaders) {
        this.pool = pool;
        this.limitBytes = limitBytes;
        this.maxHeaders = maxHeaders;
    }

    /** Begins a request; the message is empty. */
    public void begin(HttpMessage into) {
        message = into;
        Arrays.fill(pseudo, null);
        cookiesLength = 0;
        cookieCrumbs = 0;
        regularSeen = false;
        webSocket = false;
        defect = Defect.NONE;
        seenBytes = 0;
    }

    public Defect defect() {
        return defect;
    }

    /**
     * Takes a field. The arrays of pseudo-header values must not change until {@link #end}; those of others may.
     */
    public void field(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
        if (defect != Defect.NONE) {
            return;
        }
        seenBytes += nameLength + valueLength + 4;
        if (seenBytes > limitBytes) {
            defect = Defect.HEAD_TOO_LARGE;
        } else if (nameLength > 0 && name[nameAt] == ':') {
            pseudo(name, nameAt, nameLength, value, valueAt, valueLength);
        } else {
            regular(name, nameAt, nameLength, value, valueAt, valueLength);
        }
    }

    private void pseudo(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
        if (regularSeen) {
            defect = Defect.LATE_PSEUDO_HEADER;
            return;
        }
        for (int i = 0; i < PSEUDO.length; i++) {
            if (Arrays.equals(name, nameAt, nameAt + nameLength, PSEUDO[i], 0, PSEUDO[i].length)) {
                if (pseudo[i] != null) {
                    defect = Defect.DUPLICATE_PSEUDO_HEADER;
                    return;
                }
                pseudo[i] = value;
                pseudoOffset[i] = valueAt;
                pseudoLength[i] = valueLength;
                return;
            }
        }
        defect = Defect.UNKNOWN_PSEUDO_HEADER;
    }

    private void regular(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
        if (!regularSeen) {
            regularSeen = true;
            startLine();
            if (defect != Defect.NONE) {
                return;
            }
        }
        if (!isFieldName(name, nameAt, nameLength)) {
            defect = Defect.BAD_HEADER_NAME;
        } else if (!HeadParser.isFieldValue(value, valueAt, valueLength)) {
            defect = Defect.BAD_HEADER_VALUE;
        } else if (Arrays.equals(name, nameAt, nameAt + nameLength, COOKIE, 0, COOKIE.length)) {
            cookie(value, valueAt, valueLength);
        } else {
            append(name, nameAt, nameLength, value, valueAt, valueLength);
            judgeLast();
        }
    }

    private void judgeLast() {
        if (defect == Defect.NONE) {
            HttpMessage m = message;
            int last = m.headerCount() - 1;
            int kind = m.kind(last);
            if ((kind & FORBIDDEN) != 0 || kind == KnownHeader.TE
                    && !Ascii.equalsIgnoreCase(m.bytes, m.valueOffset(last), m.valueLength(last), TRAILERS)) {
                defect = Defect.CONNECTION_SPECIFIC;
            }
        }
    }

    /** A token without upper-case letters: RFC 9113 §8.2.1. */
    static boolean isFieldName(byte[] name, int at, int length) {
        for (int i = at; i < at + length; i++) {
            if (!HeadParser.isToken(name[i]) || name[i] >= 'A' && name[i] <= 'Z') {
                return false;
            }
        }
        return length > 0;
    }

    private void cookie(byte[] value, int at, int length) {
        int needed = cookiesLength + 2 + length;
        if (cookies.length < needed) {
            cookies = Arrays.copyOf(cookies, Math.max(needed, 512));
        }
        if (cookieCrumbs++ > 0) {
            cookies[cookiesLength++] = ';';
            cookies[cookiesLength++] = ' ';
        }
        System.arraycopy(value, at, cookies, cookiesLength, length);
        cookiesLength += length;
    }

    private void append(byte[] name, int nameAt, int nameLength, byte[] value, int valueAt, int valueLength) {
        HttpMessage m = message;
        if (m.headerCount() >= maxHeaders) {
            defect = Defect.TOO_MANY_HEADERS;
            return;
        }
        room(nameLength + valueLength + 4);
        int at = m.used;
        System.arraycopy(name, nameAt, m.bytes, at, nameLength);
        int colon = at + nameLength;
        m.bytes[colon] = ':';
        m.bytes[colon + 1] = ' ';
        System.arraycopy(value, valueAt, m.bytes, colon + 2, valueLength);
        int end = colon + 2 + valueLength;
        m.bytes[end] = '\r';
        m.bytes[end + 1] = '\n';
        m.used = end + 2;
        m.append(at, nameLength, colon + 2, valueLength);
    }

    private void room(int more) {
        HttpMessage m = message;
        if (m.bytes.length - m.used < more) {
            byte[] old = m.bytes;
            // Half as much again: room for the headers that rules add.
            m.lendBytes(pool.take((m.used + more) * 3 / 2));
            if (old.length > 0) {
                pool.give(old);
            }
        }
    }

    private boolean is(int which, byte[] value) {
        return pseudo[which] != null && Arrays.equals(pseudo[which], pseudoOffset[which],
                pseudoOffset[which] + pseudoLength[which], value, 0, value.length);
    }

    /** Judges the pseudo-headers and writes the start line: all of them have come. */
    private void startLine() {
        boolean connect = is(PSEUDO_METHOD, CONNECT);
        boolean upgrade = pseudo[PSEUDO_PROTOCOL] != null;
        boolean plainConnect = connect && !upgrade;
        if (pseudo[PSEUDO_METHOD] == null || upgrade && (!connect || pseudo[PSEUDO_AUTHORITY] == null)
                || plainConnect && (pseudo[PSEUDO_SCHEME] != null || pseudo[PSEUDO_PATH] != null || pseudo[PSEUDO_AUTHORITY] == null)
                || !plainConnect && (pseudo[PSEUDO_SCHEME] == null || pseudo[PSEUDO_PATH] == null)) {
            defect = Defect.PSEUDO_HEADERS_INCOMPLETE;
        } else if (upgrade && !is(PSEUDO_PROTOCOL, WEBSOCKET)) {
            defect = Defect.UNKNOWN_PROTOCOL;
        } else if (!isToken(PSEUDO_METHOD)) {
            defect = Defect.BAD_METHOD;
        } else if (pseudo[PSEUDO_SCHEME] != null && !isToken(PSEUDO_SCHEME) || pseudo[PSEUDO_AUTHORITY] != null
                && !HostSyntax.isHost(pseudo[PSEUDO_AUTHORITY], pseudoOffset[PSEUDO_AUTHORITY], pseudoLength[PSEUDO_AUTHORITY])
                || pseudo[PSEUDO_AUTHORITY] != null && pseudoLength[PSEUDO_AUTHORITY] == 0 || !plainConnect && !isPath()) {
            defect = Defect.BAD_TARGET;
        } else {
            webSocket = upgrade;
            writeStartLine(plainConnect, upgrade);
        }
    }

    private boolean isToken(int which) {
        for (int i = 0; i < pseudoLength[which]; i++) {
            if (!HeadParser.isToken(pseudo[which][pseudoOffset[which] + i])) {
                return false;
            }
        }
        return pseudoLength[which] > 0;
    }

    private boolean isTargetText(int which) {
        for (int i = 0; i < pseudoLength[which]; i++) {
            if (!HeadParser.isTarget(pseudo[which][pseudoOffset[which] + i])) {
                return false;
            }
        }
        return true;
    }

    /** {@code /path?query}, or {@code *} with OPTIONS. */
    private boolean isPath() {
        int length = pseudoLength[PSEUDO_PATH];
        if (length == 0) {
            return false;
        }
        byte first = pseudo[PSEUDO_PATH][pseudoOffset[PSEUDO_PATH]];
        return isTargetText(PSEUDO_PATH) && (first == '/' || length == 1 && first == '*' && is(PSEUDO_METHOD, OPTIONS));
    }

    private void writeStartLine(boolean plainConnect, boolean upgrade) {
        HttpMessage m = message;
        int total = VERSION.length + 4;
        for (int length : pseudoLength) {
            total += length;
        }
        room(total + pseudoLength[PSEUDO_AUTHORITY] + 64);
        int start = m.used;
        m.startLineOffset = start;
        m.methodOffset = start;
        if (upgrade) {
            put(GET, 0, GET.length);
        } else {
            put(PSEUDO_METHOD);
        }
        m.methodLength = m.used - start;
        m.originalMethodLength = m.methodLength;
        m.bytes[m.used++] = ' ';
        m.targetOffset = m.used;
        if (plainConnect) {
            put(PSEUDO_AUTHORITY);
        } else {
            // Without an authority the Host header counts, as in an HTTP/1 request in origin form.
            boolean absolute = pseudo[PSEUDO_AUTHORITY] != null;
            if (absolute) {
                put(PSEUDO_SCHEME);
                m.bytes[m.used++] = ':';
                m.bytes[m.used++] = '/';
                m.bytes[m.used++] = '/';
                put(PSEUDO_AUTHORITY);
            }
            if (!absolute || pseudo[PSEUDO_PATH][pseudoOffset[PSEUDO_PATH]] == '/') {
                put(PSEUDO_PATH);
            }
        }
        m.targetLength = m.used - m.targetOffset;
        m.originalTargetOffset = m.targetOffset;
        m.originalTargetLength = m.targetLength;
        put(VERSION, 0, VERSION.length);
        m.startLineLength = m.used - 2 - start;
        m.versionMajor = 2;
        m.versionMinor = 0;
        m.headersStart = m.used;
        m.locatePath();
        m.sendAsVersion1(!plainConnect);
        if (TargetForm.of(m) == TargetForm.NONE) {
            defect = Defect.BAD_TARGET;
            return;
        }
        if (pseudo[PSEUDO_AUTHORITY] != null) {
            append(HOST, 0, HOST.length, pseudo[PSEUDO_AUTHORITY], pseudoOffset[PSEUDO_AUTHORITY], pseudoLength[PSEUDO_AUTHORITY]);
        }
    }

    private void put(int which) {
        put(pseudo[which], pseudoOffset[which], pseudoLength[which]);
    }

    private void put(byte[] from, int at, int length) {
        System.arraycopy(from, at, message.bytes, message.used, length);
        message.used += length;
    }

    /**
     * All fields have come.
     *
     * @param bodyless the stream has ended with them
     * @return whether the message is well formed
     */
    public boolean end(boolean bodyless) {
        if (defect == Defect.NONE && !regularSeen) {
            startLine();
        }
        if (defect == Defect.NONE && cookieCrumbs > 0) {
            append(COOKIE, 0, COOKIE.length, cookies, 0, cookiesLength);
        }
        if (defect == Defect.NONE) {
            joinHosts();
        }
        if (defect == Defect.NONE && bodyless && !message.mayHave(KnownHeader.CONTENT_LENGTH) && hasContentUsually()) {
            // Some servers of HTTP/1 refuse such a request without a length; RFC 9110 §8.6.
            append(CONTENT_LENGTH, 0, CONTENT_LENGTH.length, ZERO, 0, 1);
        }
        message.headersEnd = message.used;
        Arrays.fill(pseudo, null);
        return defect == Defect.NONE;
    }

    /** Whether it is an extended CONNECT: the message is the GET that asks for an upgrade in HTTP/1, but for its headers. */
    public boolean asksForWebSocket() {
        return webSocket;
    }

    private boolean hasContentUsually() {
        for (byte[] method : METHODS_WITH_CONTENT) {
            if (message.methodIs(method)) {
                return true;
            }
        }
        return false;
    }

    /** A Host field beside :authority must say the same, and is then left out: RFC 9113 §8.3.1. */
    private void joinHosts() {
        HttpMessage m = message;
        int first = m.find(KnownHeader.HOST, 0);
        if (first < 0 || m.bytes[m.targetOffset] == '/') {
            return;
        }
        for (int i = m.find(KnownHeader.HOST, first + 1); i >= 0; i = m.find(KnownHeader.HOST, i + 1)) {
            if (m.valueLength(i) != m.valueLength(first)
                    || !Ascii.equalsIgnoreCase(m.bytes, m.valueOffset(i), m.valueLength(i), lower(m, first))) {
                defect = Defect.HOST_MISMATCH;
                return;
            }
            m.remove(i);
        }
    }

    private static byte[] lower(HttpMessage m, int header) {
        byte[] value = Arrays.copyOfRange(m.bytes, m.valueOffset(header), m.valueOffset(header) + m.valueLength(header));
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) Ascii.lower(value[i]);
        }
        return value;
    }
}
