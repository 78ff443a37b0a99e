package net.lbd.config.keyword.proxy;

import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.Support;
import net.lbd.config.expr.SampleReader.Direction;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.Setting;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;

/** Shapes of rows that many families of proxy directives share. */
final class Rows {

    private Rows() { }

    /** {@code keyword VALUE}: sets one setting. */
    static <T> Directive<ProxyDraft> value(
            Setting<T> setting, Set<SectionKind> sections, String syntax, ArgumentType<T> type, String doc) {
        return Directive.<ProxyDraft>of(setting.name(), sections, syntax, doc, (arguments, draft) -> {
            T value = arguments.next(syntax, type);
            arguments.end();
            draft.settings().put(setting, value, arguments.location());
        }).ignoredElsewhere();
    }

    /** As {@link #value}; what follows the value is ignored with a warning, which HAProxy does without one. */
    static <T> Directive<ProxyDraft> valueAndMore(
            Setting<T> setting, Set<SectionKind> sections, String syntax, ArgumentType<T> type, String doc) {
        return Directive.<ProxyDraft>of(setting.name(), sections, syntax, doc, (arguments, draft) -> {
            T value = arguments.next(syntax, type);
            arguments.endOrWarn();
            draft.settings().put(setting, value, arguments.location());
        }).ignoredElsewhere();
    }

    /** {@code [no] option NAME}: a setting that is on or off. */
    static Directive<ProxyDraft> flag(Setting<Boolean> setting, Set<SectionKind> sections, String doc) {
        return Directive.<ProxyDraft>of(setting.name(), sections, "", doc, (arguments, draft) -> {
            arguments.end();
            draft.settings().put(setting, !arguments.negated(), arguments.location());
        }).canBeNegated().ignoredElsewhere();
    }

    /** An option without arguments that is read and has no part in the model. */
    static Directive<ProxyDraft> bare(String name, Set<SectionKind> sections, Support support, String doc) {
        return Directive.<ProxyDraft>of(name, sections, "", doc, (arguments, draft) -> arguments.end())
                .canBeNegated().ignoredElsewhere().support(support);
    }

    /** A directive whose arguments are checked, and which this version cannot carry out. */
    static Directive<ProxyDraft> later(
            String name, Set<SectionKind> sections, String notation, String doc, Checkpoint... checkpoints) {
        Shape shape = Shape.of(notation);
        return Directive.<ProxyDraft>of(name, sections, notation, doc,
                (arguments, draft) -> shape.read(arguments, ShapeScope.of(draft, Direction.REQUEST, checkpoints)))
                .ignoredElsewhere().notYet();
    }

    /** A directive whose words are read to the end without being looked at. */
    static void takeRest(Arguments arguments) {
        arguments.rest();
    }
}
