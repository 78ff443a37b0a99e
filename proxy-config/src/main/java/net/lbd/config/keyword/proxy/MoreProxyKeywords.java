package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.BACK_ONLY;
import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.FRONT_ONLY;
import static net.lbd.config.grammar.SectionKind.PROXIES;
import static net.lbd.config.grammar.SectionKind.PROXIES_ONLY;

import java.util.List;
import net.lbd.config.model.CaptureSpec;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.server.ServerLines;

/** Proxy directives that this version reads and does not carry out. */
public final class MoreProxyKeywords {

    private static final String EVENTS = "none | conn-failure | empty-response | junk-response | response-timeout | "
            + "0rtt-rejected | all-retryable-errors | 401 | 403 | 404 | 408 | 425 | 429 | 500 | 501 | 502 | 503 | 504";
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
            Directive.<ProxyDraft>of("server-template", BACK_ONLY, "<prefix> <count> <address>[:<port>] [<parameter>…]",
                    "Several servers from one line.", ServerLines::template).notYet(),
            Rows.later("dispatch", BACK_ONLY, "<address:with_port>", "One address in place of servers."),
            Rows.later("max-session-srv-conns", FRONT, "<number:int>", "Server connections that a client's connection keeps."),
            Rows.later("rate-limit sessions", FRONT, "<rate:uint>", "New sessions in a second."),
            Rows.later("retry-on", BACK, "{ " + EVENTS + " } *{ " + EVENTS + " }", "After which failures a request is sent again.")
                    .refusedElsewhere(),
            Rows.later("load-server-state-from-file", BACK, "{ global | local | none }", "Where the state of servers is read from."),
            Rows.later("server-state-file-name", BACK, "[<file>]", "The file with the state of servers."),
            Rows.later("use-fcgi-app", BACK_ONLY, "<section>", "Speaks FastCGI to the servers.").refusedElsewhere(),
            Rows.later("guid", PROXIES_ONLY, "<identifier>", "A name that stays when others change."),
            Rows.later("log-steps", FRONT, "<steps>", "At which moments lines are logged."),
            Rows.later("bind-process", PROXIES, "<processes> …", "Which processes serve the proxy.")
                    .support(Support.noEffect("lbd is one process")));

    private MoreProxyKeywords() { }
}
