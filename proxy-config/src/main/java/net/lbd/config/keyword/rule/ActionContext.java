package net.lbd.config.keyword.rule;

import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.SampleUse;
import net.lbd.config.expr.LogFormatReader;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.expr.SampleReader.Direction;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/**
 * What an action's reader gets: the words, and where the rule stands. Used by one thread.
 *
 * @param action the word that names the action
 */
public record ActionContext(Arguments arguments, Word action, RuleSet set, ProxyDraft draft) {

    public Direction direction() {
        return switch (set) {
            case TCP_REQUEST_CONNECTION, TCP_REQUEST_SESSION, TCP_REQUEST_CONTENT, HTTP_REQUEST, REDIRECT, MONITOR_FAIL, STATS_ADMIN, STATS_ACCESS,
                    USE_SERVER, FORCE_PERSIST, IGNORE_PERSIST -> Direction.REQUEST;
            case TCP_RESPONSE_CONTENT, HTTP_RESPONSE, HTTP_AFTER_RESPONSE -> Direction.RESPONSE;
        };
    }

    /** When rules of this set are looked at, in this kind of section. */
    public Set<Checkpoint> checkpoints() {
        return RuleCheckpoints.of(set, draft.kind());
    }

    /** The next word, which is not empty, as a log-format string whose expressions must have a value where the rule is looked at. */
    public LogFormatSpec format(String what) {
        Word word = arguments.next(what);
        if (word.text().isEmpty()) {
            throw arguments.error(word, "'" + arguments.head() + " " + action + "': " + what + " must not be empty");
        }
        return format(word);
    }

    /** As {@link #format(String)}, perhaps empty. */
    public LogFormatSpec formatOrEmpty(String what) {
        return format(arguments.next(what));
    }

    /** As {@link #format(String)}, of a word that has been read. */
    public LogFormatSpec format(Word word) {
        LogFormatSpec format = LogFormatReader.read(word, direction(), arguments.diagnostics());
        for (LogFormatSpec.Node node : format.nodes()) {
            if (node instanceof LogFormatSpec.Expression expression) {
                draft.sampleUses().add(new SampleUse(expression.sample(), word, checkpoints()));
            }
        }
        return format;
    }

    /** The next word as a sample expression that must have a value where the rule is looked at. */
    public SampleSpec sample(String what) {
        Word word = arguments.next(what);
        SampleSpec sample = SampleReader.read(word, direction(), arguments.diagnostics());
        draft.sampleUses().add(new SampleUse(sample, word, checkpoints()));
        return sample;
    }

    /** What stands in parentheses behind the action's name. */
    public String inParentheses(String what) {
        String text = action.text();
        int open = text.indexOf('(');
        if (open < 0 || !text.endsWith(")") || open + 2 == text.length()) {
            throw new StatementException(Code.BAD_VALUE, action, "'" + action + "' wants " + what);
        }
        return text.substring(open + 1, text.length() - 1);
    }

    ShapeScope scope() {
        return new ShapeScope(Optional.of(draft), direction(), checkpoints());
    }

    /** Whether the condition, or the end of the line, comes next. */
    boolean atCondition() {
        return !arguments.hasNext() || arguments.nextIs("if") || arguments.nextIs("unless");
    }
}
