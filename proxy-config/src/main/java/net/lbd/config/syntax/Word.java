package net.lbd.config.syntax;

import java.util.Objects;

/**
 * One word of a line, after quotes, escapes and variables. Immutable.
 *
 * @param text what it stands for
 * @param length the characters that it takes in the file, quotes and escapes included
 */
public record Word(String text, SourceLocation location, int length) {

    public Word {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(location, "location");
    }

    public boolean is(String other) {
        return text.equals(other);
    }

    @Override
    public String toString() {
        return text;
    }
}
