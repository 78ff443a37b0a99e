package net.lbd.config.grammar;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A row for a line that begins with its keyword. Immutable.
 *
 * @param <D> the draft of the section that the parser fills
 * @param sections where it may stand
 * @param elsewhere what happens in another section
 * @param negatable {@code no} may stand before it
 */
public record Directive<D>(
        String name,
        List<String> aliases,
        Set<SectionKind> sections,
        Elsewhere elsewhere,
        String syntax,
        String doc,
        Support support,
        boolean negatable,
        Parser<D> parser)
        implements Keyword {

    /** What becomes of a directive in a section where it may not stand. */
    public enum Elsewhere { ERROR, IGNORED }

    /** Reads the arguments into the draft. */
    @FunctionalInterface
    public interface Parser<D> {
        void parse(Arguments arguments, D draft);
    }

    public Directive {
        Objects.requireNonNull(name, "name");
        aliases = List.copyOf(aliases);
        sections = Set.copyOf(sections);
        Objects.requireNonNull(elsewhere, "elsewhere");
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

    /** A row that is supported, cannot be negated, and is an error elsewhere. */
    public static <D> Directive<D> of(
            String name, Set<SectionKind> sections, String syntax, String doc, Parser<D> parser) {
        return new Directive<>(
                name, List.of(), sections, Elsewhere.ERROR, syntax, doc, Support.SUPPORTED, false, parser);
    }

    public Directive<D> alias(String... others) {
        return new Directive<>(name, List.of(others), sections, elsewhere, syntax, doc, support, negatable, parser);
    }

    public Directive<D> canBeNegated() {
        return new Directive<>(name, aliases, sections, elsewhere, syntax, doc, support, true, parser);
    }

    /** In a section of the other side it is ignored with a warning, as HAProxy does. */
    public Directive<D> ignoredElsewhere() {
        return new Directive<>(
                name, aliases, sections, Elsewhere.IGNORED, syntax, doc, support, negatable, parser);
    }

    /** In another section it is an error, as HAProxy has it. */
    public Directive<D> refusedElsewhere() {
        return new Directive<>(
                name, aliases, sections, Elsewhere.ERROR, syntax, doc, support, negatable, parser);
    }

    public Directive<D> support(Support other) {
        return new Directive<>(name, aliases, sections, elsewhere, syntax, doc, other, negatable, parser);
    }

    public Directive<D> notYet() {
        return support(Support.NOT_YET);
    }
}
