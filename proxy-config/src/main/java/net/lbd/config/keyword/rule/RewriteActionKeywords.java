package net.lbd.config.keyword.rule;

import static net.lbd.config.model.RuleSet.HTTP_AFTER_RESPONSE;
import static net.lbd.config.model.RuleSet.HTTP_REQUEST;
import static net.lbd.config.model.RuleSet.HTTP_RESPONSE;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.expr.Regexes;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.keyword.reply.HeaderNames;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Word;

/** The actions that change a message: its start line, and headers by pattern. Source: HAProxy manual, "http-request replace-header" and its kin. */
public final class RewriteActionKeywords {

    /** {@code replace-header} and {@code replace-value}: a header that matches becomes the replacement. */
    public record ReplaceHeader(String name, String match, LogFormatSpec replacement, boolean eachValue) implements ActionSpec {
        public ReplaceHeader {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(match, "match");
            Objects.requireNonNull(replacement, "replacement");
        }
    }

    /** {@code del-header NAME -m METHOD}: removes every header whose name matches. */
    public record DelHeaders(MatchMethod method, String pattern) implements ActionSpec {
        public DelHeaders {
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(pattern, "pattern");
        }
    }

    /** {@code set-path} and its kin: a part of the start line becomes a log-format string. */
    public record SetPart(Part part, LogFormatSpec value) implements ActionSpec {
        public SetPart {
            Objects.requireNonNull(part, "part");
            Objects.requireNonNull(value, "value");
        }
    }

    /** {@code replace-path} and its kin: a part of the target that matches becomes the replacement. */
    public record ReplacePart(Part part, String match, LogFormatSpec replacement) implements ActionSpec {
        public ReplacePart {
            Objects.requireNonNull(part, "part");
            Objects.requireNonNull(match, "match");
            Objects.requireNonNull(replacement, "replacement");
        }
    }

    /** What of a request line is changed. */
    public enum Part {
        METHOD,
        /** The whole target. */
        URI,
        /** Up to the question mark. */
        PATH,
        /** Path and query. */
        PATHQ,
        /** What follows the question mark. */
        QUERY
    }

    /** {@code set-status CODE [reason TEXT]}; without a reason the usual one is sent. */
    public record SetStatus(int status, Optional<String> reason) implements ActionSpec {
        public SetStatus {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** {@code early-hint NAME FMT}: a 103 answer with one header. */
    public record EarlyHint(String name, LogFormatSpec value) implements ActionSpec {
        public EarlyHint {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    private static final Set<RuleSet> ALL = Set.of(HTTP_REQUEST, HTTP_RESPONSE, HTTP_AFTER_RESPONSE);
    private static final Set<RuleSet> REQUEST = Set.of(HTTP_REQUEST);
    private static final Set<RuleSet> RESPONSES = Set.of(HTTP_RESPONSE, HTTP_AFTER_RESPONSE);

    private static final ArgumentType<String> REGEX = text -> {
        Regexes.check(text);
        return text;
    };

    static final List<ActionKeyword> ROWS = List.of(
            ActionKeyword.of("replace-header", ALL, "<name> <match> <format>", """
                    Every header of the name whose value matches the regular expression gets the format as its value; \\1 to \\9
                    stand for groups. What lies around the match is gone: write .* around it to take it along.""",
                    context -> replaceHeader(context, false)),
            ActionKeyword.of("replace-value", ALL, "<name> <match> <format>", """
                    As replace-header, for each value between commas.""",
                    context -> replaceHeader(context, true)),
            ActionKeyword.of("del-header", ALL, "<name> [-m { str | beg | end | sub | reg }]", """
                    Removes every header of the name; with -m, every one whose name matches.""",
                    RewriteActionKeywords::delHeader),
            setPart("set-method", Part.METHOD, "Changes the method."),
            setPart("set-path", Part.PATH, "Changes the path; the query stays."),
            setPart("set-pathq", Part.PATHQ, "Changes path and query."),
            setPart("set-query", Part.QUERY, "Changes the query."),
            setPart("set-uri", Part.URI, "Changes the request's target."),
            replacePart("replace-path", Part.PATH, "The path, if it matches, becomes the format; \\1 to \\9 stand for groups."),
            replacePart("replace-pathq", Part.PATHQ, "As replace-path, for path and query."),
            replacePart("replace-uri", Part.URI, "As replace-path, for the whole target."),
            ActionKeyword.of("set-status", RESPONSES, "<code> [reason <text>]", """
                    Changes the status; without a reason the usual one of the status is sent.""",
                    context -> {
                        Arguments arguments = context.arguments();
                        int status = arguments.next("a status", ArgumentType.integer(100, 999));
                        return new SetStatus(status, arguments.skip("reason")
                                ? Optional.of(arguments.next("a reason", ArgumentType.TEXT)) : Optional.empty());
                    }),
            ActionKeyword.of("early-hint", REQUEST, "<name> <format>", """
                    Sends a 103 answer with the header before the request goes on; nothing to a client of HTTP/1.0.
                    Difference: each rule sends an answer of its own.""",
                    context -> new EarlyHint(context.arguments().next("a header name", HeaderNames.TYPE), context.format("a value"))));

    private RewriteActionKeywords() { }

    private static ActionSpec replaceHeader(ActionContext context, boolean eachValue) {
        String name = HeaderNames.ofRule(context.arguments(), context.arguments().next("a header name"));
        String match = context.arguments().next("a regular expression", REGEX);
        return new ReplaceHeader(name, match, context.format("a replacement"), eachValue);
    }

    private static ActionSpec delHeader(ActionContext context) {
        Arguments arguments = context.arguments();
        Word word = arguments.next("a header name");
        String name = arguments.value(word, ArgumentType.TEXT);
        if (!arguments.skip("-m")) {
            if (HeaderNames.isToken(name)) {
                HeaderNames.ofRule(arguments, word);
            }
            return new HttpActionKeywords.DelHeader(name);
        }
        String method = arguments.oneOf("a match method", List.of("str", "beg", "end", "sub", "reg"));
        if (method.equals("str")) {
            return new HttpActionKeywords.DelHeader(name);
        }
        if (method.equals("reg")) {
            arguments.value(word, REGEX);
        }
        return new DelHeaders(MatchMethod.byKeyword(method).orElseThrow(), name);
    }

    private static ActionKeyword setPart(String name, Part part, String doc) {
        return ActionKeyword.of(name, REQUEST, "<format>", doc, context -> new SetPart(part, context.format("a value")));
    }

    private static ActionKeyword replacePart(String name, Part part, String doc) {
        return ActionKeyword.of(name, REQUEST, "<match> <format>", doc, context -> {
            String match = context.arguments().next("a regular expression", REGEX);
            return new ReplacePart(part, match, context.format("a replacement"));
        });
    }
}
