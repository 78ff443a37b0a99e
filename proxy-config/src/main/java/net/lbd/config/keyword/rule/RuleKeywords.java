package net.lbd.config.keyword.rule;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.DEFAULTS;
import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.PROXIES;
import static net.lbd.config.grammar.SectionKind.PROXIES_ONLY;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ConditionDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.RuleDraft;
import net.lbd.config.expr.ConditionReader;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.KeywordTable;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.Support;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Word;

/** The lines that hold rules. Source: HAProxy manual, "http-request" and its kin. */
public final class RuleKeywords {

    public static final KeywordTable<ActionKeyword> HTTP_ACTIONS = 
            KeywordTable.of(HttpActionKeywords.ROWS, ReplyActionKeywords.HTTP_ROWS, RewriteActionKeywords.ROWS,
                    VariableActionKeywords.HTTP_ROWS, StreamActionKeywords.HTTP_ROWS, MapActionKeywords.ROWS, NormalizeKeywords.ROWS, BodyActionKeywords.ROWS, ResolveActionKeywords.HTTP_ROWS,
                    StickActionKeywords.HTTP_ROWS, BandwidthKeywords.HTTP_ROWS, CacheActionKeywords.ROWS, MoreActionKeywords.HTTP_ROWS, ServiceActionKeywords.ROWS);
    public static final KeywordTable<ActionKeyword> TCP_ACTIONS = 
            KeywordTable.of(TcpActionKeywords.ROWS, ReplyActionKeywords.TCP_ROWS, VariableActionKeywords.TCP_ROWS,
                    StreamActionKeywords.TCP_ROWS, StickActionKeywords.TCP_ROWS, ResolveActionKeywords.TCP_ROWS, BandwidthKeywords.TCP_ROWS, MoreActionKeywords.TCP_ROWS);

    /** Actions behind which no rule of the list is looked at. */
    private static final Set<String> FINAL = Set.of("allow", "accept", "deny", "reject", "redirect", "return", "tarpit",
            "silent-drop", "use-service", "auth", "close");

    private static final String SYNTAX = "<action> [{ if | unless } <condition>]";

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            http("http-request", RuleSet.HTTP_REQUEST, "A rule for requests."),
            http("http-response", RuleSet.HTTP_RESPONSE, "A rule for responses of servers."),
            http("http-after-response", RuleSet.HTTP_AFTER_RESPONSE, "A rule for every response, local ones too."),
            Directive.<ProxyDraft>of("redirect", PROXIES_ONLY,
                    "{ location | prefix | scheme } <format> [<option>…] [{ if | unless } <condition>]", """
                    Redirects requests; looked at behind the http-request rules.""",
                    (arguments, draft) -> {
                        ActionContext context = new ActionContext(arguments, arguments.keyword(), RuleSet.REDIRECT, draft);
                        ActionSpec action = HttpActionKeywords.redirect(context);
                        Optional<ConditionDraft> condition = ConditionReader.last(arguments);
                        reach(arguments, draft, RuleSet.REDIRECT, condition.isEmpty());
                        draft.rules().add(new RuleDraft(arguments.keyword(), RuleSet.REDIRECT, action, condition));
                    }),
            tcp("tcp-request connection", RuleSet.TCP_REQUEST_CONNECTION, "A rule for new connections."),
            tcp("tcp-request session", RuleSet.TCP_REQUEST_SESSION, "A rule for connections behind their handshakes."),
            tcp("tcp-request content", RuleSet.TCP_REQUEST_CONTENT, """
                    A rule for the first bytes of the client."""),
            tcp("tcp-response content", RuleSet.TCP_RESPONSE_CONTENT, """
                    A rule for the first bytes of the server; in mode tcp."""),
            Directive.<ProxyDraft>of("tcp-request inspect-delay", PROXIES, "<time>", """
                    How long content rules may wait for bytes. Default: they do not wait.""",
                    (arguments, draft) -> {
                        refuseInAnonymousDefaults(arguments, draft);
                        draft.settings().put(ProxySettings.TCP_REQUEST_INSPECT_DELAY,
                                arguments.next("a time", Durations.MILLIS), arguments.location());
                        arguments.endOrWarn();
                    }),
            Directive.<ProxyDraft>of("tcp-response inspect-delay", PROXIES, "<time>", """
                    How long tcp-response content rules may wait for bytes. Default: they do not wait.""",
                    (arguments, draft) -> {
                        refuseInAnonymousDefaults(arguments, draft);
                        draft.settings().put(ProxySettings.TCP_RESPONSE_INSPECT_DELAY,
                                arguments.next("a time", Durations.MILLIS), arguments.location());
                        arguments.endOrWarn();
                    }));

    private RuleKeywords() { }

    private static Directive<ProxyDraft> http(String name, RuleSet set, String doc) {
        return Directive.of(name, PROXIES, SYNTAX, doc,
                (arguments, draft) -> read(arguments, draft, set, HTTP_ACTIONS));
    }

    private static Directive<ProxyDraft> tcp(String name, RuleSet set, String doc) {
        boolean frontOnly = set == RuleSet.TCP_REQUEST_CONNECTION || set == RuleSet.TCP_REQUEST_SESSION;
        boolean backOnly = set == RuleSet.TCP_RESPONSE_CONTENT;
        return Directive.of(name, frontOnly ? FRONT : backOnly ? BACK : PROXIES, SYNTAX, doc,
                (arguments, draft) -> read(arguments, draft, set, TCP_ACTIONS));
    }

    private static void read(Arguments arguments, ProxyDraft draft, RuleSet set, KeywordTable<ActionKeyword> table) {
        Word word = arguments.next("an action");
        refuseInAnonymousDefaults(arguments, draft);
        String name = actionName(word);
        ActionKeyword action = table.find(name).filter(a -> a.sets().contains(set)).orElseThrow(() -> unknown(word, name, set, table));
        ActionContext context = new ActionContext(arguments, word, set, draft);
        Optional<ActionSpec> spec = action.reader().read(context);
        Optional<ConditionDraft> condition = ConditionReader.optional(arguments);
        arguments.end();
        reach(arguments, draft, set, FINAL.contains(name) && condition.isEmpty());
        if (action.support() instanceof Support.NotYet) {
            arguments.diagnostics().notice(Code.NOT_YET, word, "'" + set.keyword() + " " + name
                    + "' is not supported yet by this version; the daemon refuses to start with it");
        }
        if (spec.isPresent()) {
            draft.rules().add(new RuleDraft(arguments.keyword(), set, spec.get(), condition));
        } else {
            condition.ifPresent(c -> draft.conditionUses().add(new ProxyDraft.ConditionUse(c, context.checkpoints())));
        }
    }

    /** Tells of a rule behind one that ends the list whatever comes, and remembers the first such. */
    private static void reach(Arguments arguments, ProxyDraft draft, RuleSet set, boolean isFinal) {
        Word before = draft.finalRules().get(set);
        if (before != null) {
            arguments.warn(Code.UNREACHABLE, arguments.keyword(), "this rule is never reached: the '" + before + "' rule at "
                    + before.location().fileAndLine() + " has no condition and ends the list");
        } else if (isFinal) {
            draft.finalRules().put(set, arguments.keyword());
        }
    }

    /** Rules are inherited by reference, which needs a name. */
    public static void refuseInAnonymousDefaults(Arguments arguments, ProxyDraft draft) {
        if (draft.kind() == DEFAULTS && !draft.isNamed()) {
            throw new StatementException(Code.NOT_HERE, arguments.keyword(),
                    "'" + arguments.head() + "' may stand in a defaults section only if the section has a name");
        }
    }

    /** {@code set-var(txn.a)} is the action set-var, {@code track-sc0} the action track-sc. */
    private static String actionName(Word word) {
        int parenthesis = word.text().indexOf('(');
        String name = parenthesis < 0 ? word.text() : word.text().substring(0, parenthesis);
        return name.matches("track-sc[0-9]{1,2}") ? "track-sc" : name;
    }

    private static StatementException unknown(Word word, String name, RuleSet set, KeywordTable<ActionKeyword> table) {
        List<String> here = new ArrayList<>();
        table.rows().stream().filter(a -> a.sets().contains(set)).forEach(a -> {
            here.add(a.name());
            here.addAll(a.aliases());
        });
        if (table.find(name).isPresent()) {
            return new StatementException(Code.NOT_HERE, word, "'" + name + "' is no action of '" + set.keyword() + "' rules; use "
                    + String.join(", ", here));
        }
        String nearest = Nearest.suggestion(name, here);
        return new StatementException(Code.UNKNOWN_KEYWORD, word, "'" + set.keyword() + "': unknown action '" + name + "'"
                + (nearest.isEmpty() && here.size() <= 12 ? "; use " + String.join(", ", here) : nearest));
    }
}
