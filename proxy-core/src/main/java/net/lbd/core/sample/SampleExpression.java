package net.lbd.core.sample;

import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.SampleType;
import net.lbd.core.stream.Stream;

/**
 * A compiled sample expression: a fetch and the converters behind it. Immutable and shared by all event
 * loops; evaluating it allocates nothing. Source: HAProxy manual, "Fetching samples".
 */
public final class SampleExpression {

    private final String text;
    private final Fetch fetch;
    private final MultiFetch multiple;
    private final Converter[] converters;
    private final SampleType[] inputs;
    private final SampleType type;

    private SampleExpression(String text, Fetch fetch, Converter[] converters, SampleType[] inputs, SampleType type) {
        this.text = text;
        this.fetch = fetch;
        this.multiple = fetch instanceof MultiFetch many ? many : null;
        this.converters = converters;
        this.inputs = inputs;
        this.type = type;
    }

    /**
     * Compiles an expression.
     *
     * @param names takes down what the expression names, to be bound later
     * @throws IllegalArgumentException if a keyword is not carried out by this version
     */
    public static SampleExpression compile(SampleSpec spec, RuntimeNames names) {
        FetchCompiler row = SampleTables.FETCHES.get(spec.fetch().keyword());
        if (row == null) {
            throw unsupported(spec, "sample fetch", spec.fetch().keyword());
        }
        Fetch fetch = row.compile(new ArgumentList(spec.fetch().arguments()), names);
        int n = spec.converters().size();
        Converter[] converters = new Converter[n];
        SampleType[] inputs = new SampleType[n];
        for (int i = 0; i < n; i++) {
            SampleSpec.Converter converter = spec.converters().get(i);
            ConverterCompiler compiler = SampleTables.CONVERTERS.get(converter.keyword());
            if (compiler == null) {
                throw unsupported(spec, "converter", converter.keyword());
            }
            converters[i] = compiler.maker().make(new ArgumentList(converter.arguments()), names);
            inputs[i] = compiler.input();
        }
        return new SampleExpression(spec.text(), fetch, converters, inputs, spec.type());
    }

    private static IllegalArgumentException unsupported(SampleSpec spec, String kind, String keyword) {
        return new IllegalArgumentException(
                spec.location() + ": " + kind + " '" + keyword + "' is not supported yet");
    }

    /** What the last converter yields. */
    public SampleType type() {
        return type;
    }

    /** Whether {@link #first} and {@link #next} may yield more than one value. */
    public boolean isMultiple() {
        return multiple != null;
    }

    /** Fills the sample with the value; false if there is none. */
    public boolean evaluate(Stream stream, Sample out) {
        return fetch.fetch(stream, out) && convert(stream, out);
    }

    /** As {@link #evaluate}, and casts the result. */
    public boolean evaluate(Stream stream, Sample out, SampleType as) {
        return evaluate(stream, out) && Casts.cast(out, as);
    }

    /**
     * Fills the sample with the first value, fetched only: {@link #convert} is the second step, so that
     * an iteration goes on behind a value that a converter refuses.
     */
    public boolean first(Stream stream, Sample out) {
        return multiple != null ? multiple.first(stream, out) : fetch.fetch(stream, out);
    }

    /** Fills the same sample with the next value, fetched only. */
    public boolean next(Stream stream, Sample out) {
        return multiple != null && multiple.next(stream, out);
    }

    /** Runs the converters over a fetched value. */
    public boolean convert(Stream stream, Sample inOut) {
        for (int i = 0; i < converters.length; i++) {
            if (!Casts.cast(inOut, inputs[i]) || !converters[i].convert(stream, inOut)) {
                return false;
            }
        }
        return true;
    }

    /** As the user wrote it. */
    @Override
    public String toString() {
        return text;
    }
}
