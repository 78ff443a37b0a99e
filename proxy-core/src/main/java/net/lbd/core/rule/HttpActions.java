package net.lbd.core.rule;

import java.util.List;
import net.lbd.config.keyword.proxy.ErrorKeywords;
import net.lbd.config.keyword.proxy.StatsKeywords;
import net.lbd.config.keyword.rule.HttpActionKeywords;
import net.lbd.core.stream.Verdict;

/** The actions that let a message pass or redirect it. Source: HAProxy manual, "Actions keywords". */
final class HttpActions {

    /** What {@code monitor-uri} answers where a {@code monitor fail} line holds. */
    private static final Verdict FAIL = new Verdict.Deny(503);

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(HttpActionKeywords.Allow.class, (action, set, names) -> stream -> Verdict.STOP),
            new ActionCompiler<>(ErrorKeywords.MonitorFail.class, (action, set, names) -> stream -> FAIL),
            new ActionCompiler<>(StatsKeywords.StatsAccess.class, (action, set, names) -> switch (action.kind()) {
                case ALLOW -> stream -> Verdict.STOP;
                case DENY -> stream -> new Verdict.Deny(403);
                case AUTH -> ReplyActions.challenge(action.realm().orElse(StatsAction.REALM));
            }),
            new ActionCompiler<>(StatsKeywords.StatsAdmin.class, (action, set, names) -> stream -> Verdict.STOP),
            new ActionCompiler<>(HttpActionKeywords.Redirect.class,
                    (action, set, names) -> new RedirectAction(action, names)));

    private HttpActions() { }
}
