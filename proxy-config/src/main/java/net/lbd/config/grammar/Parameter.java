package net.lbd.config.grammar;

import java.util.List;
import java.util.Objects;

/**
 * A row for a word of a {@code bind} or {@code server} line. Immutable.
 *
 * @param <D> the draft of the line
 */
public record Parameter<D>(
        String name, List<String> aliases, String syntax, String doc, Support support, Parser<D> parser)
        implements Keyword {

    /** Reads what follows the word into the draft. */
    @FunctionalInterface
    public interface Parser<D> {
        void parse(Arguments arguments, D draft);
    }

    public Parameter {
        Objects.requireNonNull(name, "name");
        aliases = List.copyOf(aliases);
        Objects.requireNonNull(syntax, "syntax");
        Objects.requireNonNull(doc, "doc");
        Objects.requireNonNull(support, "support");
        Objects.requireNonNull(parser, "parser");
    }

    /** Shown when it is asked for: most loads never do. */
    @Override
    public String syntax() {
        return Notation.shown(syntax);
    }

    public static <D> Parameter<D> of(String name, String syntax, String doc, Parser<D> parser) {
        return new Parameter<>(name, List.of(), syntax, doc, Support.SUPPORTED, parser);
    }

    public Parameter<D> alias(String... others) {
        return new Parameter<>(name, List.of(others), syntax, doc, support, parser);
    }

    public Parameter<D> support(Support other) {
        return new Parameter<>(name, aliases, syntax, doc, other, parser);
    }

    public Parameter<D> notYet() {
        return support(Support.NOT_YET);
    }
}
