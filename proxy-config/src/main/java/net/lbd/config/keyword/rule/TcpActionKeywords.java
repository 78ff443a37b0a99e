package net.lbd.config.keyword.rule;

import static net.lbd.config.model.RuleSet.TCP_REQUEST_CONNECTION;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_CONTENT;
import static net.lbd.config.model.RuleSet.TCP_REQUEST_SESSION;
import static net.lbd.config.model.RuleSet.TCP_RESPONSE_CONTENT;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Code;

/**
 * The actions of {@code tcp-request} and {@code tcp-response}. Source: HAProxy manual, section
 * "Actions keywords".
 */
public final class TcpActionKeywords {

    /** {@code accept}: ends the rule list. */
    public record Accept() implements ActionSpec { }

    /** {@code reject}: closes the connection. */
    public record Reject() implements ActionSpec { }

    /** {@code close}: ends the exchange behind what has come. */
    public record Close() implements ActionSpec { }

    /** {@code expect-proxy layer4}: the connection must begin with a PROXY header. */
    public record ExpectProxy() implements ActionSpec { }

    /** {@code expect-netscaler-cip layer4}: the connection must begin with the header of a NetScaler. */
    public record ExpectNetscalerCip() implements ActionSpec { }

    /** {@code switch-mode http [proto h1|h2]}; without protocol what the client begins with decides. */
    public record SwitchMode(Optional<String> protocol) implements ActionSpec {
        public SwitchMode {
            Objects.requireNonNull(protocol, "protocol");
        }
    }

    private static final Set<RuleSet> ALL =
            Set.of(TCP_REQUEST_CONNECTION, TCP_REQUEST_SESSION, TCP_REQUEST_CONTENT, TCP_RESPONSE_CONTENT);

    static final List<ActionKeyword> ROWS = List.of(
            ActionKeyword.of("accept", ALL, "", "Ends the rule list.", context -> new Accept()),
            ActionKeyword.of("reject", ALL, "", "Closes the connection.", context -> new Reject()),
            ActionKeyword.of("close", Set.of(TCP_RESPONSE_CONTENT), "", """
                    Closes the server's connection; the client gets what has come, and the end.""", context -> new Close()),
            ActionKeyword.of("expect-proxy", Set.of(TCP_REQUEST_CONNECTION), "layer4", """
                    Wants a PROXY header, version 1 or 2, at the start of the connection, as accept-proxy of the bind line does.""",
                    context -> {
                        context.arguments().oneOf("a layer", List.of("layer4"));
                        return new ExpectProxy();
                    }),
            ActionKeyword.of("expect-netscaler-cip", Set.of(TCP_REQUEST_CONNECTION), "layer4", """
                    Wants the header of a NetScaler at the start of the connection, as accept-netscaler-cip of the bind line does. Its magic
                    number is 0, as HAProxy has it; where all connections have the header, the bind line tells another one.""",
                    context -> {
                        context.arguments().oneOf("a layer", List.of("layer4"));
                        return new ExpectNetscalerCip();
                    }),
            ActionKeyword.of("switch-mode", Set.of(TCP_REQUEST_CONTENT), "http [proto { h1 | h2 }]", """
                    Goes on in mode http: the client's bytes are read as requests from here on, and the http rules of this frontend count for
                    them. Later rules of the list are not looked at. In frontends only; an exchange that is HTTP already goes on.""",
                    TcpActionKeywords::switchMode));

    private TcpActionKeywords() { }

    private static ActionSpec switchMode(ActionContext context) {
        Arguments arguments = context.arguments();
        SectionKind kind = context.draft().kind();
        if (!kind.hasFrontend() && kind != SectionKind.DEFAULTS) {
            throw new StatementException(Code.NOT_HERE, context.action(),
                    "'switch-mode' may not stand in a backend section: only a frontend has a client's connection to switch");
        }
        arguments.oneOf("a mode", List.of("http"));
        if (context.atCondition()) {
            return new SwitchMode(Optional.empty());
        }
        arguments.oneOf("proto", List.of("proto"));
        return new SwitchMode(Optional.of(arguments.oneOf("a protocol", List.of("h1", "h2"))));
    }
}
