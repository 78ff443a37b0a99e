package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.BACK_ONLY;
import static net.lbd.config.grammar.SectionKind.PROXIES_ONLY;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ConditionDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.RuleDraft;
import net.lbd.config.draft.SampleUse;
import net.lbd.config.expr.ConditionReader;
import net.lbd.config.expr.LogFormatReader;
import net.lbd.config.expr.SampleReader.Direction;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.Settings;
import net.lbd.config.model.StickRules;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Word;

/** What sends a client to the server it had: cookies and stick tables. Source: HAProxy manual, "cookie", "stick …". */
public final class PersistenceKeywords {

    private static final String STICK = "<key:sample> [table <name:table>] [<when:condition>]";

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            stickTable(PROXIES_ONLY, """
                    *{ type { ip | ipv6 | integer | string [len <length:positive>] | binary [len <length:positive>] }
                    | len <length:positive> | size <size:size> | expire <time:time> | nopurge | peers <section:peers> | store <data:store>
                    | srvkey { addr | name } | write-to <table:table> | recv-only }""",
                    "A table of clients or other keys, with counters."),
            stick("stick on", "Remembers which server served a key, and sends the key there.", Direction.REQUEST, Checkpoint.SERVER_CHOICE),
            stick("stick match", "Sends a key to the server that is remembered.", Direction.REQUEST, Checkpoint.SERVER_CHOICE),
            stick("stick store-request", "Remembers which server served a key of the request.", Direction.REQUEST, Checkpoint.SERVER_CHOICE),
            stick("stick store-response", "Remembers which server served a key of the response.", Direction.RESPONSE,
                    Checkpoint.STICK_STORE),
            Rows.later("persist rdp-cookie", BACK, "", "Persistence by the RDP cookie."),
            Directive.<ProxyDraft>of("force-persist", BACK_ONLY, "{ if | unless } <condition>", """
                    When a server that is down keeps its clients.""",
                    (arguments, draft) -> when(arguments, draft, RuleSet.FORCE_PERSIST)).ignoredElsewhere(),
            Directive.<ProxyDraft>of("ignore-persist", BACK_ONLY, "{ if | unless } <condition>", """
                    When persistence does not count.""",
                    (arguments, draft) -> when(arguments, draft, RuleSet.IGNORE_PERSIST)).ignoredElsewhere(),
            Directive.<ProxyDraft>of("use-server", BACK_ONLY, "<server> { if | unless } <condition>", """
                    Sends what fulfils the condition to one server, before cookies are looked at. The name may be a log-format
                    string.""", PersistenceKeywords::useServer).ignoredElsewhere());

    /** What {@code force-persist} and {@code ignore-persist} do where their condition holds. */
    public record Persistence() implements ActionSpec { }

    /** {@code use-server}. */
    public record UseServer(LogFormatSpec server) implements ActionSpec {
        public UseServer {
            Objects.requireNonNull(server, "server");
        }
    }

    private PersistenceKeywords() { }

    private static void when(Arguments arguments, ProxyDraft draft, RuleSet set) {
        draft.rules().add(new RuleDraft(arguments.keyword(), set, new Persistence(), condition(arguments)));
    }

    private static void useServer(Arguments arguments, ProxyDraft draft) {
        Word name = arguments.next("<server>");
        LogFormatSpec server = LogFormatReader.read(name, Direction.REQUEST, arguments.diagnostics());
        for (LogFormatSpec.Node node : server.nodes()) {
            if (node instanceof LogFormatSpec.Expression expression) {
                draft.sampleUses().add(new SampleUse(expression.sample(), name, Set.of(Checkpoint.SERVER_CHOICE)));
            }
        }
        draft.rules().add(new RuleDraft(arguments.keyword(), RuleSet.USE_SERVER, new UseServer(server), condition(arguments)));
    }

    private static Optional<ConditionDraft> condition(Arguments arguments) {
        Optional<ConditionDraft> condition = ConditionReader.optional(arguments);
        if (condition.isEmpty()) {
            throw arguments.missing("if or unless and a condition");
        }
        arguments.end();
        return condition;
    }

    private static Directive<ProxyDraft> stickTable(Set<SectionKind> sections, String notation, String doc) {
        Shape shape = Shape.of(notation);
        return Directive.<ProxyDraft>of("stick-table", sections, shape.syntax(), doc, (arguments, draft) -> {
            List<Word> words = arguments.upcoming();
            shape.read(arguments, ShapeScope.of(draft, Direction.REQUEST));
            for (String needed : List.of("type", "size")) {
                if (words.stream().noneMatch(w -> w.is(needed))) {
                    throw arguments.missing("'" + needed + "'");
                }
            }
            draft.setStickTable();
        }).notYet();
    }

    private static Directive<ProxyDraft> stick(String name, String doc, Direction direction, Checkpoint checkpoint) {
        Shape shape = Shape.of(STICK);
        return Directive.<ProxyDraft>of(name, BACK_ONLY, shape.syntax(), doc, (arguments, draft) -> {
            List<Word> words = arguments.upcoming();
            shape.read(arguments, ShapeScope.of(draft, direction, checkpoint));
            String table = words.size() > 2 && words.get(1).is("table") ? words.get(2).text() : "";
            StickRules.Rule rule = new StickRules.Rule(arguments.location(), name,
                    SampleReader.read(words.get(0), direction, arguments.diagnostics()), table);
            StickRules before = draft.settings().find(ProxySettings.STICK).map(Settings.Sourced::value).orElse(new StickRules(List.of()));
            draft.settings().put(ProxySettings.STICK, before.plus(rule), arguments.location());
        }).ignoredElsewhere().notYet();
    }
}
