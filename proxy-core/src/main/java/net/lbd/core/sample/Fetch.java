package net.lbd.core.sample;

import net.lbd.core.stream.Stream;

/**
 * A compiled sample fetch: takes one value out of a stream. Immutable and without names: whatever its
 * arguments name was looked up when it was compiled. Must not allocate. Source: HAProxy manual,
 * "Fetching samples".
 */
@FunctionalInterface
public interface Fetch {

    /**
     * Fills the sample.
     *
     * @return false if the stream has no such value; the sample's content is then undefined
     */
    boolean fetch(Stream stream, Sample out);
}
