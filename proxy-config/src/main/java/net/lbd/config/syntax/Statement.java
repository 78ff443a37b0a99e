package net.lbd.config.syntax;

import java.util.List;

/**
 * The words of one line that is neither empty nor a comment. Immutable.
 *
 * @param words at least one
 */
public record Statement(List<Word> words) {

    public Statement {
        words = List.copyOf(words);
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

    /** The place behind the last word, where a missing one is reported. */
    public SourceLocation endOfLine() {
        Word last = words.get(words.size() - 1);
        return new SourceLocation(last.location().file(), last.location().line(), last.location().column() + last.length());
    }

    /** The words joined by blanks. */
    @Override
    public String toString() {
        return String.join(" ", words.stream().map(Word::text).toList());
    }
}
