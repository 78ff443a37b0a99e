package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.BACK_ONLY;
import static net.lbd.config.grammar.SectionKind.PROXIES_ONLY;

import java.util.List;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.expr.SampleReader.Direction;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Settings;
import net.lbd.config.model.StickRules;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Word;

/** What sends a client to the server it had: cookies and stick tables. Source: HAProxy manual, "cookie", "stick …". */
public final class PersistenceKeywords {

    private static final String STICK = "<key:sample> [table <name:table>] [<when:condition>]";

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            cookie("""
                    <name> *{ rewrite | insert | prefix | indirect | nocache | postonly | preserve | httponly | secure
                    | domain <domain> | maxidle <time:time> | maxlife <time:time> | dynamic | attr <attribute> }""",
                    "Persistence by a cookie."),
            Rows.later("dynamic-cookie-key", BACK, "<key>", "The secret of dynamic cookies."),
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
            Rows.later("force-persist", BACK_ONLY, "<when:condition>", "When a server that is down keeps its clients.",
                    Checkpoint.SERVER_CHOICE),
            Rows.later("ignore-persist", BACK_ONLY, "<when:condition>", "When persistence does not count.",
                    Checkpoint.SERVER_CHOICE),
            Rows.later("use-server", BACK_ONLY, "<server:format> <when:condition>", "Sends what fulfils the condition to one server.",
                    Checkpoint.SERVER_CHOICE));

    private PersistenceKeywords() { }

    private static Directive<ProxyDraft> cookie(String notation, String doc) {
        Shape shape = Shape.of(notation);
        return Directive.<ProxyDraft>of("cookie", BACK, notation, doc, (arguments, draft) -> {
            List<Word> modes = arguments.upcoming().stream().skip(1)
                    .filter(w -> w.is("rewrite") || w.is("insert") || w.is("prefix")).toList();
            String name = arguments.peek().map(Word::text).orElse("");
            shape.read(arguments, ShapeScope.of(draft, Direction.REQUEST));
            draft.settings().put(ProxySettings.COOKIE, name, arguments.location());
            if (modes.size() > 1) {
                throw arguments.error(modes.get(1), "'" + modes.get(0) + "' and '" + modes.get(1) + "' exclude each other");
            }
        }).ignoredElsewhere().notYet();
    }

    private static Directive<ProxyDraft> stickTable(Set<SectionKind> sections, String notation, String doc) {
        Shape shape = Shape.of(notation);
        return Directive.<ProxyDraft>of("stick-table", sections, notation, doc, (arguments, draft) -> {
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
        return Directive.<ProxyDraft>of(name, BACK_ONLY, STICK, doc, (arguments, draft) -> {
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
