package net.lbd.config.model;

import java.util.Objects;

/**
 * A {@code cache} section. Immutable. Source: HAProxy manual, "Cache".
 *
 * @param totalBytes of all responses together
 * @param maxObjectBytes of one response, its head included (default a 256th of the total)
 * @param maxAgeSeconds how long a response is kept at most (default 60)
 * @param vary whether responses are kept that vary with Accept-Encoding or Referer
 * @param maxSecondaryEntries responses of one target (default 10)
 */
public record CacheSpec(String name, long totalBytes, long maxObjectBytes, int maxAgeSeconds, boolean vary, int maxSecondaryEntries) {
    public CacheSpec {
        Objects.requireNonNull(name, "name");
    }
}
