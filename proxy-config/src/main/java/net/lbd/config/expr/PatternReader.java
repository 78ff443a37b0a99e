package net.lbd.config.expr;

import java.util.ArrayList;
import java.util.List;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.Numbers;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.MatchMethod;
import net.lbd.config.model.PatternSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** Reads the patterns of an ACL for its match method. Source: HAProxy manual, section "ACL basics". */
final class PatternReader {

    private PatternReader() { }

    /** @param versions numbers may have a dot, as those of TLS have */
    static List<PatternSpec> read(List<Word> words, MatchMethod method, boolean versions) {
        List<PatternSpec> patterns = new ArrayList<>();
        int i = 0;
        String operator = "eq";
        while (i < words.size()) {
            Word word = words.get(i++);
            try {
                if (method == MatchMethod.INT || method == MatchMethod.LEN) {
                    if (isOperator(word.text())) {
                        operator = word.text();
                        if (i == words.size()) {
                            throw new ValueException("a number is missing behind '" + operator + "'");
                        }
                        continue;
                    }
                    patterns.add(range(word.text(), operator, versions));
                } else {
                    patterns.add(one(word.text(), method));
                }
            } catch (ValueException e) {
                throw new StatementException(Code.PATTERN, word, "pattern for -m " + method.keyword() + ": " + e.getMessage());
            }
        }
        return patterns;
    }

    private static boolean isOperator(String text) {
        return switch (text) {
            case "eq", "ge", "gt", "le", "lt" -> true;
            default -> false;
        };
    }

    private static PatternSpec one(String text, MatchMethod method) throws ValueException {
        return switch (method) {
            case STR, BEG, SUB, DIR, DOM, END -> new PatternSpec.Text(text);
            case REG -> {
                Regexes.check(text);
                yield new PatternSpec.Regex(text);
            }
            case IP -> text.indexOf('-') < 0 ? Addresses.network(text) : new PatternSpec.Span(Addresses.range(text));
            case BIN -> new PatternSpec.Hex(hex(text));
            case BOOL -> new PatternSpec.Bool(bool(text));
            case INT, LEN -> range(text, "eq", false);
            case FOUND -> throw new ValueException("-m found takes no pattern");
        };
    }

    private static String hex(String text) throws ValueException {
        boolean digits = text.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
        if (!digits || text.length() % 2 != 0) {
            throw new ValueException("'" + text + "' is not pairs of hexadecimal digits");
        }
        return text;
    }

    private static boolean bool(String text) throws ValueException {
        return switch (text) {
            case "1", "true", "on", "yes" -> true;
            case "0", "false", "off", "no" -> false;
            default -> throw new ValueException("'" + text + "' is not a boolean; use true or false");
        };
    }

    /** {@code 5}, {@code 5:9}, {@code 5:} or {@code :9}; with an operator one number. */
    private static PatternSpec.Range range(String text, String operator, boolean versions) throws ValueException {
        int colon = text.indexOf(':');
        if (colon >= 0) {
            if (!operator.equals("eq")) {
                throw new ValueException("a range is not accepted behind '" + operator + "'");
            }
            long from = colon == 0 ? Long.MIN_VALUE : number(text.substring(0, colon));
            long to = colon == text.length() - 1 ? Long.MAX_VALUE : number(text.substring(colon + 1));
            if (from > to) {
                throw new ValueException("the range '" + text + "' is empty");
            }
            return new PatternSpec.Range(from, to);
        }
        if (versions && text.contains(".")) {
            // Dotted numbers (versions such as 1.1, ssl 3.1) compare as major * 65536 + minor.
            int dot = text.indexOf('.');
            long major = Numbers.read(text.substring(0, dot), 0, 65535);
            long minor = Numbers.read(text.substring(dot + 1), 0, 65535);
            return withOperator((major << 16) + minor, operator);
        }
        return withOperator(number(text), operator);
    }

    private static long number(String text) throws ValueException {
        return Numbers.read(text, Long.MIN_VALUE, Long.MAX_VALUE);
    }

    private static PatternSpec.Range withOperator(long value, String operator) throws ValueException {
        return switch (operator) {
            case "eq" -> new PatternSpec.Range(value, value);
            case "ge" -> new PatternSpec.Range(value, Long.MAX_VALUE);
            case "le" -> new PatternSpec.Range(Long.MIN_VALUE, value);
            case "gt" -> {
                if (value == Long.MAX_VALUE) {
                    throw new ValueException("no number is greater than '" + value + "'");
                }
                yield new PatternSpec.Range(value + 1, Long.MAX_VALUE);
            }
            case "lt" -> {
                if (value == Long.MIN_VALUE) {
                    throw new ValueException("no number is less than '" + value + "'");
                }
                yield new PatternSpec.Range(Long.MIN_VALUE, value - 1);
            }
            default -> throw new ValueException("unknown operator '" + operator + "'");
        };
    }
}
