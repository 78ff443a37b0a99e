package net.lbd.config.keyword.sample;

import java.util.List;
import java.util.Objects;
import net.lbd.config.grammar.Keyword;
import net.lbd.config.grammar.Support;
import net.lbd.config.model.SampleType;

/**
 * A row for a sample fetch. Immutable.
 *
 * @param http it reads a part of an HTTP message, which a proxy in mode tcp does not look at
 */
public record FetchKeyword(
        String name,
        List<String> aliases,
        Signature signature,
        SampleType type,
        FetchSource source,
        boolean http,
        String doc,
        Support support)
        implements Keyword {

    public FetchKeyword {
        Objects.requireNonNull(name, "name");
        aliases = List.copyOf(aliases);
        Objects.requireNonNull(signature, "signature");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(doc, "doc");
        Objects.requireNonNull(support, "support");
    }

    static FetchKeyword of(String name, SampleType type, FetchSource source, String doc) {
        return new FetchKeyword(name, List.of(), Signature.NONE, type, source, false, doc, Support.SUPPORTED);
    }

    static FetchKeyword of(String name, String signature, SampleType type, FetchSource source, String doc) {
        return new FetchKeyword(
                name, List.of(), Signature.of(signature), type, source, false, doc, Support.SUPPORTED);
    }

    FetchKeyword alias(String... others) {
        return new FetchKeyword(name, List.of(others), signature, type, source, http, doc, support);
    }

    FetchKeyword needsHttp() {
        return new FetchKeyword(name, aliases, signature, type, source, true, doc, support);
    }

    FetchKeyword notYet() {
        return new FetchKeyword(name, aliases, signature, type, source, http, doc, Support.NOT_YET);
    }

    FetchKeyword refused(String reason) {
        return new FetchKeyword(name, aliases, signature, type, source, http, doc, Support.refused(reason));
    }

    @Override
    public String syntax() {
        return signature.syntax();
    }
}
