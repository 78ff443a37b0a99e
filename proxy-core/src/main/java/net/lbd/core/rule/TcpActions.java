package net.lbd.core.rule;

import java.util.List;
import net.lbd.config.keyword.rule.TcpActionKeywords;
import net.lbd.core.listen.BindRuntime;
import net.lbd.core.stream.Verdict;

/** The actions of {@code tcp-request} and {@code tcp-response} rules. Source: HAProxy manual, "Actions keywords". */
final class TcpActions {

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(TcpActionKeywords.Accept.class, (action, set, names) -> stream -> Verdict.STOP),
            new ActionCompiler<>(TcpActionKeywords.Reject.class, (action, set, names) -> stream -> Verdict.ABORT),
            new ActionCompiler<>(TcpActionKeywords.Close.class, (action, set, names) -> stream -> Verdict.CLOSE),
            new ActionCompiler<>(TcpActionKeywords.SwitchMode.class, (action, set, names) -> {
                Verdict verdict = new Verdict.SwitchMode(action.protocol()
                        .map(protocol -> protocol.equals("h2") ? BindRuntime.Http2.ALWAYS : BindRuntime.Http2.NEVER));
                return stream -> stream.isHttp() ? Verdict.STOP : verdict;
            }),
            new ActionCompiler<>(TcpActionKeywords.ExpectNetscalerCip.class, (action, set, names) -> stream -> {
                stream.session().expectNetscalerHeader();
                return Verdict.CONTINUE;
            }),
            new ActionCompiler<>(TcpActionKeywords.ExpectProxy.class, (action, set, names) -> stream -> {
                stream.session().expectProxyHeader();
                return Verdict.CONTINUE;
            }));

    private TcpActions() { }
}
