package net.lbd.config.model;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A {@code filter bwlim-in} or {@code bwlim-out} line: how many bytes of bodies may pass. Immutable. Source: HAProxy manual (2.7 and later),
 * "Bandwidth limitation".
 *
 * @param ofResponse {@code bwlim-out}: from server to client
 * @param shared empty: each stream has the limit of its own
 * @param defaultLimitBytes in {@code defaultPeriod}; of a limit for each stream
 * @param minSizeBytes nothing smaller passes at a time but the last bytes; 0: no such limit
 */
public record BandwidthLimitSpec(String name, boolean ofResponse, Optional<Shared> shared, Optional<Long> defaultLimitBytes,
        Optional<Duration> defaultPeriod, int minSizeBytes) {

    public BandwidthLimitSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(shared, "shared");
        Objects.requireNonNull(defaultLimitBytes, "defaultLimitBytes");
        Objects.requireNonNull(defaultPeriod, "defaultPeriod");
    }

    /**
     * The limit of all streams with one key: of the rate of bytes that a stick-table counts, whose period it has.
     *
     * @param table empty: that of the proxy
     */
    public record Shared(long limitBytes, SampleSpec key, String table) {
        public Shared {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(table, "table");
        }
    }
}
