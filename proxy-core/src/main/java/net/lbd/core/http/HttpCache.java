package net.lbd.core.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import net.lbd.config.model.CacheSpec;

/**
 * The responses of a {@code cache} section. All of them together take no more than its size: the oldest make room. What is being received
 * takes as much again at most. A new configuration begins with an empty one, as HAProxy does. Thread-safe: a lock for the time of a
 * look-up. Source: HAProxy manual, "Cache"; RFC 9111.
 */
public final class HttpCache {

    private final CacheSpec spec;
    private final LongSupplier clockMillis;
    private final Map<String, List<CachedResponse>> byKey = new HashMap<>();
    /** The oldest first. */
    private final LinkedHashSet<CachedResponse> byAge = new LinkedHashSet<>();
    private final AtomicLong receivingBytes = new AtomicLong();
    private long bytes;

    /** @param clockMillis a clock that is never set, since any moment: how long a response is kept is no matter of dates */
    public HttpCache(CacheSpec spec, LongSupplier clockMillis) {
        this.spec = Objects.requireNonNull(spec, "spec");
        this.clockMillis = Objects.requireNonNull(clockMillis, "clockMillis");
    }

    public CacheSpec spec() {
        return spec;
    }

    /** By its own clock; differences count. */
    public long nowMillis() {
        return clockMillis.getAsLong();
    }

    /** What answers a request; empty if nothing does. */
    public synchronized Optional<CachedResponse> find(String key, HttpMessage request) {
        List<CachedResponse> found = byKey.getOrDefault(key, List.of());
        long now = nowMillis();
        for (int i = found.size() - 1; i >= 0; i--) {
            CachedResponse response = found.get(i);
            if (!response.isFresh(now)) {
                forget(response);
            } else if (response.suits(request)) {
                return Optional.of(response);
            }
        }
        return Optional.empty();
    }

    /** Keeps a response, instead of one that was kept before for the same. */
    public synchronized void put(CachedResponse response) {
        long now = nowMillis();
        for (CachedResponse other : List.copyOf(byKey.getOrDefault(response.key(), List.of()))) {
            if (!other.isFresh(now) || other.isVariantOf(response)) {
                forget(other);
            }
        }
        if (response.sizeBytes() > spec.maxObjectBytes() + response.key().length() * 2L + 300
                || byKey.getOrDefault(response.key(), List.of()).size() >= spec.maxSecondaryEntries()) {
            return;
        }
        while (bytes + response.sizeBytes() > spec.totalBytes() && !byAge.isEmpty()) {
            forget(byAge.iterator().next());
        }
        if (bytes + response.sizeBytes() <= spec.totalBytes()) {
            byKey.computeIfAbsent(response.key(), k -> new ArrayList<>(1)).add(response);
            byAge.add(response);
            bytes += response.sizeBytes();
        }
    }

    private void forget(CachedResponse response) {
        if (byAge.remove(response)) {
            bytes -= response.sizeBytes();
            List<CachedResponse> same = byKey.get(response.key());
            same.remove(response);
            if (same.isEmpty()) {
                byKey.remove(response.key());
            }
        }
    }

    /** A request may have changed what stands there. */
    public synchronized void forget(String key) {
        List.copyOf(byKey.getOrDefault(key, List.of())).forEach(this::forget);
    }

    /** What is held, the oldest first. */
    public synchronized List<CachedResponse> responses() {
        return List.copyOf(byAge);
    }

    /** What all that is held takes. */
    public synchronized long bytes() {
        return bytes;
    }

    /** Takes room for bytes that are being received; false: there is none. */
    boolean reserve(int count) {
        if (receivingBytes.addAndGet(count) > spec.totalBytes()) {
            receivingBytes.addAndGet(-count);
            return false;
        }
        return true;
    }

    void giveBack(long count) {
        receivingBytes.addAndGet(-count);
    }
}
