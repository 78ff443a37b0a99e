package net.lbd.config.keyword.rule;

import static net.lbd.config.model.RuleSet.HTTP_AFTER_RESPONSE;
import static net.lbd.config.model.RuleSet.HTTP_REQUEST;
import static net.lbd.config.model.RuleSet.HTTP_RESPONSE;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.keyword.reply.HeaderNames;
import net.lbd.config.model.ActionSpec;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.RuleSet;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/**
 * The actions of {@code http-request}, {@code http-response} and {@code http-after-response}, and the
 * {@code redirect} line. Source: HAProxy manual, section "Actions keywords".
 */
public final class HttpActionKeywords {

    /** {@code allow}: ends this proxy's rule list. */
    public record Allow() implements ActionSpec { }

    /** {@code set-header NAME FMT}: replaces every header of the name by one. */
    public record SetHeader(String name, LogFormatSpec value) implements ActionSpec {
        public SetHeader {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    /** {@code add-header NAME FMT}: appends a header. */
    public record AddHeader(String name, LogFormatSpec value) implements ActionSpec {
        public AddHeader {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }
    }

    /** {@code del-header NAME}: removes every header of the name. */
    public record DelHeader(String name) implements ActionSpec {
        public DelHeader {
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * {@code redirect location|prefix|scheme FMT [code N] [drop-query] [append-slash] [ignore-empty]
     * [set-cookie NAME[=VALUE] | clear-cookie NAME[=]]}.
     *
     * @param code 301, 302 (the default), 303, 307 or 308
     * @param setCookie the value of the {@code Set-Cookie} header to send; empty: none is sent
     */
    public record Redirect(
            Kind kind,
            LogFormatSpec target,
            int code,
            boolean dropQuery,
            boolean appendSlash,
            boolean ignoreEmpty,
            String setCookie)
            implements ActionSpec {

        /** What the target replaces. */
        public enum Kind {
            /** The whole location. */
            LOCATION,
            /** What stands before the path. */
            PREFIX,
            /** The scheme; host and target stay. */
            SCHEME
        }

        public Redirect {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(target, "target");
            Objects.requireNonNull(setCookie, "setCookie");
        }
    }

    private static final Set<RuleSet> ALL = Set.of(HTTP_REQUEST, HTTP_RESPONSE, HTTP_AFTER_RESPONSE);
    private static final Set<RuleSet> BOTH = Set.of(HTTP_REQUEST, HTTP_RESPONSE);

    private static final String REDIRECT_SYNTAX = "{ location | prefix | scheme } <format> [code <code>] [drop-query] "
            + "[append-slash] [ignore-empty] [set-cookie <name>[=<value>]] [clear-cookie <name>[=]]";

    static final List<ActionKeyword> ROWS = List.of(
            ActionKeyword.of("allow", ALL, "", "Ends this proxy's rule list.", context -> new Allow()),
            ActionKeyword.of("set-header", ALL, "<name> <format>", """
                    Replaces every header of the name by one.""",
                    context -> new SetHeader(headerName(context), context.format("a value"))),
            ActionKeyword.of("add-header", ALL, "<name> <format>", """
                    Appends a header; those of the name that are there stay.""",
                    context -> new AddHeader(headerName(context), context.format("a value"))),
            ActionKeyword.of("redirect", BOTH, REDIRECT_SYNTAX, """
                    Answers with a redirection and ends the request.""",
                    HttpActionKeywords::redirect));

    private HttpActionKeywords() { }

    private static String headerName(ActionContext context) {
        Arguments arguments = context.arguments();
        Word word = arguments.next("a header name");
        if (word.text().length() > 1 && word.text().endsWith(":")) {
            arguments.warn(Code.BAD_VALUE, word, "the colon of '" + word + "' is no part of a header's name; it is left out");
            word = new Word(word.text().substring(0, word.text().length() - 1), word.location(), word.length());
        }
        return HeaderNames.ofRule(arguments, word);
    }

    static Redirect redirect(ActionContext context) {
        Arguments arguments = context.arguments();
        Redirect.Kind kind = null;
        LogFormatSpec target = null;
        int code = 302;
        boolean dropQuery = false;
        boolean appendSlash = false;
        boolean ignoreEmpty = false;
        String setCookie = "";
        while (!context.atCondition()) {
            Word word = arguments.next("a parameter");
            switch (word.text()) {
                case "location", "prefix", "scheme" -> {
                    kind = Redirect.Kind.valueOf(word.text().toUpperCase(Locale.ROOT));
                    target = context.format("a " + word);
                }
                case "code" -> code = Integer.parseInt(
                        arguments.oneOf("a redirection", List.of("301", "302", "303", "307", "308")));
                case "drop-query" -> dropQuery = true;
                case "append-slash" -> appendSlash = true;
                case "ignore-empty" -> ignoreEmpty = true;
                case "set-cookie" -> setCookie = arguments.next("a cookie", ArgumentType.TEXT) + "; path=/;";
                case "clear-cookie" -> {
                    String name = arguments.next("a cookie name", ArgumentType.TEXT);
                    setCookie = name + (name.endsWith("=") ? "" : "=") + "; path=/; Max-Age=0;";
                }
                default -> throw arguments.unknown(word, "parameter", List.of("location", "prefix", "scheme", "code",
                        "drop-query", "append-slash", "ignore-empty", "set-cookie", "clear-cookie", "if", "unless"));
            }
        }
        if (kind == null) {
            throw arguments.missing("location, prefix or scheme");
        }
        return new Redirect(kind, target, code, dropQuery, appendSlash, ignoreEmpty, setCookie);
    }
}
