package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.FRONT_ONLY;
import static net.lbd.config.grammar.SectionKind.PROXIES;

import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.ConditionDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.SwitchDraft;
import net.lbd.config.expr.AclReader;
import net.lbd.config.expr.ConditionReader;
import net.lbd.config.expr.LogFormatReader;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.keyword.rule.RuleKeywords;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** ACLs and the choice of a backend. Source: HAProxy manual, "acl" and "use_backend". */
public final class RoutingKeywords {

    private static final List<String> RESERVED = List.of("or", "||", "if", "unless", "{", "}");

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of("acl", PROXIES, "<name> <criterion> [<flags>] [<pattern>…]", """
                    Declares an access control list, or adds a test to one; it holds if one of its tests holds.""",
                    RoutingKeywords::acl),
            Directive.<ProxyDraft>of("use_backend", FRONT_ONLY, "<backend> [{ if | unless } <condition>]", """
                    Sends what fulfils the condition to a backend; the first line that matches wins. The name may
                    be a log-format string.""",
                    RoutingKeywords::useBackend).ignoredElsewhere());

    private RoutingKeywords() { }

    private static void acl(Arguments arguments, ProxyDraft draft) {
        RuleKeywords.refuseInAnonymousDefaults(arguments, draft);
        Word name = arguments.next("a name");
        arguments.value(name, ArgumentType.NAME);
        if (RESERVED.contains(name.text())) {
            throw arguments.error(name, "'" + name + "' cannot name an ACL: conditions use the word");
        }
        if (!arguments.hasNext()) {
            throw arguments.missing("a criterion, such as path_beg");
        }
        draft.acl(name).add(AclReader.read(arguments.rest(), arguments.diagnostics()));
    }

    private static void useBackend(Arguments arguments, ProxyDraft draft) {
        Word name = arguments.nextText("the name of a backend");
        LogFormatSpec backend = LogFormatReader.read(name, SampleReader.Direction.REQUEST, arguments.diagnostics());
        Optional<ConditionDraft> condition = ConditionReader.optional(arguments);
        if (arguments.hasNext()) {
            Word word = arguments.next("if or unless");
            throw new StatementException(Code.CONDITION, word,
                    "'if' or 'unless' was expected behind 'use_backend " + name + "', not '" + word + "'");
        }
        if (draft.catchAll().isPresent()) {
            arguments.warn(Code.UNREACHABLE, arguments.keyword(), "this line is never reached: the 'use_backend' line at "
                    + draft.catchAll().get().keyword().location().fileAndLine() + " has no condition and takes everything");
        }
        draft.addSwitch(new SwitchDraft(arguments.keyword(), name, backend, condition));
    }
}
