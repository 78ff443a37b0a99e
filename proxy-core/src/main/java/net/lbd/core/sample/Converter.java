package net.lbd.core.sample;

import net.lbd.core.stream.Stream;

/**
 * A compiled converter: changes a sample in place. The sample has the type that the converter's row
 * asks for when this is called. Immutable. Source: HAProxy manual, "Converters".
 */
@FunctionalInterface
public interface Converter {

    /** @return false if there is no result; the whole expression then has no value */
    boolean convert(Stream stream, Sample inOut);
}
