package net.lbd.config.keyword.check;

import static net.lbd.config.grammar.SectionKind.BACK;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.expr.Regexes;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** Health checks. Source: HAProxy manual, "option httpchk" and "http-check …". */
public final class CheckKeywords {

    public static final List<Directive<ProxyDraft>> ROWS = List.of(
            Directive.<ProxyDraft>of("option httpchk", BACK, "[<uri> | <method> <uri> [<version>]]", """
                    Checks servers with an HTTP request. Default: OPTIONS / HTTP/1.0. An answer of 2xx or 3xx
                    passes unless http-check expect asks for something else.""",
                    CheckKeywords::httpchk).ignoredElsewhere(),
            Directive.<ProxyDraft>of("http-check send", BACK,
                    "[meth <method>] [uri <uri>] [ver <version>] [hdr <name> <value>]… [body <text>] [comment <text>]", """
                    The request of the check; replaces the one of option httpchk, whose words it completes.""",
                    CheckKeywords::send).ignoredElsewhere(),
            Directive.<ProxyDraft>of("http-check expect", BACK,
                    "[comment <text>] [!] { status | rstatus | string | rstring } <pattern>", """
                    What the answer must be: status by number, list or range; rstatus and rstring by unanchored
                    regular expression; string and rstring in the body.""",
                    CheckKeywords::expect).ignoredElsewhere());

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
        draft.check().choose(CheckSpec.Kind.HTTP, arguments.keyword());
        draft.check().request(new CheckStep.HttpSend(arguments.location(), method, uri, version, headers, body));
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
            headers.add(new CheckStep.Header(line.substring(0, colon), line.substring(colon + 1).strip()));
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
        Optional<CheckStep.HttpSend> base = draft.check().request();
        String method = base.map(CheckStep.HttpSend::method).orElse("OPTIONS");
        String uri = base.map(CheckStep.HttpSend::uri).orElse("/");
        String version = base.map(CheckStep.HttpSend::version).orElse("HTTP/1.0");
        List<CheckStep.Header> headers = new ArrayList<>(base.map(CheckStep.HttpSend::headers).orElse(List.of()));
        String body = base.map(CheckStep.HttpSend::body).orElse("");
        while (arguments.hasNext()) {
            Word word = arguments.next("a parameter");
            switch (word.text()) {
                case "meth" -> method = arguments.next("a method", ArgumentType.TEXT);
                case "uri" -> uri = arguments.next("a target", ArgumentType.TEXT);
                case "ver" -> version = version(arguments, arguments.next("a version"), arguments.last().text());
                case "hdr" -> {
                    String name = arguments.next("a header name", ArgumentType.TEXT);
                    headers.add(new CheckStep.Header(name, arguments.next("a value").text()));
                }
                case "body" -> body = arguments.next("a body").text();
                case "comment" -> arguments.next("a text");
                case "uri-lf", "body-lf" -> {
                    arguments.next("a log-format string");
                    arguments.diagnostics().notice(Code.NOT_YET, word, "'http-check send " + word
                            + "' is not supported yet by this version; the daemon refuses to start with it");
                }
                default -> throw arguments.unknown(word, "parameter",
                        List.of("meth", "uri", "uri-lf", "ver", "hdr", "body", "body-lf", "comment"));
            }
        }
        draft.checkForStep().addHttp(
                new CheckStep.HttpSend(arguments.location(), method, uri, version, headers, body), arguments.keyword());
    }

    private static void expect(Arguments arguments, ProxyDraft draft) {
        Optional<String> comment = Optional.empty();
        boolean negated = false;
        while (true) {
            Word word = arguments.next("status, rstatus, string or rstring");
            switch (word.text()) {
                case "comment" -> comment = Optional.of(arguments.next("a text").text());
                case "!" -> negated = !negated;
                case "min-recv", "ok-status", "error-status", "tout-status", "on-success", "on-error", "status-code" -> {
                    arguments.next("a value");
                    arguments.diagnostics().notice(Code.NOT_YET, word, "'http-check expect " + word
                            + "' is not supported yet by this version; the daemon refuses to start with it");
                }
                case "status" -> {
                    Word pattern = arguments.next("a status");
                    addExpect(arguments, draft, negated, CheckStep.HttpMatch.STATUS, pattern, statuses(arguments, pattern), comment);
                    return;
                }
                case "rstatus" -> {
                    regex(arguments, draft, negated, CheckStep.HttpMatch.RSTATUS, comment);
                    return;
                }
                case "rstring" -> {
                    regex(arguments, draft, negated, CheckStep.HttpMatch.RSTRING, comment);
                    return;
                }
                case "string" -> {
                    Word pattern = arguments.next("a text");
                    addExpect(arguments, draft, negated, CheckStep.HttpMatch.STRING, pattern, List.of(), comment);
                    return;
                }
                case "string-lf", "hdr", "fhdr" -> {
                    arguments.next("a value");
                    arguments.rest();
                    arguments.diagnostics().notice(Code.NOT_YET, word, "'http-check expect " + word
                            + "' is not supported yet by this version; the daemon refuses to start with it");
                    return;
                }
                default -> throw arguments.unknown(word, "kind of pattern",
                        List.of("status", "rstatus", "string", "rstring", "string-lf", "hdr", "fhdr", "!", "comment"));
            }
        }
    }

    private static void regex(
            Arguments arguments, ProxyDraft draft, boolean negated, CheckStep.HttpMatch match, Optional<String> comment) {
        Word pattern = arguments.next("a regular expression");
        try {
            Regexes.check(pattern.text());
        } catch (ValueException e) {
            Optional<String> hint = arguments.hasNext()
                    ? Optional.of("blanks part words: write the expression in double quotes; was '|' lost between the words?")
                    : Optional.empty();
            throw new StatementException(Code.PATTERN, pattern, e.getMessage(), hint);
        }
        addExpect(arguments, draft, negated, match, pattern, List.of(), comment);
    }

    private static void addExpect(
            Arguments arguments, ProxyDraft draft, boolean negated, CheckStep.HttpMatch match, Word pattern,
            List<PatternSpec.Range> statuses, Optional<String> comment) {
        arguments.end();
        draft.checkForStep().addHttp(new CheckStep.HttpExpect(
                arguments.location(), negated, match, pattern.text(), statuses, comment), arguments.keyword());
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
