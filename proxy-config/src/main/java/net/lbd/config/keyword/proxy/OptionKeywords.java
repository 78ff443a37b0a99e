package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.PROXIES;

import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.reply.HeaderNames;
import net.lbd.config.model.ConnectionMode;
import net.lbd.config.model.ForwardFor;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.Setting;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** The {@code option} lines, but for those of checks and of the log format. */
public final class OptionKeywords {

    private static final Support ALWAYS_SO = Support.noEffect("this is what happens anyway");

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            connectionMode("option http-keep-alive", ConnectionMode.KEEP_ALIVE, """
                    Keeps both connections open behind a response. The default."""),
            connectionMode("option http-server-close", ConnectionMode.SERVER_CLOSE, """
                    Closes the server's connection behind a response and keeps the client's."""),
            connectionMode("option httpclose", ConnectionMode.CLOSE, """
                    Closes both connections behind a response."""),
            Directive.<ProxyDraft>of("option forceclose", PROXIES, "", """
                    Removed in HAProxy 2.0: 'option httpclose' does the same since 1.9. With 'no' it has no effect.""",
                    OptionKeywords::forceClose).canBeNegated(),
            Directive.<ProxyDraft>of("option http-tunnel", PROXIES, "", """
                    Removed in HAProxy 2.1. With 'no' it has no effect; without it is an error.""",
                    OptionKeywords::httpTunnel).canBeNegated(),
            Directive.<ProxyDraft>of("option redispatch", BACK, "[<interval>]", """
                    Lets a retry go to another server: the last retry, or every n-th; -1 is the last, a negative
                    number counts from the last.""",
                    OptionKeywords::redispatch).canBeNegated().ignoredElsewhere(),
            Directive.<ProxyDraft>of("option forwardfor", PROXIES, "[except <network>] [header <name>] [if-none]", """
                    Adds the client's address to each request, in X-Forwarded-For or the named header.""",
                    (arguments, draft) -> addressHeader(arguments, draft, ProxySettings.FORWARDFOR, ForwardFor.DEFAULT.header())),
            Directive.<ProxyDraft>of("option originalto", PROXIES, "[except <network>] [header <name>]", """
                    Adds the address that the client came to to each request, in X-Original-To or the named header.""",
                    (arguments, draft) -> addressHeader(arguments, draft, ProxySettings.ORIGINALTO, "X-Original-To")),
            Rows.flag(ProxySettings.ABORT_ON_CLOSE, BACK, """
                    Gives a request up whose client ends its half of the connection before the response begins, so that nobody
                    keeps a place in the queue or on a server whom no one waits for. Without it such a client is served."""),
            Rows.flag(ProxySettings.PREFER_LAST_SERVER, BACK, """
                    Sends a further request of a client connection to the server of the last one, if that may be."""),
            Rows.flag(ProxySettings.DISABLE_H2_UPGRADE, FRONT, """
                    Does not take HTTP/2 from a client that begins with its preface without having agreed on it; such a client gets
                    400."""),
            Rows.flag(ProxySettings.PERSIST, BACK, "Sends clients to the server that their cookie names even if it is down."),
            Rows.flag(ProxySettings.ALLBACKUPS, BACK, "Lets all backup servers stand in together, not the first alone."),
            Rows.flag(ProxySettings.DONTLOGNULL, FRONT, "Does not log connections that carry no byte."),
            Rows.flag(ProxySettings.CONTSTATS, FRONT, "Counts bytes while a session runs, not only at its end."),
            Rows.flag(ProxySettings.LOGASAP, FRONT, "Logs when the response's head is there, with '+' before times and sizes."),
            Rows.flag(ProxySettings.DONTLOG_NORMAL, FRONT, "Logs only what went wrong."),
            Rows.flag(ProxySettings.LOG_SEPARATE_ERRORS, FRONT, "Logs what went wrong with level err."),
            Rows.flag(ProxySettings.SPLICE_AUTO, PROXIES, """
                    Lets the kernel move bytes. Read, and not used: copying was measured to be as fast.""")
                    .support(Support.noEffect("splicing is not used")),
            Rows.flag(ProxySettings.TCP_SMART_ACCEPT, FRONT, "Delays the acknowledgement of a new connection.")
                    .support(Support.noEffect("the kernel decides when to acknowledge; it may cost a packet")),
            Rows.bare("option tcp-smart-connect", BACK, ALWAYS_SO, """
                    Saves a packet when a server is connected to."""));

    private OptionKeywords() { }

    private static Directive<ProxyDraft> connectionMode(String name, ConnectionMode mode, String doc) {
        return Directive.<ProxyDraft>of(name, PROXIES, "", doc, (arguments, draft) -> {
            arguments.end();
            if (!arguments.negated()) {
                draft.settings().put(ProxySettings.CONNECTION_MODE, mode, arguments.location());
            } else if (draft.settings().find(ProxySettings.CONNECTION_MODE).filter(m -> m.value() == mode).isPresent()) {
                // 'no' takes back an inherited choice; it does not undo another one.
                draft.settings().remove(ProxySettings.CONNECTION_MODE);
            }
        }).canBeNegated();
    }

    private static void forceClose(Arguments arguments, ProxyDraft draft) {
        arguments.end();
        if (arguments.negated()) {
            arguments.warn(Code.REMOVED_HARMLESS, arguments.keyword(),
                    "'no option forceclose' has no effect: HAProxy removed 'option forceclose' in 2.0; delete the line");
            return;
        }
        arguments.warn(Code.REMOVED_HARMLESS, arguments.keyword(),
                "'option forceclose' was removed in HAProxy 2.0; it is read as 'option httpclose'");
        draft.settings().put(ProxySettings.CONNECTION_MODE, ConnectionMode.CLOSE, arguments.location());
    }

    private static void httpTunnel(Arguments arguments, ProxyDraft draft) {
        if (!arguments.negated()) {
            throw new StatementException(Code.REMOVED, arguments.keyword(),
                    "'option http-tunnel' was removed in HAProxy 2.1: only the first request of a connection was looked at",
                    Optional.of("delete the line; for protocols that are not HTTP use 'mode tcp'"));
        }
        arguments.end();
        arguments.warn(Code.REMOVED_HARMLESS, arguments.keyword(),
                "'no option http-tunnel' has no effect: HAProxy removed 'option http-tunnel' in 2.1; delete the line");
    }

    private static void redispatch(Arguments arguments, ProxyDraft draft) {
        int interval = arguments.hasNext()
                ? arguments.next("a number", ArgumentType.integer(-1000, 1000))
                : -1;
        arguments.end();
        draft.settings().put(ProxySettings.REDISPATCH, arguments.negated() ? 0 : interval, arguments.location());
    }

    private static void addressHeader(Arguments arguments, ProxyDraft draft, Setting<ForwardFor> setting, String usual) {
        boolean mayBeThere = setting == ProxySettings.FORWARDFOR;
        List<String> words = mayBeThere ? List.of("except", "header", "if-none") : List.of("except", "header");
        String header = usual;
        Optional<PatternSpec.Network> except = Optional.empty();
        boolean ifNone = false;
        while (arguments.hasNext()) {
            Word word = arguments.next("a parameter");
            switch (word.text()) {
                case "except" -> except = Optional.of(arguments.next("a network", Addresses::network));
                case "header" -> header = arguments.next("a header name", HeaderNames.TYPE);
                case "if-none" -> {
                    if (!mayBeThere) {
                        throw arguments.unknown(word, "parameter", words);
                    }
                    ifNone = true;
                }
                default -> throw arguments.unknown(word, "parameter", words);
            }
        }
        draft.settings().put(setting, new ForwardFor(header, except, ifNone), arguments.location());
    }
}
