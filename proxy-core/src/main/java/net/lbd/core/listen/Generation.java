package net.lbd.core.listen;

import java.time.Instant;
import java.util.Objects;

/**
 * Which load of the configuration something belongs to. Immutable.
 *
 * @param number counts from 1; each reload that is published adds one
 * @param since when it was made ready, some milliseconds before it was in force
 */
public record Generation(int number, Instant since) {
    public Generation {
        Objects.requireNonNull(since, "since");
    }
}
