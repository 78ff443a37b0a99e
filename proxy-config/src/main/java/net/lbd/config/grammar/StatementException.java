package net.lbd.config.grammar;

import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/**
 * Ends the reading of one statement (or of one parameter of it) with an error at a word. It never
 * leaves the section parser, which turns it into a diagnostic and goes on with the next.
 */
public final class StatementException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Word word;
    private final Code code;
    private final transient Optional<String> hint;

    public StatementException(Code code, Word word, String message, Optional<String> hint) {
        super(Objects.requireNonNull(message, "message"), null, false, false);
        this.code = Objects.requireNonNull(code, "code");
        this.word = Objects.requireNonNull(word, "word");
        this.hint = Objects.requireNonNull(hint, "hint");
    }

    public StatementException(Code code, Word word, String message) {
        this(code, word, message, Optional.empty());
    }

    public Code code() {
        return code;
    }

    public Word word() {
        return word;
    }

    public Optional<String> hint() {
        return hint;
    }
}
