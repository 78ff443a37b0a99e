package net.lbd.config.grammar;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads one word as a value.
 *
 * @param <T> what it yields; immutable
 */
@FunctionalInterface
public interface ArgumentType<T> {

    T read(String text) throws ValueException;

    /** Any text that is not empty. */
    ArgumentType<String> TEXT = text -> {
        if (text.isEmpty()) {
            throw new ValueException("an empty text is not accepted");
        }
        return text;
    };

    /** The name of a network interface; Linux has 16 bytes for it, with the zero behind it. */
    ArgumentType<String> INTERFACE = text -> {
        if (text.isEmpty() || text.getBytes(StandardCharsets.UTF_8).length > 15 || !text.matches("[^/\\s]+")) {
            throw new ValueException("the name of an interface has 1 to 15 bytes, without blanks and slashes");
        }
        return text;
    };

    /** The name of a network namespace: a file of {@code /run/netns}. */
    ArgumentType<String> NAMESPACE = text -> {
        if (!text.matches("[^/\\s*]{1,255}") || text.equals(".") || text.equals("..") || text.startsWith("-")) {
            throw new ValueException("'" + text + "' is no name of a network namespace; 'ip netns list' shows those of this machine");
        }
        return text;
    };

    /** The name of a proxy, server, table or the like. */
    ArgumentType<String> NAME = text -> {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean good = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                    || c == '.' || c == ':' || c == '_' || c == '-';
            if (!good) {
                throw new ValueException("character '" + c + "' is not permitted in a name; use letters, digits, '.', ':', '_' and '-'");
            }
        }
        return TEXT.read(text);
    };

    /** A whole number in decimal digits; a sign only where the range holds negative numbers. */
    static ArgumentType<Integer> integer(int from, int to) {
        return text -> (int) Numbers.read(text, from, to);
    }

    static ArgumentType<Long> number(long from, long to) {
        return text -> Numbers.read(text, from, to);
    }

    /** One word of an enumeration, as the manual spells it: lower case, with dashes. */
    static <E extends Enum<E>> ArgumentType<E> oneOf(Class<E> type) {
        return text -> {
            StringBuilder accepted = new StringBuilder();
            for (E value : type.getEnumConstants()) {
                String keyword = value.name().toLowerCase(Locale.ROOT).replace('_', '-');
                if (keyword.equals(text)) {
                    return value;
                }
                accepted.append(accepted.isEmpty() ? "" : ", ").append(keyword);
            }
            throw new ValueException("'" + text + "' is none of " + accepted);
        };
    }
}
