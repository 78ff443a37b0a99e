package net.lbd.config.keyword.reply;

import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.ValueException;

/** Names of headers. Stateless. */
public final class HeaderNames {

    /** A token of RFC 9110 §5.6.2; a colon or blank in it would let a rule write two headers. */
    public static final ArgumentType<String> TYPE = text -> {
        boolean token = !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 127 && "()<>@,;:\\\"/[]?={}".indexOf(c) < 0);
        if (!token) {
            throw new ValueException("'" + text + "' is not a header name");
        }
        return text;
    };

    private HeaderNames() { }
}
