package net.lbd.core.sample;

import net.lbd.config.model.SampleType;

/**
 * A row of the converter table: makes a converter from its arguments when the configuration is loaded.
 *
 * @param input the type that the converter wants; what comes in is cast to it
 */
record ConverterCompiler(SampleType input, NamedMaker maker) {

    /** The part that differs from row to row. */
    @FunctionalInterface
    interface Maker {
        Converter make(ArgumentList arguments);
    }

    /** As {@link Maker}, for a converter whose arguments name things of the configuration. */
    @FunctionalInterface
    interface NamedMaker {
        Converter make(ArgumentList arguments, RuntimeNames names);
    }

    /** A row for a converter without arguments. */
    static ConverterCompiler of(SampleType input, Converter converter) {
        return new ConverterCompiler(input, (arguments, names) -> converter);
    }

    static ConverterCompiler of(SampleType input, Maker maker) {
        return new ConverterCompiler(input, (arguments, names) -> maker.make(arguments));
    }

    static ConverterCompiler named(SampleType input, NamedMaker maker) {
        return new ConverterCompiler(input, maker);
    }
}
