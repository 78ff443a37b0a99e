package net.lbd.core.pattern;

import net.lbd.config.model.SampleType;
import net.lbd.core.sample.Sample;
import net.lbd.core.stream.Stream;

/**
 * The compiled patterns of one {@code acl} line and the way of comparing with them. Immutable. Source:
 * HAProxy manual, "ACL basics".
 */
public interface PatternSet {

    /** The type that a sample must have when {@link #matches} is called; it is cast to it before. */
    SampleType wants();

    /** Whether a pattern matches. The stream lends its worker's scratch memory. */
    boolean matches(Stream stream, Sample sample);
}
