package net.lbd.config.keyword.sample;

import java.util.List;
import java.util.Objects;
import net.lbd.config.grammar.Keyword;
import net.lbd.config.grammar.Support;
import net.lbd.config.model.SampleType;

/**
 * A row for a converter. Immutable.
 *
 * @param input what it wants; a sample of another type is cast first
 * @param output what it yields; {@link SampleType#ANY}: what came in
 */
public record ConverterKeyword(
        String name,
        List<String> aliases,
        Signature signature,
        SampleType input,
        SampleType output,
        String doc,
        Support support)
        implements Keyword {

    public ConverterKeyword {
        Objects.requireNonNull(name, "name");
        aliases = List.copyOf(aliases);
        Objects.requireNonNull(signature, "signature");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(output, "output");
        Objects.requireNonNull(doc, "doc");
        Objects.requireNonNull(support, "support");
    }

    static ConverterKeyword of(String name, SampleType input, SampleType output, String doc) {
        return new ConverterKeyword(name, List.of(), Signature.NONE, input, output, doc, Support.SUPPORTED);
    }

    static ConverterKeyword of(String name, String signature, SampleType input, SampleType output, String doc) {
        return new ConverterKeyword(
                name, List.of(), Signature.of(signature), input, output, doc, Support.SUPPORTED);
    }

    ConverterKeyword alias(String... others) {
        return new ConverterKeyword(name, List.of(others), signature, input, output, doc, support);
    }

    ConverterKeyword notYet() {
        return new ConverterKeyword(name, aliases, signature, input, output, doc, Support.NOT_YET);
    }

    @Override
    public String syntax() {
        return signature.syntax();
    }
}
