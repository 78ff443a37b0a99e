package net.lbd.config.keyword.reply;

import java.util.Locale;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** Names of headers. Stateless. */
public final class HeaderNames {

    /** A token of RFC 9110 §5.6.2; a colon or blank in it would let a rule write two headers. */
    public static final ArgumentType<String> TYPE = text -> {
        if (!isToken(text)) {
            throw new ValueException("'" + text + "' is not a header name");
        }
        return text;
    };

    public static boolean isToken(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127 && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0);
    }

    /** A name as {@link #TYPE}; that rules cannot change what frames a message is told where they try. */
    public static String ofRule(Arguments arguments, Word word) {
        String name = arguments.value(word, TYPE);
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("content-length") || lower.equals("transfer-encoding")) {
            arguments.warn(Code.NO_EFFECT, word, "rules cannot change '" + name
                    + "' here: it says where the message ends, and whoever reads another end reads another message");
        } else if (lower.equals("connection")) {
            arguments.warn(Code.NO_EFFECT, word, "rules cannot change 'Connection' here: it speaks about one connection, and each of "
                    + "the two is told the truth");
        }
        return name;
    }

    private HeaderNames() { }
}
