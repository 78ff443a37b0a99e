package net.lbd.config.keyword.rule;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft.NameKind;
import net.lbd.config.draft.ProxyDraft.NameUse;
import net.lbd.config.expr.VariableNames;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.AddressFamily;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The action that looks a name up. Source: HAProxy manual, "http-request do-resolve". */
public final class ResolveActionKeywords {

    /** {@code do-resolve(variable,resolvers[,ipv4|ipv6]) name}. */
    public record DoResolve(String variable, String resolvers, AddressFamily family, SampleSpec name) implements ActionSpec {
        public DoResolve {
            Objects.requireNonNull(variable, "variable");
            Objects.requireNonNull(resolvers, "resolvers");
            Objects.requireNonNull(family, "family");
            Objects.requireNonNull(name, "name");
        }
    }

    static final List<ActionKeyword> HTTP_ROWS = rows(RuleSet.HTTP_REQUEST);
    static final List<ActionKeyword> TCP_ROWS = rows(RuleSet.TCP_REQUEST_CONTENT);

    private ResolveActionKeywords() { }

    private static List<ActionKeyword> rows(RuleSet set) {
        return List.of(ActionKeyword.of("do-resolve", Set.of(set), "<name>", """
                Looks a name up and puts its address into a variable; written do-resolve(variable,resolvers[,family]), where family is ipv4
                or ipv6, the default, and says what is asked for first. The client waits meanwhile. Without an address the variable
                is not set. An answer is used again for 'hold valid' of the section.""", ResolveActionKeywords::read));
    }

    private static DoResolve read(ActionContext context) {
        String[] words = context.inParentheses("a variable and a resolvers section, as in do-resolve(txn.ip,dns)").split(",", -1);
        if (words.length < 2 || words.length > 3) {
            throw error(context, "a variable, a resolvers section and perhaps a family are wanted, as in do-resolve(txn.ip,dns,ipv4)");
        }
        try {
            VariableNames.check(words[0]);
        } catch (ValueException e) {
            throw error(context, e.getMessage());
        }
        if (words.length == 3 && !words[2].equals("ipv4") && !words[2].equals("ipv6")) {
            throw error(context, "'" + words[2] + "' is not a family; use ipv4 or ipv6");
        }
        if (!words[1].equals("default")) {
            context.draft().nameUses().add(new NameUse(NameKind.RESOLVERS,
                    new Word(words[1], context.action().location(), context.action().length())));
        }
        AddressFamily family = words.length == 3 ? AddressFamily.valueOf(words[2].toUpperCase(Locale.ROOT)) : AddressFamily.IPV6;
        return new DoResolve(words[0], words[1], family, context.sample("a sample expression"));
    }

    private static StatementException error(ActionContext context, String message) {
        return new StatementException(Code.BAD_VALUE, context.action(), "'" + context.action() + "': " + message);
    }
}
