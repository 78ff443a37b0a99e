package net.lbd.config.keyword.check;

import static net.lbd.config.grammar.SectionKind.BACK;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Word;

/** Health checks. Source: HAProxy manual, "option httpchk" and "http-check …". */
public final class CheckKeywords {

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of("option httpchk", BACK, "[<uri> | <method> <uri> [<version>]]", """
                    Checks servers with an HTTP request. Default: OPTIONS / HTTP/1.0. An answer of 2xx or 3xx
                    passes unless http-check expect asks for something else.""",
                    CheckKeywords::httpchk).ignoredElsewhere(),
            Directive.<ProxyDraft>of("http-check send", BACK,
                    "[meth <method>] [{ uri <uri> | uri-lf <format> }] [ver <version>] [hdr <name> <format>]… "
                            + "[{ body <text> | body-lf <format> }] [comment <text>]", """
                    The request of the check; replaces the one of option httpchk, whose words it completes.""",
                    CheckKeywords::send).ignoredElsewhere(),
            Directive.<ProxyDraft>of("http-check expect", BACK,
                    "[min-recv <bytes>] [comment <text>] [ok-status <status>] [error-status <status>] [tout-status <status>] "
                            + "[on-success <format>] [on-error <format>] [status-code <expression>] [!] { status | rstatus | "
                            + "string | string-lf | rstring | hdr | fhdr } <pattern>…", """
                    What the answer must be: status by number, list or range; rstatus and rstring by unanchored
                    regular expression; string and rstring in the body; hdr and fhdr in the headers, by
                    name [-m str|beg|end|sub|reg] NAME [value [-m …] VALUE], or name-lf and value-lf.""",
                    CheckKeywords::expect).ignoredElsewhere(),
            Directive.<ProxyDraft>of("http-check disable-on-404", BACK, "", """
                    A server that is up and whose check is answered with 404 gets no new sessions but those that belong to it.""",
                    (arguments, draft) -> {
                        arguments.end();
                        draft.check().disableOn404();
                    }).ignoredElsewhere(),
            Directive.<ProxyDraft>of("http-check send-state", BACK, "", """
                    Tells the server in X-Haproxy-Server-State how it is seen.""",
                    (arguments, draft) -> {
                        arguments.end();
                        draft.check().sendState();
                    }).ignoredElsewhere());

    /** In the order of {@link CheckStep.HttpMatch}. */
    private static final List<String> KINDS = List.of("status", "rstatus", "string", "string-lf", "rstring", "hdr", "fhdr");

    private static final List<String> VERSIONS = List.of("HTTP/1.0", "HTTP/1.1");

    private CheckKeywords() { }

    private static void httpchk(Arguments arguments, ProxyDraft draft) {
        String method = "OPTIONS";
        String uri = "/";
        String version = "HTTP/1.0";
        List<CheckStep.Header> headers = List.of();
        String body = "";
        if (arguments.remaining() == 1) {
            uri = arguments.next("a target").text();
        } else if (arguments.hasNext()) {
            method = arguments.next("a method").text();
            uri = arguments.next("a target").text();
            if (arguments.hasNext()) {
                Word word = arguments.next("a version");
                Hidden hidden = hidden(arguments, word);
                version = hidden.version();
                headers = hidden.headers();
                body = hidden.body();
            }
            arguments.end();
        }
        draft.check().choose(CheckSpec.Kind.HTTP, arguments.keyword(), List.of());
        SourceLocation at = arguments.location();
        draft.check().request(new CheckStep.HttpSend(at, method, LogFormatSpec.literal(at, uri), version, headers,
                LogFormatSpec.literal(at, body), Optional.empty()));
    }

    /** What old files write behind the version: line ends, headers, even a body. */
    private record Hidden(String version, List<CheckStep.Header> headers, String body) { }

    private static Hidden hidden(Arguments arguments, Word word) {
        String text = word.text();
        int lineEnd = text.indexOf("\r\n");
        if (lineEnd < 0) {
            return new Hidden(version(arguments, word, text), List.of(), "");
        }
        arguments.diagnostics().warn(Code.DEPRECATED, word, "headers behind the version of 'option httpchk' are deprecated",
                "write 'http-check send hdr <name> <value>' lines");
        int headEnd = text.indexOf("\r\n\r\n");
        String head = headEnd < 0 ? text.substring(lineEnd + 2) : text.substring(lineEnd + 2, headEnd);
        String body = headEnd < 0 ? "" : text.substring(headEnd + 4);
        List<CheckStep.Header> headers = new ArrayList<>();
        for (String line : head.split("\r\n")) {
            if (line.isEmpty()) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw arguments.error(word, "'" + line + "' behind the version is not a header; write Name:\\ value");
            }
            headers.add(new CheckStep.Header(line.substring(0, colon),
                    LogFormatSpec.literal(arguments.location(), line.substring(colon + 1).strip())));
        }
        return new Hidden(version(arguments, word, text.substring(0, lineEnd)), headers, body);
    }

    private static String version(Arguments arguments, Word word, String text) {
        if (!VERSIONS.contains(text)) {
            throw arguments.error(word, "'" + text + "' is not a version; use HTTP/1.0 or HTTP/1.1");
        }
        return text;
    }

    private static void send(Arguments arguments, ProxyDraft draft) {
        CheckLine line = new CheckLine(arguments, draft);
        Optional<CheckStep.HttpSend> base = draft.check().request();
        String method = base.map(CheckStep.HttpSend::method).orElse("OPTIONS");
        LogFormatSpec uri = base.map(CheckStep.HttpSend::target).orElseGet(() -> LogFormatSpec.literal(arguments.location(), "/"));
        String version = base.map(CheckStep.HttpSend::version).orElse("HTTP/1.0");
        List<CheckStep.Header> headers = new ArrayList<>(base.map(CheckStep.HttpSend::headers).orElse(List.of()));
        LogFormatSpec body = base.map(CheckStep.HttpSend::content).orElseGet(() -> LogFormatSpec.literal(arguments.location(), ""));
        Optional<String> comment = Optional.empty();
        while (arguments.hasNext()) {
            Word word = arguments.next("a parameter");
            switch (word.text()) {
                case "meth" -> method = arguments.next("a method", ArgumentType.TEXT);
                case "uri" -> {
                    arguments.next("a target", ArgumentType.TEXT);
                    uri = LogFormatSpec.literal(arguments.last().location(), arguments.last().text());
                }
                case "uri-lf" -> uri = line.format("a log-format string");
                case "ver" -> version = version(arguments, arguments.next("a version"), arguments.last().text());
                case "hdr" -> headers.add(new CheckStep.Header(
                        arguments.next("a header name", ArgumentType.TEXT), line.format("a value")));
                case "body" -> body = line.literal("a body");
                case "body-lf" -> body = line.format("a log-format string");
                case "comment" -> comment = Optional.of(arguments.next("a text").text());
                default -> throw arguments.unknown(word, "parameter",
                        List.of("meth", "uri", "uri-lf", "ver", "hdr", "body", "body-lf", "comment"));
            }
        }
        line.add(new CheckStep.HttpSend(arguments.location(), method, uri, version, headers, body, comment));
    }

    private static void expect(Arguments arguments, ProxyDraft draft) {
        CheckLine line = new CheckLine(arguments, draft);
        CheckExpectations expectations = new CheckExpectations(line);
        Word kind = expectations.toKind(KINDS);
        CheckStep.HttpMatch match = CheckStep.HttpMatch.values()[KINDS.indexOf(kind.text())];
        List<PatternSpec.Range> statuses = List.of();
        Optional<CheckStep.HeaderMatch> header = Optional.empty();
        LogFormatSpec pattern = LogFormatSpec.literal(arguments.location(), "");
        switch (match) {
            case STATUS -> {
                pattern = line.literal("a status");
                statuses = statuses(arguments, arguments.last());
            }
            case RSTATUS, RSTRING -> pattern = CheckExpectations.regex(arguments);
            case STRING -> pattern = line.literal("a text");
            case STRING_LF -> pattern = line.format("a log-format string");
            case HDR, FHDR -> header = Optional.of(header(line));
            default -> throw new IllegalStateException(kind.text());
        }
        line.add(new CheckStep.HttpExpect(arguments.location(), expectations.isNegated(), match, pattern, statuses, header,
                expectations.toSpec()));
    }

    private static CheckStep.HeaderMatch header(CheckLine line) {
        Arguments arguments = line.arguments();
        String first = arguments.oneOf("name or name-lf", List.of("name", "name-lf"));
        CheckStep.TextMatch nameMatch = method(arguments);
        LogFormatSpec name = text(line, first.equals("name-lf"), nameMatch, "the name of a header");
        if (!arguments.hasNext()) {
            return new CheckStep.HeaderMatch(nameMatch, name, CheckStep.TextMatch.STR, Optional.empty());
        }
        String second = arguments.oneOf("value or value-lf", List.of("value", "value-lf"));
        CheckStep.TextMatch valueMatch = method(arguments);
        return new CheckStep.HeaderMatch(nameMatch, name, valueMatch,
                Optional.of(text(line, second.equals("value-lf"), valueMatch, "the value of a header")));
    }

    private static CheckStep.TextMatch method(Arguments arguments) {
        if (!arguments.skip("-m")) {
            return CheckStep.TextMatch.STR;
        }
        String method = arguments.oneOf("a way to match", List.of("str", "beg", "end", "sub", "reg"));
        return CheckStep.TextMatch.valueOf(method.toUpperCase(Locale.ROOT));
    }

    private static LogFormatSpec text(CheckLine line, boolean format, CheckStep.TextMatch match, String what) {
        if (format && match == CheckStep.TextMatch.REG) {
            throw line.arguments().error(line.arguments().last(),
                    "'-m reg' wants an expression that is known beforehand; use name or value instead of name-lf or value-lf");
        }
        return format ? line.format(what)
                : match == CheckStep.TextMatch.REG ? CheckExpectations.regex(line.arguments()) : line.literal(what);
    }

    /** {@code 200}, {@code 200-399}, {@code 200,204,300-304}. */
    private static List<PatternSpec.Range> statuses(Arguments arguments, Word word) {
        List<PatternSpec.Range> ranges = new ArrayList<>();
        for (String part : word.text().split(",", -1)) {
            int dash = part.indexOf('-');
            try {
                long from = Numbers.read(dash < 0 ? part : part.substring(0, dash), 100, 999);
                long to = dash < 0 ? from : Numbers.read(part.substring(dash + 1), 100, 999);
                if (to < from) {
                    throw new ValueException("the range '" + part + "' is empty");
                }
                ranges.add(new PatternSpec.Range(from, to));
            } catch (ValueException e) {
                throw arguments.error(word, "'http-check expect status " + word + "': " + e.getMessage());
            }
        }
        return ranges;
    }
}
