package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.PROXIES;

import java.util.List;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Support;
import net.lbd.config.model.OddHeaderNames;
import net.lbd.config.model.ProxySettings;

/** The {@code option} lines about HTTP messages and their connections. Source: HAProxy manual, "option http-…" and others. */
public final class HttpOptionKeywords {

    private static final Support CASE_IS_KEPT = Support.noEffect(
            "header names keep the case in which they come, and those that are made here have the usual one");

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Rows.flag(ProxySettings.UNSAFE_REQUESTS, FRONT, """
                    Takes requests that break the rules in ways that some client is known to need: bytes from 128 on and
                    '#' in the target, odd characters in header names, control characters but CR, LF and NUL in header
                    values, no Host in HTTP/1.1, a Host that is no host name, and Host lines that repeat each other.
                    Difference: neither HTTP/0.9 nor another version passes, nor what makes the length of a message
                    doubtful.""")
                    .alias("option accept-unsafe-violations-in-http-request"),
            Rows.flag(ProxySettings.UNSAFE_RESPONSES, BACK, """
                    Takes responses that break the rules: odd characters in header names, control characters but CR, LF
                    and NUL in header values, statuses from 600 to 999. Difference: no other version passes, nor what makes
                    the length of a message doubtful.""")
                    .alias("option accept-unsafe-violations-in-http-response"),
            Rows.flag(ProxySettings.CHECK_CACHE, BACK, """
                    Answers with 502 in place of a response that sets a cookie and that a shared cache might keep."""),
            Rows.flag(ProxySettings.IGNORE_PROBES, FRONT, """
                    Neither answers, logs nor counts connections that close, or wait too long, without having sent a byte."""),
            Rows.flag(ProxySettings.PRETEND_KEEPALIVE, BACK, """
                    Hides from the server that its connection will be closed: 'Connection: close' is left out."""),
            Rows.flag(ProxySettings.IDLE_CLOSE_ON_RESPONSE, FRONT, """
                    On a soft stop, lets idle client connections have another request, or time out, before they are closed."""),
            Rows.flag(ProxySettings.USE_PROXY_HEADER, FRONT, """
                    Looks at Proxy-Connection in place of Connection in requests whose target is neither a path nor '*', and
                    asks for their passwords with 407."""),
            Rows.flag(ProxySettings.DROP_REQUEST_TRAILERS, BACK, "Leaves the trailers of requests out."),
            Rows.flag(ProxySettings.DROP_RESPONSE_TRAILERS, FRONT, "Leaves the trailers of responses out."),
            Directive.<ProxyDraft>of(ProxySettings.ODD_HEADER_NAMES.name(), PROXIES, "{ preserve | delete | reject }", """
                    What becomes of request headers whose names have more than letters, digits and hyphens; looked at behind
                    the http-request rules. Default: preserve.""",
                    (arguments, draft) -> {
                        OddHeaderNames choice = arguments.next("preserve, delete or reject", ArgumentType.oneOf(OddHeaderNames.class));
                        arguments.end();
                        draft.settings().put(ProxySettings.ODD_HEADER_NAMES, choice, arguments.location());
                    }),
            Rows.bare("option disable-h2-upgrade", FRONT,
                    Support.noEffect("a connection that began as HTTP/1 never becomes HTTP/2 here"),
                    "Does not take HTTP/2 on a connection that began as HTTP/1."),
            Rows.bare("option h1-case-adjust-bogus-client", FRONT, CASE_IS_KEPT, "Changes the case of headers for clients."),
            Rows.bare("option h1-case-adjust-bogus-server", BACK, CASE_IS_KEPT, "Changes the case of headers for servers."));

    private HttpOptionKeywords() { }
}
