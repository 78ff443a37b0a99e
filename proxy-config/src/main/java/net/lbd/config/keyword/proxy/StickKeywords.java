package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK_ONLY;
import static net.lbd.config.grammar.SectionKind.PROXIES_ONLY;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ConditionDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.ProxyDraft.NameKind;
import net.lbd.config.draft.ProxyDraft.NameUse;
import net.lbd.config.draft.SampleUse;
import net.lbd.config.draft.StickDraft;
import net.lbd.config.expr.ConditionReader;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.expr.SampleReader.Direction;
import net.lbd.config.grammar.Directive;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.StickRules;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Word;

/** Tables of clients, and what sends a client to the server that such a table names. Source: HAProxy manual, "stick-table", "stick …". */
public final class StickKeywords {

    private static final Shape TABLE = Shape.of(StickTableReader.NOTATION);

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of("stick-table", PROXIES_ONLY, StickTableReader.NOTATION, "A table of clients or other keys, with counters.",
                    (arguments, draft) -> {
                        List<Word> words = arguments.upcoming();
                        if (draft.stickTable().isPresent()) {
                            throw arguments.error(arguments.keyword(), draft.title() + " has a stick-table already, at "
                                    + draft.stickTable().get().location().fileAndLine());
                        }
                        TABLE.read(arguments, ShapeScope.of(draft, Direction.REQUEST));
                        draft.setStickTable(StickTableReader.read(draft.name().text(), words, arguments));
                    }),
            stick(StickRules.Kind.ON, "Remembers which server served a key, and sends the key there.",
                    Direction.REQUEST, Checkpoint.SERVER_CHOICE),
            stick(StickRules.Kind.MATCH, "Sends a key to the server that is remembered.", Direction.REQUEST, Checkpoint.SERVER_CHOICE),
            stick(StickRules.Kind.STORE_REQUEST, "Remembers which server served a key of the request.",
                    Direction.REQUEST, Checkpoint.SERVER_CHOICE),
            stick(StickRules.Kind.STORE_RESPONSE, "Remembers which server served a key of the response.",
                    Direction.RESPONSE, Checkpoint.STICK_STORE));

    private StickKeywords() { }

    private static Directive<ProxyDraft> stick(StickRules.Kind kind, String doc, Direction direction, Checkpoint checkpoint) {
        return Directive.<ProxyDraft>of(kind.keyword(), BACK_ONLY, "<key> [table <name>] [{ if | unless } <condition>]", doc,
                (arguments, draft) -> {
                    Word word = arguments.next("<key>");
                    SampleSpec key = SampleReader.read(word, direction, arguments.diagnostics());
                    draft.sampleUses().add(new SampleUse(key, word, Set.of(checkpoint)));
                    String table = "";
                    if (arguments.skip("table")) {
                        Word name = arguments.next("<name>");
                        table = name.text();
                        draft.nameUses().add(new NameUse(NameKind.TABLE, name));
                    }
                    Optional<ConditionDraft> condition = ConditionReader.last(arguments);
                    draft.stickRules().add(new StickDraft(arguments.location(), kind, key, table, condition, checkpoint));
                }).ignoredElsewhere();
    }
}
