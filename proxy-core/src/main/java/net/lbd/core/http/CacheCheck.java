package net.lbd.core.http;

import java.util.Set;

/**
 * {@code option checkcache}: whether a response sets a cookie that a shared cache might keep and give to others. Pure functions.
 * Source: HAProxy manual, "option checkcache".
 */
public final class CacheCheck {

    private static final byte[] SET_COOKIE = Ascii.bytes("set-cookie");
    private static final byte[] SET_COOKIE2 = Ascii.bytes("set-cookie2");
    private static final byte[] CACHE_CONTROL = Ascii.bytes("cache-control");
    private static final byte[] PRAGMA = Ascii.bytes("pragma");
    private static final byte[][] SAFE_METHODS = {
        Ascii.bytes("GET"), Ascii.bytes("HEAD"), Ascii.bytes("OPTIONS"), Ascii.bytes("TRACE")
    };
    /** Statuses that caches keep by themselves. */
    private static final Set<Integer> CACHEABLE = Set.of(200, 203, 204, 206, 300, 301, 404, 405, 410, 414, 501);
    private static final byte[] PUBLIC = Ascii.bytes("public");
    private static final byte[] NO_CACHE = Ascii.bytes("no-cache");
    private static final byte[][] FORBIDDING = {
        Ascii.bytes("private"), NO_CACHE, Ascii.bytes("no-store"), Ascii.bytes("max-age=0"), Ascii.bytes("s-maxage=0"),
        Ascii.bytes("no-cache=\"set-cookie\""), Ascii.bytes("no-cache=\"set-cookie")
    };

    private CacheCheck() { }

    /** Whether the response must not reach its client. */
    public static boolean isDangerous(HttpMessage request, HttpMessage response) {
        if (response.find(SET_COOKIE, 0) < 0 && response.find(SET_COOKIE2, 0) < 0) {
            return false;
        }
        boolean cacheable = CACHEABLE.contains(response.status()) && isSafe(request);
        for (int i = response.find(PRAGMA, 0); i >= 0; i = response.find(PRAGMA, i + 1)) {
            if (Ascii.equalsIgnoreCase(response.bytes(), response.valueOffset(i), response.valueLength(i), NO_CACHE)) {
                cacheable = false;
            }
        }
        boolean forbidden = false;
        for (int i = response.find(CACHE_CONTROL, 0); i >= 0; i = response.find(CACHE_CONTROL, i + 1)) {
            byte[] bytes = response.bytes();
            int end = response.valueOffset(i) + response.valueLength(i);
            for (int at = response.valueOffset(i); at < end;) {
                int start = at;
                while (at < end && bytes[at] != ',') {
                    at++;
                }
                int stop = at++;
                while (start < stop && (bytes[start] == ' ' || bytes[start] == '\t')) {
                    start++;
                }
                while (stop > start && (bytes[stop - 1] == ' ' || bytes[stop - 1] == '\t')) {
                    stop--;
                }
                for (byte[] directive : FORBIDDING) {
                    forbidden |= Ascii.equalsIgnoreCase(bytes, start, stop - start, directive);
                }
                cacheable |= Ascii.equalsIgnoreCase(bytes, start, stop - start, PUBLIC);
            }
        }
        return cacheable && !forbidden;
    }

    private static boolean isSafe(HttpMessage request) {
        for (byte[] method : SAFE_METHODS) {
            if (request.methodIs(method)) {
                return true;
            }
        }
        return false;
    }
}
