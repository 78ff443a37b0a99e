package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.BACK;
import static net.lbd.config.grammar.SectionKind.BACK_ONLY;
import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.FRONT_ONLY;
import static net.lbd.config.grammar.SectionKind.PROXIES;
import static net.lbd.config.grammar.SectionKind.PROXIES_ONLY;

import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.Support;
import net.lbd.config.keyword.bind.BindLines;
import net.lbd.config.keyword.server.ServerLines;
import net.lbd.config.keyword.server.SourceReader;
import net.lbd.config.model.CaptureSpec;
import net.lbd.config.model.CookieCapture;
import net.lbd.config.model.HttpReuse;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** What proxies are and how much they carry. */
public final class ProxyKeywords {

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of("mode", PROXIES, "{ tcp | http }", """
                    What the proxy understands of the bytes that it carries. Default: tcp.""",
                    ProxyKeywords::mode),
            Rows.value(ProxySettings.MAXCONN, FRONT, "<number>", ArgumentType.integer(0, Integer.MAX_VALUE), """
                    Connections at a time; more wait in the kernel's backlog. 0 or absent: the limit of the process."""),
            Rows.value(ProxySettings.BACKLOG, FRONT, "<number>", ArgumentType.integer(0, Integer.MAX_VALUE), """
                    The length of the kernel's queue of connections. Default: maxconn."""),
            Rows.value(ProxySettings.FULLCONN, BACK, "<number>", ArgumentType.integer(1, Integer.MAX_VALUE), """
                    The load at which servers with minconn reach their maxconn. Default: a tenth of the maxconns of the frontends
                    that lead here."""),
            Rows.valueAndMore(ProxySettings.MAX_KEEP_ALIVE_QUEUE, BACK, "<number>", ArgumentType.integer(-1, Integer.MAX_VALUE), """
                    How many may wait for the server of a connection's last request before 'option prefer-last-server' gives it up.
                    Default: -1, any number."""),
            Rows.value(ProxySettings.RETRIES, BACK, "<number>", ArgumentType.integer(0, Integer.MAX_VALUE), """
                    Attempts to connect after the first. Default: 3."""),
            Rows.value(ProxySettings.HTTP_REUSE, BACK, "{ never | safe | aggressive | always }",
                    ArgumentType.oneOf(HttpReuse.class), """
                    Who may use an idle connection to a server. Default: safe."""),
            Directive.<ProxyDraft>of("disabled", PROXIES, "", """
                    Leaves the proxy out: it does not listen, its servers are in maintenance and not checked, statistics do not show it.""",
                    (arguments, draft) -> {
                        arguments.end();
                        draft.settings().put(ProxySettings.DISABLED, true, arguments.location());
                    }),
            Directive.<ProxyDraft>of("enabled", PROXIES, "", "Takes an inherited 'disabled' back.", (arguments, draft) -> {
                arguments.end();
                draft.settings().put(ProxySettings.DISABLED, false, arguments.location());
            }),
            Directive.<ProxyDraft>of("description", PROXIES_ONLY, "<text>", "A text for people.",
                    (arguments, draft) -> {
                        arguments.nextText("a text");
                        Rows.takeRest(arguments);
                    }).support(Support.noEffect("the statistics page shows the names of proxies only")),
            Directive.<ProxyDraft>of("id", PROXIES_ONLY, "<number>", """
                    The number of the proxy in statistics, in fe_id and be_id. Default: the next that is free, in the order of the file, from 2.""",
                    (arguments, draft) -> {
                        draft.settings().put(ProxySettings.ID, arguments.next("a number", ArgumentType.integer(1, Integer.MAX_VALUE)),
                                arguments.location());
                        arguments.end();
                    }),
            Directive.<ProxyDraft>of("capture", FRONT_ONLY, "{ { request | response } header | cookie } <name> len <bytes>", """
                    Keeps the last value of a header for the log and for capture.req.hdr or capture.res.hdr; or the first
                    cookie whose name begins so, for %CC and %CS.""",
                    ProxyKeywords::capture).ignoredElsewhere(),
            Directive.<ProxyDraft>of("source", BACK, SourceReader.SYNTAX, SourceReader.DOC + " A source on a server line goes before it.",
                    (arguments, draft) -> {
                        draft.settings().put(ProxySettings.SOURCE, SourceReader.read(arguments, false), arguments.location());
                        arguments.end();
                    }).ignoredElsewhere(),
            Directive.<ProxyDraft>of("default_backend", FRONT, "<backend>", """
                    Where a request or connection goes that no use_backend line takes.""",
                    (arguments, draft) -> {
                        Word name = arguments.nextText("the name of a backend");
                        arguments.end();
                        draft.defaultBackend(Optional.of(name));
                    }).ignoredElsewhere(),
            Directive.<ProxyDraft>of("default-server", BACK, "[<parameter>…]", """
                    Parameters for the server lines that follow.""",
                    (arguments, draft) -> ServerLines.defaults(arguments, draft)),
            Directive.<ProxyDraft>of("server", BACK_ONLY, "<name> <address>[:<port>] [<parameter>…]", """
                    A server of the backend.""",
                    (arguments, draft) -> ServerLines.server(arguments, draft)),
            Directive.<ProxyDraft>of("bind", FRONT_ONLY, "<address>:<port>[,…] [<parameter>…]", """
                    An address to listen on.""",
                    (arguments, draft) -> BindLines.bind(arguments, draft)).ignoredElsewhere());

    private ProxyKeywords() { }

    private static void mode(Arguments arguments, ProxyDraft draft) {
        Word word = arguments.next("tcp or http");
        switch (word.text()) {
            case "tcp" -> draft.mode(ProxyMode.TCP);
            case "http" -> draft.mode(ProxyMode.HTTP);
            case "health" -> throw new StatementException(Code.REMOVED, word,
                    "'mode health' was removed in HAProxy 2.3; write 'http-request return status 200' in mode http");
            default -> throw arguments.unknown(word, "mode", List.of("tcp", "http"));
        }
        arguments.end();
    }

    private static void capture(Arguments arguments, ProxyDraft draft) {
        Word what = arguments.next("request, response or cookie");
        switch (what.text()) {
            case "request" -> captureHeader(arguments, draft, CaptureSpec.Direction.REQUEST);
            case "response" -> captureHeader(arguments, draft, CaptureSpec.Direction.RESPONSE);
            case "cookie" -> {
                String name = arguments.next("a cookie name", ArgumentType.TEXT);
                draft.settings().put(ProxySettings.CAPTURE_COOKIE, new CookieCapture(name, length(arguments)), arguments.location());
            }
            default -> throw arguments.unknown(what, "word", List.of("request", "response", "cookie"));
        }
    }

    private static void captureHeader(Arguments arguments, ProxyDraft draft, CaptureSpec.Direction direction) {
        Word header = arguments.next("header");
        if (!header.is("header")) {
            throw arguments.unknown(header, "word", List.of("header"));
        }
        String name = arguments.next("a header name", ArgumentType.TEXT);
        draft.captures().add(new CaptureSpec(arguments.location(), direction, name, length(arguments)));
    }

    private static int length(Arguments arguments) {
        Word len = arguments.next("len");
        if (!len.is("len")) {
            throw arguments.unknown(len, "word", List.of("len"));
        }
        int length = arguments.next("a length", ArgumentType.integer(1, 65535));
        arguments.end();
        return length;
    }
}
