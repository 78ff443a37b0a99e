package net.lbd.config.syntax;

import java.util.List;
import java.util.Objects;

/**
 * The words of one line that is neither empty nor a comment. Immutable.
 *
 * @param words at least one
 * @param endOfLine the place behind the last word, where a missing one is reported
 */
public record Statement(List<Word> words, SourceLocation endOfLine) {

    public Statement {
        words = List.copyOf(words);
        Objects.requireNonNull(endOfLine, "endOfLine");
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a statement without words");
        }
    }

    /** The first word, which names the directive. */
    public Word first() {
        return words.get(0);
    }

    public SourceLocation location() {
        return first().location();
    }

    /** The words joined by blanks. */
    @Override
    public String toString() {
        return String.join(" ", words.stream().map(Word::text).toList());
    }
}
