package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.BACK_ONLY;

import java.util.List;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.expr.SampleReader.Direction;
import net.lbd.config.grammar.Directive;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.shape.Shape;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Word;

/** What sends a client to the server it had: cookies, hashes and server rules. Source: HAProxy manual, "cookie". */
public final class PersistenceKeywords {

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            cookie("""
                    <name> *{ rewrite | insert | prefix | indirect | nocache | postonly | preserve | httponly | secure
                    | domain <domain> | maxidle <time:time> | maxlife <time:time> | dynamic | attr <attribute> }""",
                    "Persistence by a cookie."),
            Rows.later("dynamic-cookie-key", BACK, "<key>", "The secret of dynamic cookies."),
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
}
