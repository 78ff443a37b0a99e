package net.lbd.core.http;

/** The four forms of a request target. Source: RFC 9112 §3.2. */
enum TargetForm {
    /** {@code /path?query}. */
    ORIGIN,
    /** {@code http://host/path}; other schemes are not ours to carry. */
    ABSOLUTE,
    /** {@code host:port}, with CONNECT only. */
    AUTHORITY,
    /** {@code *}, with OPTIONS only. */
    ASTERISK,
    /** None of them. */
    NONE;

    private static final byte[] CONNECT = Ascii.bytes("CONNECT");
    private static final byte[] OPTIONS = Ascii.bytes("OPTIONS");
    private static final byte[] HTTP = Ascii.bytes("http://");
    private static final byte[] HTTPS = Ascii.bytes("https://");

    static TargetForm of(HttpMessage m) {
        byte[] bytes = m.bytes();
        int at = m.targetOffset();
        int length = m.targetLength();
        if (m.methodIs(CONNECT)) {
            return HostSyntax.isHostAndPort(bytes, at, length) ? AUTHORITY : NONE;
        }
        if (bytes[at] == '/') {
            return ORIGIN;
        }
        if (length == 1 && bytes[at] == '*') {
            return m.methodIs(OPTIONS) ? ASTERISK : NONE;
        }
        int authority = authorityOffset(m);
        if (authority < 0) {
            return NONE;
        }
        int authorityLength = authorityLength(m, authority);
        // Unlike a Host header, an http URI must name a host: RFC 9110 §4.2.1.
        return authorityLength > 0 && HostSyntax.isHost(bytes, authority, authorityLength) ? ABSOLUTE : NONE;
    }

    /** Where the authority of an absolute-form target begins; -1 if the target has none. */
    static int authorityOffset(HttpMessage m) {
        byte[] bytes = m.bytes();
        int at = m.targetOffset();
        int length = m.targetLength();
        if (length > HTTP.length && Ascii.equalsIgnoreCase(bytes, at, HTTP)) {
            return at + HTTP.length;
        }
        if (length > HTTPS.length && Ascii.equalsIgnoreCase(bytes, at, HTTPS)) {
            return at + HTTPS.length;
        }
        return -1;
    }

    static int authorityLength(HttpMessage m, int authorityOffset) {
        byte[] bytes = m.bytes();
        int end = m.targetOffset() + m.targetLength();
        int i = authorityOffset;
        while (i < end && bytes[i] != '/' && bytes[i] != '?') {
            i++;
        }
        return i - authorityOffset;
    }
}
