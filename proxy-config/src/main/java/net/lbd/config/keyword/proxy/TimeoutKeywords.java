package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.PROXIES;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.SectionKind;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Setting;
import net.lbd.config.syntax.Code;

/** The {@code timeout} lines. A bare number counts milliseconds. Source: HAProxy manual, "timeout …". */
public final class TimeoutKeywords {

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            row(ProxySettings.TIMEOUT_CLIENT, FRONT, """
                    How long the client may be silent. Without it a client is waited for without end."""),
            row(ProxySettings.TIMEOUT_CLIENT_FIN, FRONT, """
                    How long a client may be silent once one side of its connection is closed. Default: timeout client, or timeout
                    tunnel where that counts."""),
            row(ProxySettings.TIMEOUT_CLIENT_HS, FRONT, """
                    How long the TLS handshake of a client may take. Default: timeout http-request, which is that of the
                    client without its own; without both 10 seconds."""),
            row(ProxySettings.TIMEOUT_SERVER, BACK, """
                    How long the server may be silent. Without it a server is waited for without end."""),
            row(ProxySettings.TIMEOUT_SERVER_FIN, BACK, """
                    How long a server may be silent once one side of its connection is closed. Default: timeout server, or timeout
                    tunnel where that counts."""),
            row(ProxySettings.TIMEOUT_CONNECT, BACK, """
                    How long connecting to a server may take. Default: 5 seconds. Difference: HAProxy waits without end."""),
            row(ProxySettings.TIMEOUT_QUEUE, BACK, """
                    How long a stream may wait for a free slot of a server. Default: timeout connect."""),
            row(ProxySettings.TIMEOUT_HTTP_REQUEST, PROXIES, """
                    How long the head of a request may take. Default: timeout client."""),
            row(ProxySettings.TIMEOUT_HTTP_KEEP_ALIVE, PROXIES, """
                    How long a client may wait before its next request. Default: timeout http-request."""),
            row(ProxySettings.TIMEOUT_TUNNEL, BACK, """
                    How long both sides may be silent once the connection is a tunnel, in mode tcp from the beginning. Default: timeout
                    client and server."""),
            row(ProxySettings.TIMEOUT_TARPIT, PROXIES, """
                    How long a tarpitted connection is held. Default: timeout connect."""),
            row(ProxySettings.TIMEOUT_CHECK, BACK, """
                    How long a health check may take once it is connected. Default: the interval bounds the whole check."""),
            removed("clitimeout", ProxySettings.TIMEOUT_CLIENT, FRONT),
            removed("srvtimeout", ProxySettings.TIMEOUT_SERVER, BACK),
            removed("contimeout", ProxySettings.TIMEOUT_CONNECT, BACK));

    private TimeoutKeywords() { }

    private static Directive<ProxyDraft> row(Setting<Duration> setting, Set<SectionKind> sections, String doc) {
        // HAProxy accepts any timeout in any proxy and warns when the section has no such side.
        return Rows.value(setting, sections, "<time>", Durations.MILLIS, doc);
    }

    /** The one-word spellings that HAProxy removed in 2.1. */
    private static Directive<ProxyDraft> removed(String name, Setting<Duration> now, Set<SectionKind> sections) {
        return Directive.<ProxyDraft>of(name, sections, "<time>",
                "Removed; write '" + now.name() + "'.", (arguments, draft) -> {
                    throw new net.lbd.config.grammar.StatementException(Code.REMOVED, arguments.keyword(),
                            "'" + name + "' was removed in HAProxy 2.1; write '" + now.name() + "'");
                });
    }
}
