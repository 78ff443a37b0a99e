package net.lbd.core.sample;

import net.lbd.core.stream.Stream;

/**
 * A fetch that has several values, such as {@code hdr(x)} without a number: an ACL looks at each of
 * them, everything else at the one that {@link #fetch} yields. The place of the iteration is kept in
 * the sample, so that the fetch itself stays immutable.
 */
public interface MultiFetch extends Fetch {

    /** Fills the sample with the first value. */
    boolean first(Stream stream, Sample out);

    /** Fills the sample with the value after the one that {@link #first} or this method filled it with. */
    boolean next(Stream stream, Sample out);
}
