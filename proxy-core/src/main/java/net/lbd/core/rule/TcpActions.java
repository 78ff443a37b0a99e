package net.lbd.core.rule;

import java.util.List;
import net.lbd.config.keyword.rule.TcpActionKeywords;
import net.lbd.core.stream.Verdict;

/** The actions of {@code tcp-request} and {@code tcp-response} rules. Source: HAProxy manual, "Actions keywords". */
final class TcpActions {

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(TcpActionKeywords.Accept.class, (action, set, names) -> stream -> Verdict.STOP),
            new ActionCompiler<>(TcpActionKeywords.Reject.class, (action, set, names) -> stream -> Verdict.ABORT),
            new ActionCompiler<>(TcpActionKeywords.Close.class, (action, set, names) -> stream -> Verdict.CLOSE),
            new ActionCompiler<>(TcpActionKeywords.ExpectProxy.class, (action, set, names) -> stream -> {
                stream.session().expectProxyHeader();
                return Verdict.CONTINUE;
            }));

    private TcpActions() { }
}
