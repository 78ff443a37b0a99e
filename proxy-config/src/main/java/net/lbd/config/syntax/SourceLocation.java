package net.lbd.config.syntax;

import java.util.Objects;

/**
 * A place in a configuration file. Line and column count from 1; the column counts characters, not
 * bytes. Immutable.
 *
 * @param file the name as the user gave it, or a word in angle brackets for text that has no file
 */
public record SourceLocation(String file, int line, int column) {

    /** Where built-in defaults come from. */
    public static final SourceLocation BUILT_IN = new SourceLocation("<built-in>", 1, 1);

    public SourceLocation {
        Objects.requireNonNull(file, "file");
        if (line < 1 || column < 1) {
            throw new IllegalArgumentException("line and column count from 1: " + line + ":" + column);
        }
    }

    // Written out: a check is over before the methods that records get at run time have paid for themselves.

    @Override
    public boolean equals(Object other) {
        return other instanceof SourceLocation that && line == that.line && column == that.column && file.equals(that.file);
    }

    @Override
    public int hashCode() {
        return (file.hashCode() * 31 + line) * 31 + column;
    }

    /** Whether this is {@link #BUILT_IN}, a place that nobody can look at. */
    public boolean isBuiltIn() {
        return equals(BUILT_IN);
    }

    /** {@code file:line:column}, the form that editors and terminals make clickable. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column;
    }

    /** {@code file:line}, the form of HAProxy's own messages. */
    public String fileAndLine() {
        return file + ":" + line;
    }
}
