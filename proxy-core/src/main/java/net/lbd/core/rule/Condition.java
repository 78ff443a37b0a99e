package net.lbd.core.rule;

import net.lbd.core.stream.Stream;

/** A compiled {@code if} or {@code unless} clause. Immutable; testing it allocates nothing. */
@FunctionalInterface
public interface Condition {

    /** Of a rule without a clause. */
    Condition ALWAYS = stream -> true;

    boolean holds(Stream stream);
}
