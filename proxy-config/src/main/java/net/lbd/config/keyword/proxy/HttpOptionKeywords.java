package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.PROXIES;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.SampleUse;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.reply.HeaderNames;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.ForwardedSpec;
import net.lbd.config.model.OddHeaderNames;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Word;

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
            Rows.flag(ProxySettings.BUFFER_REQUEST, PROXIES, """
                    Waits for the body of each request, or as much of it as the buffer takes (tune.bufsize), before anything is decided or a
                    server is connected to; 'timeout http-request' bounds the wait. Not for what never ends, such as RPC over HTTP."""),
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
            Directive.<ProxyDraft>of("option forwarded", BACK,
                    "[proto] [host | host-expr <expr>] [by | by-expr <expr>] [by_port | by_port-expr <expr>] [for | for-expr <expr>] "
                            + "[for_port | for_port-expr <expr>]", """
                    Adds a Forwarded header (RFC 7239) to each request. Default: proto for. What an expression yields that is
                    neither an address nor a word with '_' in front gets one.""",
                    HttpOptionKeywords::forwarded).canBeNegated().ignoredElsewhere(),
            Directive.<ProxyDraft>of("http-send-name-header", BACK, "<name>", """
                    A request header that gets the name of the server, in place of any that is there.""",
                    HttpOptionKeywords::sendName).ignoredElsewhere(),
            Rows.bare("option h1-case-adjust-bogus-client", FRONT, CASE_IS_KEPT, "Changes the case of headers for clients."),
            Rows.bare("option h1-case-adjust-bogus-server", BACK, CASE_IS_KEPT, "Changes the case of headers for servers."));

    private static final List<String> PARTS = List.of("proto", "host", "host-expr", "by", "by-expr", "by_port", "by_port-expr",
            "for", "for-expr", "for_port", "for_port-expr");
    /** What frames a message or speaks about its connection: a name in it would break every request. */
    private static final Set<String> NOT_FOR_NAMES =
            Set.of("content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "keep-alive");

    private HttpOptionKeywords() { }

    private static void forwarded(Arguments arguments, ProxyDraft draft) {
        if (arguments.negated()) {
            arguments.end();
            draft.settings().remove(ProxySettings.FORWARDED);
            return;
        }
        boolean any = arguments.hasNext();
        boolean proto = !any;
        Map<String, ForwardedSpec.Part> parts = new HashMap<>();
        while (arguments.hasNext()) {
            Word word = arguments.next("a parameter");
            if (!PARTS.contains(word.text())) {
                throw arguments.unknown(word, "parameter", PARTS);
            }
            String name = word.text().replace("-expr", "");
            if (name.equals("proto")) {
                proto = true;
            } else if (parts.put(name, part(arguments, draft, word)) != null) {
                throw arguments.error(word, "'option forwarded': '" + name + "' stands here twice");
            }
        }
        if (!any) {
            parts.put("for", new ForwardedSpec.Part(Optional.empty()));
        }
        for (String node : List.of("by", "for")) {
            if (parts.containsKey(node + "_port") && !parts.containsKey(node)) {
                throw arguments.missing("'" + node + "', to which '" + node + "_port' belongs");
            }
        }
        draft.settings().put(ProxySettings.FORWARDED, new ForwardedSpec(proto, find(parts, "host"), find(parts, "by"),
                find(parts, "by_port"), find(parts, "for"), find(parts, "for_port")), arguments.location());
    }

    private static Optional<ForwardedSpec.Part> find(Map<String, ForwardedSpec.Part> parts, String name) {
        return Optional.ofNullable(parts.get(name));
    }

    private static ForwardedSpec.Part part(Arguments arguments, ProxyDraft draft, Word word) {
        if (!word.text().endsWith("-expr")) {
            return new ForwardedSpec.Part(Optional.empty());
        }
        Word at = arguments.next("a sample expression");
        SampleSpec sample = SampleReader.read(at, SampleReader.Direction.REQUEST, arguments.diagnostics());
        draft.sampleUses().add(new SampleUse(sample, at, EnumSet.of(Checkpoint.BACKEND_REQUEST)));
        return new ForwardedSpec.Part(Optional.of(sample));
    }

    private static void sendName(Arguments arguments, ProxyDraft draft) {
        Word word = arguments.next("a header name");
        String name = arguments.value(word, HeaderNames.TYPE);
        if (NOT_FOR_NAMES.contains(name.toLowerCase(Locale.ROOT))) {
            throw arguments.error(word, "'http-send-name-header " + name + "': the header steers how the request is read, and a name in "
                    + "it would break every one");
        }
        arguments.end();
        draft.settings().put(ProxySettings.SEND_NAME_HEADER, name, arguments.location());
    }
}
