package net.lbd.core.http;

import java.util.Set;

/**
 * Whether a cache may keep a response: what {@code cookie … nocache} asks before it sets a cookie. Pure functions. Source: RFC 9111
 * §3, §4.2; HAProxy manual, "cookie".
 */
public final class StoreCheck {

    private static final byte[] GET = Ascii.bytes("GET");
    private static final byte[] HEAD = Ascii.bytes("HEAD");
    private static final byte[] CACHE_CONTROL = Ascii.bytes("cache-control");
    private static final byte[] PRAGMA = Ascii.bytes("pragma");
    private static final byte[][] FRESHNESS = {Ascii.bytes("etag"), Ascii.bytes("last-modified"), Ascii.bytes("expires")};
    private static final byte[] MAX_AGE = Ascii.bytes("max-age=");
    private static final byte[] MAX_AGE_OF_SHARED = Ascii.bytes("s-maxage=");
    private static final byte[] NO_CACHE = Ascii.bytes("no-cache");
    private static final byte[] NO_STORE = Ascii.bytes("no-store");
    private static final byte[] PRIVATE = Ascii.bytes("private");
    /** Statuses that caches keep by themselves. */
    private static final Set<Integer> STATUSES = Set.of(200, 203, 204, 206, 300, 301, 404, 405, 410, 414, 501);

    private StoreCheck() { }

    public static boolean mayBeStored(HttpMessage request, HttpMessage response) {
        if (!request.methodIs(GET) && !request.methodIs(HEAD) || !STATUSES.contains(response.status())
                || says(response, PRAGMA, NO_CACHE) || says(response, CACHE_CONTROL, NO_CACHE)
                || says(response, CACHE_CONTROL, NO_STORE) || says(response, CACHE_CONTROL, PRIVATE)) {
            return false;
        }
        for (byte[] header : FRESHNESS) {
            if (response.find(header, 0) >= 0) {
                return true;
            }
        }
        return says(response, CACHE_CONTROL, MAX_AGE) || says(response, CACHE_CONTROL, MAX_AGE_OF_SHARED);
    }

    /** Whether a header of this name has the word in its value. */
    static boolean says(HttpMessage message, byte[] lowerName, byte[] lowerWord) {
        for (int i = message.find(lowerName, 0); i >= 0; i = message.find(lowerName, i + 1)) {
            int last = message.valueOffset(i) + message.valueLength(i) - lowerWord.length;
            for (int at = message.valueOffset(i); at <= last; at++) {
                if (Ascii.equalsIgnoreCase(message.bytes(), at, lowerWord)) {
                    return true;
                }
            }
        }
        return false;
    }
}
