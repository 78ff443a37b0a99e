package net.lbd.config.keyword.rule;

import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.SampleUse;
import net.lbd.config.expr.LogFormatReader;
import net.lbd.config.expr.SampleReader.Direction;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.shape.ShapeScope;
import net.lbd.config.syntax.Word;

/**
 * What an action's reader gets: the words, and where the rule stands. Used by one thread.
 *
 * @param action the word that names the action
 */
public record ActionContext(Arguments arguments, Word action, RuleSet set, ProxyDraft draft) {

    public Direction direction() {
        return switch (set) {
            case TCP_REQUEST_CONNECTION, TCP_REQUEST_SESSION, TCP_REQUEST_CONTENT, HTTP_REQUEST, REDIRECT -> Direction.REQUEST;
            case TCP_RESPONSE_CONTENT, HTTP_RESPONSE, HTTP_AFTER_RESPONSE -> Direction.RESPONSE;
        };
    }

    /** When rules of this set are looked at, in this kind of section. */
    public Set<Checkpoint> checkpoints() {
        return RuleCheckpoints.of(set, draft.kind());
    }

    /** The next word as a log-format string whose expressions must have a value where the rule is looked at. */
    public LogFormatSpec format(String what) {
        Word word = arguments.next(what);
        LogFormatSpec format = LogFormatReader.read(word, direction(), arguments.diagnostics());
        for (LogFormatSpec.Node node : format.nodes()) {
            if (node instanceof LogFormatSpec.Expression expression) {
                draft.sampleUses().add(new SampleUse(expression.sample(), word, checkpoints()));
            }
        }
        return format;
    }

    ShapeScope scope() {
        return new ShapeScope(Optional.of(draft), direction(), checkpoints());
    }

    /** Whether the condition, or the end of the line, comes next. */
    boolean atCondition() {
        return !arguments.hasNext() || arguments.nextIs("if") || arguments.nextIs("unless");
    }
}
