package net.lbd.core.sample;

import net.lbd.config.model.SampleType;

/**
 * A row of the converter table: makes a converter from its arguments when the configuration is loaded.
 *
 * @param input the type that the converter wants; what comes in is cast to it
 */
record ConverterCompiler(SampleType input, Maker maker) {

    /** The part that differs from row to row. */
    @FunctionalInterface
    interface Maker {
        Converter make(ArgumentList arguments);
    }

    /** A row for a converter without arguments. */
    static ConverterCompiler of(SampleType input, Converter converter) {
        return new ConverterCompiler(input, arguments -> converter);
    }

    static ConverterCompiler of(SampleType input, Maker maker) {
        return new ConverterCompiler(input, maker);
    }
}
