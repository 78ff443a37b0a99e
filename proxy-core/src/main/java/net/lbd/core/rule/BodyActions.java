package net.lbd.core.rule;

import java.util.List;
import net.lbd.config.keyword.rule.BodyActionKeywords;
import net.lbd.config.model.RuleSet;
import net.lbd.core.stream.Verdict;

/** The actions about bodies of messages. Source: HAProxy manual, "http-request wait-for-body", "http-response wait-for-body". */
final class BodyActions {

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(BodyActionKeywords.WaitForBody.class, (action, set, names) -> {
                long millis = Math.max(1, action.time().toMillis());
                if (set == RuleSet.HTTP_RESPONSE) {
                    return stream -> stream.awaitResponseBody(action.atLeastBytes(), millis) ? Verdict.CONTINUE : Verdict.YIELD;
                }
                return stream -> stream.awaitRequestBody(action.atLeastBytes(), millis) ? Verdict.CONTINUE : Verdict.YIELD;
            }));

    private BodyActions() { }
}
