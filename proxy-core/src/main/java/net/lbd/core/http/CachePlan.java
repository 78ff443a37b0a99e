package net.lbd.core.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * What a cache means for one request, as it was when {@code cache-use} saw it. Immutable. Source: HAProxy manual, "Cache", "Limitation";
 * RFC 9111 §3, §4.
 */
public final class CachePlan {

    private static final byte[] GET = Ascii.bytes("GET");
    private static final byte[] HEAD = Ascii.bytes("HEAD");
    private static final byte[][] SAFE = {GET, HEAD, Ascii.bytes("OPTIONS"), Ascii.bytes("TRACE")};
    private static final byte[] CACHE_CONTROL = Ascii.bytes("cache-control");
    private static final byte[] PRAGMA = Ascii.bytes("pragma");
    private static final byte[] REFERER = Ascii.bytes("referer");
    private static final byte[] NO_CACHE = Ascii.bytes("no-cache");
    private static final byte[] NO_STORE = Ascii.bytes("no-store");
    private static final byte[] AGE_OF_NOTHING = Ascii.bytes("max-age=0");

    private final HttpCache cache;
    private final String key;
    private final boolean mayAnswer;
    private final boolean mayStore;
    private final String referer;

    private CachePlan(HttpCache cache, String key, boolean mayAnswer, boolean mayStore, String referer) {
        this.cache = Objects.requireNonNull(cache, "cache");
        this.key = Objects.requireNonNull(key, "key");
        this.mayAnswer = mayAnswer;
        this.mayStore = mayStore;
        this.referer = Objects.requireNonNull(referer, "referer");
    }

    /** Looks at a request; one that may change what stands at its target makes the cache forget that. */
    public static CachePlan of(HttpCache cache, HttpMessage request) {
        boolean ours = request.isAtLeast11() && request.hasPath() && request.find(KnownHeader.AUTHORIZATION, 0) < 0;
        String key = request.hasPath() ? key(request) : "";
        boolean get = request.methodIs(GET);
        if (!isSafe(request)) {
            cache.forget(key);
        }
        boolean anew = StoreCheck.says(request, CACHE_CONTROL, NO_CACHE) || StoreCheck.says(request, CACHE_CONTROL, AGE_OF_NOTHING)
                || request.find(CACHE_CONTROL, 0) < 0 && StoreCheck.says(request, PRAGMA, NO_CACHE);
        boolean secret = StoreCheck.says(request, CACHE_CONTROL, NO_STORE);
        return new CachePlan(cache, key, ours && !anew && !secret && (get || request.methodIs(HEAD)), ours && get && !secret,
                cache.spec().vary() ? CachedResponse.text(request, REFERER).orElse("") : "");
    }

    private static boolean isSafe(HttpMessage request) {
        for (byte[] method : SAFE) {
            if (request.methodIs(method)) {
                return true;
            }
        }
        return false;
    }

    /** The host and the target; what is known of the scheme is not part of it, as in HAProxy. */
    private static String key(HttpMessage request) {
        int host = request.find(KnownHeader.HOST, 0);
        String name = host < 0 ? "" : new String(request.bytes(), request.valueOffset(host), request.valueLength(host),
                StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        return name + ' ' + new String(request.bytes(), request.pathOffset(), request.pathAndQueryLength(), StandardCharsets.ISO_8859_1);
    }

    public HttpCache cache() {
        return cache;
    }

    /** Whether a response to this request may be kept, as far as the request is concerned. */
    public boolean mayStore() {
        return mayStore;
    }

    String key() {
        return key;
    }

    String referer() {
        return referer;
    }

    /** What the request is answered with at once. */
    public Optional<CachedResponse> answer(HttpMessage request) {
        return mayAnswer ? cache.find(key, request) : Optional.empty();
    }
}
