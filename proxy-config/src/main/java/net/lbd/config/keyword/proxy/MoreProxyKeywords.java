package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.BACK_ONLY;
import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.FRONT_ONLY;
import static net.lbd.config.grammar.SectionKind.PROXIES;
import static net.lbd.config.grammar.SectionKind.PROXIES_ONLY;

import java.util.List;
import java.util.Locale;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.CaptureSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.Support;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;
import net.lbd.config.keyword.server.ServerLines;
import net.lbd.config.model.ProxySettings;

/** Proxy directives that this version reads and does not carry out. */
public final class MoreProxyKeywords {

    private static final String MIMES = "<types> …";

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Rows.later("compression algo-req", PROXIES, "{ identity | gzip | deflate | raw-deflate }", "Compresses requests."),
            Rows.later("compression type-req", PROXIES, MIMES, "The types of content that are compressed in requests."),
            Rows.later("compression minsize-req", PROXIES, "<size:size>", "Smaller requests are not compressed."),
            Directive.<ProxyDraft>of("declare capture", FRONT_ONLY, "{ request | response } len <length>", """
                    A slot for the 'capture' rules that name it; they count from 0, with those of 'capture request header'.""",
                    (arguments, draft) -> {
                        boolean request = arguments.oneOf("request or response", List.of("request", "response")).equals("request");
                        arguments.oneOf("len", List.of("len"));
                        int length = arguments.next("a length", ArgumentType.integer(1, 65535));
                        arguments.end();
                        draft.captures().add(new CaptureSpec(arguments.location(),
                                request ? CaptureSpec.Direction.REQUEST : CaptureSpec.Direction.RESPONSE, "", length));
                    }).refusedElsewhere(),
            Directive.<ProxyDraft>of("server-template", BACK_ONLY, "<prefix> <count> <address>[:<port>] [<parameter>…]", """
                    Servers of the same parameters, named by the prefix and a number: 1 to the count, or those of a range such as 3-7.
                    With resolvers each takes an address of the name, or a record of the SRV label, that no other has; those for which
                    there is none wait in maintenance.""", ServerLines::template).refusedElsewhere(),
            Directive.<ProxyDraft>of("dispatch", BACK_ONLY, "<address>:<port>", """
                    One address for all streams that nothing else sends to a server; 'balance' has no say then. It is not checked, has no
                    statistics, and the log calls it <NOSRV>. Better write a 'server' line.""", MoreProxyKeywords::dispatch)
                    .refusedElsewhere(),
            Rows.value(ProxySettings.MAX_SESSION_SRV_CONNS, FRONT, "<number>", ArgumentType.integer(0, 65535), """
                    Idle server connections that belong to a client alone and are kept for it, as those of a login (NTLM). Default: 5."""),
            Rows.valueAndMore(ProxySettings.RATE_LIMIT_SESSIONS, FRONT, "<rate>", ArgumentType.integer(0, Integer.MAX_VALUE), """
                    New sessions in a second: connections that the tcp-request connection rules let in. More wait in the
                    kernel's backlog. 0 or absent: no limit."""),
            RetryKeywords.RETRY_ON,
            Directive.<ProxyDraft>of("load-server-state-from-file", BACK, "{ global | local | none }", """
                    Where the states of the servers at the start are read from: the file of the process, one of the
                    backend, or nowhere. A reload keeps them in any case.""",
                    (arguments, draft) -> {
                        String word = arguments.oneOf("a place", List.of("global", "local", "none"));
                        arguments.end();
                        draft.settings().put(ProxySettings.LOAD_SERVER_STATE,
                                ProxySettings.StateSource.valueOf(word.toUpperCase(Locale.ROOT)), arguments.location());
                    }).ignoredElsewhere(),
            Directive.<ProxyDraft>of("server-state-file-name", BACK, "[{ use-backend-name | <file> }]", """
                    The file of load-server-state-from-file local. Default: the name of the backend.""",
                    (arguments, draft) -> {
                        if (arguments.hasNext() && !arguments.skip("use-backend-name")) {
                            draft.settings().put(ProxySettings.SERVER_STATE_FILE_NAME,
                                    arguments.next("a file", ArgumentType.TEXT), arguments.location());
                        }
                        arguments.end();
                    }).ignoredElsewhere(),
            Rows.later("use-fcgi-app", BACK_ONLY, "<section>", "Speaks FastCGI to the servers.").refusedElsewhere(),
            Rows.later("guid", PROXIES_ONLY, "<identifier>", "A name that stays when others change."),
            Rows.later("log-steps", FRONT, "<steps>", "At which moments lines are logged."),
            Rows.later("bind-process", PROXIES, "<processes:cpu_set> …", "Which processes serve the proxy.")
                    .support(Support.noEffect("lbd is one process")));

    private MoreProxyKeywords() { }

    private static void dispatch(Arguments arguments, ProxyDraft draft) {
        Word word = arguments.next("<address>");
        AddressSpec address = arguments.value(word, Addresses.one(Addresses.Use.SERVER));
        PortSpec port = address instanceof AddressSpec.Ip ip ? ip.port() : address instanceof AddressSpec.Host host ? host.port() : PortSpec.NONE;
        if (!(port instanceof PortSpec.Fixed)) {
            throw new StatementException(Code.BAD_ADDRESS, word, "'dispatch " + word + "': '" + word + "' lacks a port");
        }
        arguments.end();
        draft.settings().put(ProxySettings.DISPATCH, address, arguments.location());
    }
}
