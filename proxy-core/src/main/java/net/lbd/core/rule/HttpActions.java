package net.lbd.core.rule;

import java.util.List;
import net.lbd.config.keyword.rule.HttpActionKeywords;
import net.lbd.core.stream.Verdict;

/** The actions that let a request pass or answer it. Source: HAProxy manual, "Actions keywords". */
final class HttpActions {

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(HttpActionKeywords.Allow.class, (action, set, names) -> stream -> Verdict.STOP),
            new ActionCompiler<>(HttpActionKeywords.Deny.class, (action, set, names) -> {
                Verdict deny = new Verdict.Deny(action.status());
                return stream -> deny;
            }),
            new ActionCompiler<>(HttpActionKeywords.Redirect.class,
                    (action, set, names) -> new RedirectAction(action, names)));

    private HttpActions() { }
}
