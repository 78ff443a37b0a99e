package net.lbd.core.rule;

import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/** What a compiled rule does. Immutable; allocates nothing unless it answers the request. */
@FunctionalInterface
public interface Action {

    /** @return {@link Verdict#CONTINUE} to go on with the next rule */
    Verdict apply(Stream stream);
}
