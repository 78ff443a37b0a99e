package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.BACK_ONLY;

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
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Word;

/** What sends a client to the server it had: cookies, hashes and server rules. Source: HAProxy manual, "cookie". */
public final class PersistenceKeywords {

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of(ProxySettings.PERSIST_RDP_COOKIE.name(), BACK, "[(<name>)]", """
                    Sends a Remote Desktop client to the server that its cookie names by address and port, if that is up; mode tcp. The
                    cookie must have come: 'tcp-request inspect-delay' and 'tcp-request content accept if RDP_COOKIE'. Default: msts.""",
                    PersistenceKeywords::rdpCookie).ignoredElsewhere(),
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

    /** {@code persist rdp-cookie} and {@code persist rdp-cookie(NAME)}. */
    private static void rdpCookie(Arguments arguments, ProxyDraft draft) {
        int open = arguments.head().indexOf('(');
        String name = open < 0 ? "msts" : arguments.head().substring(open + 1, arguments.head().length() - 1);
        if (name.isEmpty()) {
            throw arguments.error(arguments.keyword(), "'persist rdp-cookie()' names no cookie; write 'persist rdp-cookie'");
        }
        arguments.end();
        draft.settings().put(ProxySettings.PERSIST_RDP_COOKIE, name, arguments.location());
    }

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
}
