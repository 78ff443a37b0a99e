package net.lbd.config.keyword.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.expr.Regexes;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.CheckStep.Expectation;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/**
 * What stands before the pattern of {@code tcp-check expect} and {@code http-check expect}, and, for the former, may
 * stand behind it. Used for one line by one thread. Source: HAProxy manual, "tcp-check expect".
 */
final class CheckExpectations {

    private static final List<String> WORDS = List.of("min-recv", "comment", "ok-status", "error-status", "tout-status",
            "on-success", "on-error", "status-code");

    private final CheckLine line;
    private final Arguments arguments;
    private int minimumBytes = -1;
    private Optional<String> comment = Optional.empty();
    private Optional<String> okStatus = Optional.empty();
    private Optional<String> errorStatus = Optional.empty();
    private Optional<String> timeoutStatus = Optional.empty();
    private Optional<LogFormatSpec> onSuccess = Optional.empty();
    private Optional<LogFormatSpec> onError = Optional.empty();
    private Optional<SampleSpec> statusCode = Optional.empty();
    private boolean negated;

    CheckExpectations(CheckLine line) {
        this.line = line;
        this.arguments = line.arguments();
    }

    /** Reads parameters and exclamation marks up to the kind of pattern, and returns the word that names it. */
    Word toKind(List<String> kinds) {
        while (true) {
            Word word = arguments.next(String.join(", ", kinds.subList(0, kinds.size() - 1)) + " or " + kinds.get(kinds.size() - 1));
            if (kinds.contains(word.text())) {
                return word;
            }
            if (word.is("!")) {
                negated = !negated;
            } else if (WORDS.contains(word.text())) {
                parameter(word);
            } else {
                List<String> accepted = new ArrayList<>(kinds);
                accepted.addAll(WORDS);
                accepted.add("!");
                throw arguments.unknown(word, "kind of pattern", accepted);
            }
        }
    }

    /** Reads parameters behind the pattern, where HAProxy takes them too. */
    void behindPattern() {
        while (arguments.hasNext() && WORDS.contains(arguments.peek().orElseThrow().text())) {
            parameter(arguments.next("a parameter"));
        }
    }

    private void parameter(Word word) {
        switch (word.text()) {
            case "min-recv" -> minimumBytes = arguments.next("a number of bytes", ArgumentType.integer(-1, Integer.MAX_VALUE));
            case "comment" -> comment = Optional.of(arguments.next("a text").text());
            case "ok-status" -> okStatus = Optional.of(arguments.oneOf("a status", List.of("L7OK", "L7OKC", "L6OK", "L4OK")));
            case "error-status" -> errorStatus = Optional.of(
                    arguments.oneOf("a status", List.of("L7OKC", "L7RSP", "L7STS", "L6RSP", "L4CON")));
            case "tout-status" -> timeoutStatus = Optional.of(
                    arguments.oneOf("a status", List.of("L7TOUT", "L6TOUT", "L4TOUT")));
            case "on-success" -> onSuccess = Optional.of(line.format("a log-format string"));
            case "on-error" -> onError = Optional.of(line.format("a log-format string"));
            case "status-code" -> statusCode = Optional.of(line.sample("a sample expression"));
            default -> throw new IllegalStateException(word.text());
        }
    }

    boolean isNegated() {
        return negated;
    }

    Expectation toSpec() {
        return new Expectation(
                minimumBytes, comment, okStatus, errorStatus, timeoutStatus, onSuccess, onError, statusCode);
    }

    /** The next word as a regular expression, which is checked. */
    static LogFormatSpec regex(Arguments arguments) {
        Word pattern = arguments.next("a regular expression");
        try {
            Regexes.check(pattern.text());
        } catch (ValueException e) {
            Optional<String> hint = arguments.hasNext()
                    ? Optional.of("blanks part words: write the expression in double quotes; was '|' lost between the words?")
                    : Optional.empty();
            throw new StatementException(Code.PATTERN, pattern, e.getMessage(), hint);
        }
        return LogFormatSpec.literal(pattern.location(), pattern.text());
    }
}
