package net.lbd.config.keyword.rule;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.grammar.Keyword;
import net.lbd.config.grammar.Notation;
import net.lbd.config.grammar.Support;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.shape.Shape;

/**
 * A row for an action of a rule. Immutable.
 *
 * @param sets the rule sets that may hold it
 */
public record ActionKeyword(
        String name, List<String> aliases, Set<RuleSet> sets, String syntax, String doc, Support support, Reader reader)
        implements Keyword {

    /** Reads what stands between the action's name and its condition. */
    @FunctionalInterface
    public interface Reader {
        /** @return empty for an action that has no record yet because this version cannot carry it out */
        Optional<ActionSpec> read(ActionContext context);
    }

    public ActionKeyword {
        Objects.requireNonNull(name, "name");
        aliases = List.copyOf(aliases);
        sets = Set.copyOf(sets);
        Objects.requireNonNull(syntax, "syntax");
        Objects.requireNonNull(doc, "doc");
        Objects.requireNonNull(support, "support");
        Objects.requireNonNull(reader, "reader");
    }

    /** Shown when it is asked for: most loads never do. */
    @Override
    public String syntax() {
        return Notation.shown(syntax);
    }

    /** A row whose reader always yields a record. */
    static ActionKeyword of(
            String name, Set<RuleSet> sets, String syntax, String doc, java.util.function.Function<ActionContext, ActionSpec> reader) {
        return new ActionKeyword(name, List.of(), sets, syntax, doc, Support.SUPPORTED,
                context -> Optional.of(reader.apply(context)));
    }

    /** A row whose arguments are checked, and which this version cannot carry out. */
    static ActionKeyword notYet(String name, Set<RuleSet> sets, String notation, String doc) {
        Shape shape = Shape.of(notation);
        return new ActionKeyword(name, List.of(), sets, notation, doc, Support.NOT_YET, context -> {
            shape.readSome(context.arguments(), context.scope());
            return Optional.empty();
        });
    }
}
