package net.lbd.config.keyword.proxy;

import static net.lbd.config.grammar.SectionKind.FRONT;
import static net.lbd.config.grammar.SectionKind.FRONT_ONLY;
import static net.lbd.config.grammar.SectionKind.PROXIES;

import java.util.List;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.Directive;
import net.lbd.config.keyword.sample.Checkpoint;

/** Pages for errors, and answers to monitors. Source: HAProxy manual, "errorfile" and its kin. */
public final class ErrorKeywords {

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Rows.later("errorfile", PROXIES, "<code:status> <file:file>", "A file to answer with where an error would be."),
            Rows.later("errorfiles", PROXIES, "<section:http_errors> …", "Takes the pages of an http-errors section."),
            Rows.later("errorloc", PROXIES, "<code:status> <url>", "Redirects with 302 where an error would be."),
            Rows.later("errorloc302", PROXIES, "<code:status> <url>", "Redirects with 302 where an error would be."),
            Rows.later("errorloc303", PROXIES, "<code:status> <url>", "Redirects with 303 where an error would be."),
            Rows.later("http-error", PROXIES, """
                    *{ status <code:status> | content-type <type> | default-errorfiles | errorfile <file:file> | errorfiles <section:http_errors>
                    | file <file:file> | lf-file <file:file> | string <text> | lf-string <text:format> | hdr <name> <value:format> }""",
                    "An answer in place of an error."),
            Rows.later("monitor-uri", FRONT, "<uri>", "A path that is answered with 200 and not logged."),
            Rows.later("monitor fail", FRONT_ONLY, "<when:condition>", "When monitor-uri answers with 503.",
                    Checkpoint.FRONTEND_REQUEST),
            Rows.later("error-log-format", FRONT, "<format:format>", "The log format of connections that fail."),
            Rows.later("log-format-sd", FRONT, "<format:format>", "The structured data of RFC 5424 lines.", Checkpoint.LOG),
            Rows.later("unique-id-format", FRONT, "<format:format>", "How identifiers of streams are made.",
                    Checkpoint.FRONTEND_REQUEST, Checkpoint.FRONTEND_CONTENT),
            Rows.later("unique-id-header", FRONT, "<name>", "A request header for the identifier."),
            Rows.later("email-alert from", PROXIES, "<address>", "The sender of alerts."),
            Rows.later("email-alert level", PROXIES, "<level>", "From which level on alerts are sent."),
            Rows.later("email-alert mailers", PROXIES, "<section:mailers>", "The mailers section to send through."),
            Rows.later("email-alert myhostname", PROXIES, "<name>", "The name to greet mail servers with."),
            Rows.later("email-alert to", PROXIES, "<address>", "Who gets the alerts."));

    private ErrorKeywords() { }
}
