package net.lbd.config.keyword.rule;

import static net.lbd.config.model.RuleSet.HTTP_AFTER_RESPONSE;
import static net.lbd.config.model.RuleSet.HTTP_REQUEST;
import static net.lbd.config.model.RuleSet.HTTP_RESPONSE;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_CONNECTION;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_CONTENT;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_SESSION;
import static net.lbd.config.model.RuleSet.TCP_RESPONSE_CONTENT;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.lbd.config.expr.VariableNames;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Code;

/** The actions on variables. Source: HAProxy manual, "http-request set-var". */
public final class VariableActionKeywords {

    /**
     * {@code set-var(name[,condition…])}: sets a variable to a sample; one without a value leaves it as it is.
     *
     * @param conditions words of {@link VariableNames#CONDITIONS}; all must hold
     */
    public record SetVar(String name, List<String> conditions, SampleSpec value) implements ActionSpec {
        public SetVar {
            Objects.requireNonNull(name, "name");
            conditions = List.copyOf(conditions);
            Objects.requireNonNull(value, "value");
        }
    }

    /** {@code set-var-fmt(name[,condition…])}: sets a variable to a log-format string. */
    public record SetVarFmt(String name, List<String> conditions, LogFormatSpec value) implements ActionSpec {
        public SetVarFmt {
            Objects.requireNonNull(name, "name");
            conditions = List.copyOf(conditions);
            Objects.requireNonNull(value, "value");
        }
    }

    /** {@code unset-var(name)}. */
    public record UnsetVar(String name) implements ActionSpec {
        public UnsetVar {
            Objects.requireNonNull(name, "name");
        }
    }

    static final List<ActionKeyword> HTTP_ROWS = rows(Set.of(HTTP_REQUEST, HTTP_RESPONSE, HTTP_AFTER_RESPONSE));
    static final List<ActionKeyword> TCP_ROWS = rows(
            Set.of(TCP_REQUEST_CONNECTION, TCP_REQUEST_SESSION, TCP_REQUEST_CONTENT, TCP_RESPONSE_CONTENT));

    private VariableActionKeywords() { }

    private static List<ActionKeyword> rows(Set<RuleSet> sets) {
        return List.of(
                ActionKeyword.of("set-var", sets, "<value>", """
                        Sets a variable to a sample; written set-var(name). Conditions may follow the name, such as ifnotset.""",
                        context -> {
                            List<String> words = words(context);
                            return new SetVar(words.get(0), words.subList(1, words.size()), context.sample("a sample expression"));
                        }),
                ActionKeyword.of("set-var-fmt", sets, "<format>", """
                        Sets a variable to a log-format string; written set-var-fmt(name).""",
                        context -> {
                            List<String> words = words(context);
                            return new SetVarFmt(words.get(0), words.subList(1, words.size()), context.formatOrEmpty("a value"));
                        }),
                ActionKeyword.of("unset-var", sets, "", "Forgets a variable; written unset-var(name).", context -> {
                    List<String> words = words(context);
                    if (words.size() > 1) {
                        throw error(context, "'unset-var' takes one name");
                    }
                    return new UnsetVar(words.get(0));
                }));
    }

    /** The name and the conditions between the parentheses. */
    private static List<String> words(ActionContext context) {
        List<String> words = new ArrayList<>(Arrays.asList(context.inParentheses("the name of a variable, as in set-var(txn.name)").split(",", -1)));
        try {
            VariableNames.check(words.get(0));
        } catch (ValueException e) {
            throw error(context, e.getMessage());
        }
        for (String condition : words.subList(1, words.size())) {
            if (!VariableNames.CONDITIONS.contains(condition)) {
                throw error(context, "'" + condition + "' is not a condition; use " + String.join(", ", VariableNames.CONDITIONS));
            }
        }
        return words;
    }

    private static StatementException error(ActionContext context, String message) {
        return new StatementException(Code.BAD_VALUE, context.action(), "'" + context.action() + "': " + message);
    }
}
