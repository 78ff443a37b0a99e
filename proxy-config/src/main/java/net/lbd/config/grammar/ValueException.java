package net.lbd.config.grammar;

import java.util.Objects;
import net.lbd.config.syntax.Code;

/** Says why a text is not a value of the wanted type; the reader that called adds the place. */
public final class ValueException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Code code;

    public ValueException(String message) {
        this(Code.BAD_VALUE, message);
    }

    public ValueException(Code code, String message) {
        super(Objects.requireNonNull(message, "message"), null, false, false);
        this.code = Objects.requireNonNull(code, "code");
    }

    public Code code() {
        return code;
    }
}
