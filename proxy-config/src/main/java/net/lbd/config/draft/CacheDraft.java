package net.lbd.config.draft;

import java.util.OptionalLong;
import net.lbd.config.model.CacheSpec;

/** What a {@code cache} section says. Not thread-safe. */
public final class CacheDraft {

    private static final long MEGABYTE = 1 << 20;
    private static final int DEFAULT_SHARE = 256;
    private static final int DEFAULT_AGE_SECONDS = 60;
    private static final int DEFAULT_SECONDARY = 10;

    private long megabytes;
    private OptionalLong maxObjectBytes = OptionalLong.empty();
    private int maxAgeSeconds = DEFAULT_AGE_SECONDS;
    private boolean vary;
    private int maxSecondaryEntries = DEFAULT_SECONDARY;

    public void megabytes(long value) {
        megabytes = value;
    }

    public void maxObjectBytes(long value) {
        maxObjectBytes = OptionalLong.of(value);
    }

    public void maxAgeSeconds(int value) {
        maxAgeSeconds = value;
    }

    public void vary(boolean value) {
        vary = value;
    }

    public void maxSecondaryEntries(int value) {
        maxSecondaryEntries = value;
    }

    public CacheSpec toSpec(String name) {
        long total = megabytes * MEGABYTE;
        return new CacheSpec(name, total, maxObjectBytes.orElse(total / DEFAULT_SHARE), maxAgeSeconds, vary, maxSecondaryEntries);
    }
}
