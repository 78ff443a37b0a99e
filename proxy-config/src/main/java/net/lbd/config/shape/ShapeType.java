package net.lbd.config.shape;

import java.util.Locale;
import java.util.Optional;
import net.lbd.config.draft.ConditionDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.expr.ConditionReader;
import net.lbd.config.expr.LogFormatReader;
import net.lbd.config.expr.Regexes;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.grammar.Addresses;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.Sizes;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.syntax.Word;

/** The types of values in a {@link Shape}. */
public enum ShapeType {
    /** Any word that is not empty. */
    TEXT(ArgumentType.TEXT),
    /** Any word, an empty one too. */
    ANY(text -> text),
    NAME(ArgumentType.NAME),
    INT(ArgumentType.number(Integer.MIN_VALUE, Integer.MAX_VALUE)),
    UINT(ArgumentType.number(0, Integer.MAX_VALUE)),
    POSITIVE(ArgumentType.number(1, Integer.MAX_VALUE)),
    PORT(ArgumentType.number(1, 65535)),
    PERCENT(ArgumentType.number(0, 100)),
    STATUS(ArgumentType.number(200, 599)),
    TIME(Durations.MILLIS),
    SECONDS(Durations.SECONDS),
    SIZE(Sizes.SIZE),
    /** An address without a name to resolve being needed; a port may lack. */
    ADDRESS(Addresses.one(Addresses.Use.TARGET)),
    ENDPOINT(Addresses.one(Addresses.Use.SERVER)),
    REGEX(text -> {
        Regexes.check(text);
        return text;
    }),
    HEX(text -> {
        boolean digits = text.length() % 2 == 0 && text.chars().allMatch(c -> c < 128 && Character.digit(c, 16) >= 0);
        if (!digits) {
            throw new ValueException("'" + text + "' is not pairs of hexadecimal digits");
        }
        return text;
    }),
    /** The name of a stick-table, or of a section of the kind. */
    TABLE(ArgumentType.TEXT), USERLIST(ArgumentType.TEXT), PEERS(ArgumentType.TEXT), MAILERS(ArgumentType.TEXT),
    CACHE(ArgumentType.TEXT), HTTP_ERRORS(ArgumentType.TEXT),
    /** The name of a file that must be there. */
    FILE(ArgumentType.TEXT),
    /** A log-format string. */
    FORMAT(null),
    /** A sample expression. */
    SAMPLE(null),
    /** {@code if} or {@code unless} and a condition, to the end of the line. */
    CONDITION(null);

    private final ArgumentType<?> type;

    ShapeType(ArgumentType<?> type) {
        this.type = type;
    }

    static ShapeType byName(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }

    void read(Arguments arguments, String what, ShapeScope scope) {
        switch (this) {
            case FORMAT -> {
                Word word = arguments.next(what);
                LogFormatSpec format = LogFormatReader.read(word, scope.direction(), arguments.diagnostics());
                for (LogFormatSpec.Node node : format.nodes()) {
                    if (node instanceof LogFormatSpec.Expression expression) {
                        scope.use(expression.sample(), word);
                    }
                }
            }
            case SAMPLE -> {
                Word word = arguments.next(what);
                scope.use(SampleReader.read(word, scope.direction(), arguments.diagnostics()), word);
            }
            case CONDITION -> {
                Optional<ConditionDraft> condition = ConditionReader.optional(arguments);
                if (condition.isEmpty()) {
                    throw arguments.missing("if or unless and a condition");
                }
                scope.use(condition.get());
            }
            case TABLE, USERLIST, PEERS, MAILERS, CACHE, HTTP_ERRORS -> {
                arguments.next(what, type);
                scope.useName(ProxyDraft.NameKind.valueOf(name()), arguments.last());
            }
            case FILE -> {
                arguments.next(what, type);
                scope.useFile(arguments.last());
            }
            default -> arguments.next(what, type);
        }
    }
}
