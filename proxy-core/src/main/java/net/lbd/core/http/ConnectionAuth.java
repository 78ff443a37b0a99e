package net.lbd.core.http;

/**
 * Recognises authentication that is bound to a connection, as NTLM and Negotiate are: such a connection
 * speaks for one user and must never serve another. Schemes that are known to speak for one request
 * only are the exception, not the rule, so that a scheme nobody has heard of yet is safe. Pure
 * functions.
 */
public final class ConnectionAuth {

    private static final int CREDENTIALS = KnownHeader.AUTHORIZATION | KnownHeader.PROXY_AUTHORIZATION;
    private static final byte[][] PER_REQUEST = {
        Ascii.bytes("basic"), Ascii.bytes("bearer"), Ascii.bytes("digest")
    };

    private static final int CHALLENGES = KnownHeader.WWW_AUTHENTICATE | KnownHeader.PROXY_AUTHENTICATE;
    private static final byte[][] BINDING = {Ascii.bytes("negotiate"), Ascii.bytes("ntlm"), Ascii.bytes("kerberos")};

    private ConnectionAuth() { }

    /** Whether the request carries credentials that bind its server connection to its client. */
    public static boolean binds(HttpMessage request) {
        if (!request.mayHave(CREDENTIALS)) {
            return false;
        }
        for (int i = 0; i < request.headerCount(); i++) {
            if ((request.kind(i) & CREDENTIALS) != 0 && !isPerRequest(request, i)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the request carries credentials, and they speak for this request alone. */
    public static boolean speaksForItself(HttpMessage request) {
        boolean any = false;
        for (int i = 0; request.mayHave(CREDENTIALS) && i < request.headerCount(); i++) {
            if ((request.kind(i) & CREDENTIALS) != 0 && !request.isRemoved(i)) {
                any = true;
                if (!isPerRequest(request, i)) {
                    return false;
                }
            }
        }
        return any;
    }

    /** Whether the response asks for credentials that would bind a connection. */
    public static boolean offers(HttpMessage response) {
        if (!response.mayHave(CHALLENGES)) {
            return false;
        }
        for (int i = 0; i < response.headerCount(); i++) {
            if ((response.kind(i) & CHALLENGES) != 0 && !response.isRemoved(i) && offers(response, i)) {
                return true;
            }
        }
        return false;
    }

    /** A header may hold several challenges: each scheme stands at the beginning or behind a comma. */
    private static boolean offers(HttpMessage response, int header) {
        byte[] bytes = response.bytes();
        int end = response.valueOffset(header) + response.valueLength(header);
        int i = response.valueOffset(header);
        while (i < end) {
            while (i < end && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == ',')) {
                i++;
            }
            int start = i;
            while (i < end && HeadParser.isToken(bytes[i])) {
                i++;
            }
            for (byte[] scheme : BINDING) {
                if (Ascii.equalsIgnoreCase(bytes, start, i - start, scheme)) {
                    return true;
                }
            }
            while (i < end && bytes[i] != ',') {
                i++;
            }
        }
        return false;
    }

    private static boolean isPerRequest(HttpMessage request, int header) {
        byte[] bytes = request.bytes();
        int at = request.valueOffset(header);
        int length = request.valueLength(header);
        for (byte[] scheme : PER_REQUEST) {
            if (length >= scheme.length && Ascii.equalsIgnoreCase(bytes, at, scheme)
                    && (length == scheme.length || bytes[at + scheme.length] == ' ')) {
                return true;
            }
        }
        return false;
    }
}
