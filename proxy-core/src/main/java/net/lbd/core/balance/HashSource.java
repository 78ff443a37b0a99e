package net.lbd.core.balance;

import net.lbd.core.stream.Stream;

/** Makes a number of what a stream is balanced by. Immutable. */
@FunctionalInterface
interface HashSource {

    /** The stream has no such key. */
    long ABSENT = -1;

    /** 32 bits without sign, or {@link #ABSENT}. */
    long hash(Stream stream);

    /** Whether the key may stand in the request's body, which is to be waited for. */
    default boolean wantsBody(Stream stream) {
        return false;
    }
}
