package net.lbd.config.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One line of text to a {@link Statement}: HAProxy's quoting, escapes, comments and environment
 * variables. Source: HAProxy manual, sections "Quoting and escaping" and "Environment variables".
 *
 * <table>
 * <caption>What means what</caption>
 * <tr><th>written</th><th>outside</th><th>in "…"</th><th>in '…'</th></tr>
 * <tr><td>blank, tab</td><td>ends the word</td><td>itself</td><td>itself</td></tr>
 * <tr><td>#</td><td>comment</td><td>itself</td><td>itself</td></tr>
 * <tr><td>\ and one of blank tab # $ \ " ' r n t xHH</td><td>the character</td><td>the character</td>
 * <td>itself</td></tr>
 * <tr><td>$NAME ${NAME} ${NAME-default} ${NAME[*]}</td><td>itself</td><td>the variable</td><td>itself</td></tr>
 * </table>
 *
 * <p>Any other backslash is itself, which regular expressions rely on. <em>Difference:</em> a backslash
 * at the end of a line is an escaped blank, with a warning, where HAProxy keeps the backslash: the
 * blank was most likely lost when the line was copied. Not thread-safe: one load uses one instance.
 */
public final class Tokenizer {

    private final String file;
    private final Variables variables;
    private final Diagnostics diagnostics;
    private final Supplier<String> section;

    private String line;
    /** The characters of {@link #line}, of which there are {@code length}: a check is mostly this loop, run before it is compiled. */
    private char[] characters = new char[256];
    private int length;
    private int lineNumber;
    private int position;
    private final StringBuilder word = new StringBuilder();
    private boolean inWord;
    private int wordStart;
    private final List<Word> words = new ArrayList<>();
    private int errors;

    public Tokenizer(String file, Variables variables, Diagnostics diagnostics) {
        this(file, variables, diagnostics, () -> "");
    }

    /** @param section tells the section that a line stands in, for {@code ${.SECTION}} */
    public Tokenizer(String file, Variables variables, Diagnostics diagnostics, Supplier<String> section) {
        this.section = section;
        this.file = file;
        this.variables = variables;
        this.diagnostics = diagnostics;
    }

    /**
     * Reads one line without its line end.
     *
     * @return empty for a blank line, a comment, and a line with an error, which is then reported
     */
    public Optional<Statement> read(String text, int number) {
        line = text;
        lineNumber = number;
        length = text.length();
        if (characters.length < length) {
            characters = new char[length];
        }
        text.getChars(0, length, characters, 0);
        position = 0;
        words.clear();
        word.setLength(0);
        inWord = false;
        int errorsBefore = errors;
        while (position < length) {
            char c = characters[position];
            if (c == ' ' || c == '\t') {
                endWord();
                position++;
            } else if (c == '#') {
                break;
            } else if (!inWord && plainWord()) {
                continue;
            } else {
                startWord();
                switch (c) {
                    case '"' -> weakQuotes();
                    case '\'' -> strongQuotes();
                    case '\\' -> escape(false);
                    default -> {
                        word.append(c);
                        position++;
                    }
                }
            }
        }
        endWord();
        if (errors > errorsBefore || words.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Statement(words));
    }

    /** Takes a word without anything special in it, as most are, in one piece. */
    private boolean plainWord() {
        char[] chars = characters;
        int stop = length;
        int end = position;
        while (end < stop) {
            char c = chars[end];
            if (c <= '\'') {
                if (c == ' ' || c == '\t') {
                    break;
                }
                if (c == '"' || c == '\'' || c == '#') {
                    return false;
                }
            } else if (c == '\\') {
                return false;
            }
            end++;
        }
        words.add(new Word(line.substring(position, end), at(position), end - position));
        position = end;
        return true;
    }

    private void startWord() {
        if (!inWord) {
            inWord = true;
            wordStart = position;
        }
    }

    private void endWord() {
        if (inWord) {
            words.add(new Word(word.toString(), at(wordStart), position - wordStart));
            word.setLength(0);
            inWord = false;
        }
    }

    private void weakQuotes() {
        int start = position++;
        while (position < line.length()) {
            char c = line.charAt(position);
            switch (c) {
                case '"' -> {
                    position++;
                    return;
                }
                case '\\' -> escape(true);
                case '$' -> variable();
                default -> {
                    word.append(c);
                    position++;
                }
            }
        }
        error(Code.QUOTE, start, line.length() - start, "unmatched quote \"; write \\\" for the character");
    }

    private void strongQuotes() {
        int end = line.indexOf('\'', position + 1);
        if (end < 0) {
            error(Code.QUOTE, position, line.length() - position,
                    "unmatched quote '; write \\' for the character");
            position = line.length();
            return;
        }
        word.append(line, position + 1, end);
        position = end + 1;
    }

    private void escape(boolean quoted) {
        int start = position;
        if (start + 1 == line.length()) {
            position++;
            if (!quoted) {
                word.append(' ');
                diagnostics.add(Severity.WARNING, Code.TRAILING_ESCAPE, at(start), 1,
                        "a lone backslash ends the line; it is read as an escaped blank",
                        Optional.of("write the blank so that it cannot get lost: \"" + word + "\""));
            }
            return;
        }
        char c = line.charAt(start + 1);
        position += 2;
        switch (c) {
            case ' ', '\t', '#', '$', '\\', '"', '\'' -> word.append(c);
            case 'r' -> word.append('\r');
            case 'n' -> word.append('\n');
            case 't' -> word.append('\t');
            case 'x' -> hexEscape(start);
            default -> word.append('\\').append(c);
        }
    }

    private void hexEscape(int start) {
        int high = digit(position);
        int low = digit(position + 1);
        if (high < 0 || low < 0) {
            error(Code.ESCAPE, start, Math.min(4, line.length() - start),
                    "\\x wants two hexadecimal digits; write \\\\x for a backslash and an x");
            return;
        }
        if (high == 0 && low == 0) {
            error(Code.ESCAPE, start, 4, "\\x00 ends a text and cannot stand in one");
            return;
        }
        position += 2;
        word.append((char) (high * 16 + low));
    }

    private int digit(int index) {
        // Not Character.digit alone: it takes the digits of every script.
        return index < line.length() && line.charAt(index) < 128 ? Character.digit(line.charAt(index), 16) : -1;
    }

    private void variable() {
        int start = position++;
        boolean braces = position < line.length() && line.charAt(position) == '{';
        if (braces) {
            position++;
        }
        int nameStart = position;
        if (position < line.length() && line.charAt(position) == '.') {
            position++; // pseudo variables such as ${.FILE}
        }
        while (position < line.length() && isNamePart(line.charAt(position), position == nameStart)) {
            position++;
        }
        String name = line.substring(nameStart, position);
        if (name.isEmpty()) {
            error(Code.VARIABLE, start, position - start,
                    "a variable name was expected behind '$'; write \\$ for a dollar sign");
            return;
        }
        if (!braces) {
            word.append(value(name, null));
            return;
        }
        boolean list = line.startsWith("[*]", position);
        if (list) {
            position += 3;
        }
        String fallback = null;
        if (position < line.length() && line.charAt(position) == '-') {
            int close = line.indexOf('}', position);
            fallback = close < 0 ? "" : line.substring(position + 1, close);
            position = close < 0 ? line.length() : close;
        }
        if (position >= line.length() || line.charAt(position) != '}') {
            error(Code.VARIABLE, start, position - start, "'}' was expected behind '${" + name + "'");
            return;
        }
        position++;
        String value = value(name, fallback);
        if (list) {
            appendList(value);
        } else {
            word.append(value);
        }
    }

    /** {@code ${NAME[*]}}: each word of the value becomes a word of the line. */
    private void appendList(String value) {
        String[] parts = value.trim().split("[ \t]+");
        for (int i = 0; i < parts.length; i++) {
            word.append(parts[i]);
            if (i < parts.length - 1) {
                words.add(new Word(word.toString(), at(wordStart), position - wordStart));
                word.setLength(0);
            }
        }
    }

    private String value(String name, String fallback) {
        return switch (name) {
            case ".FILE" -> file;
            case ".LINE" -> Integer.toString(lineNumber);
            case ".SECTION" -> section.get();
            default -> variables.get(name).orElse(fallback == null ? "" : fallback);
        };
    }

    private static boolean isNamePart(char c, boolean first) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || !first && c >= '0' && c <= '9';
    }

    private SourceLocation at(int index) {
        return new SourceLocation(file, lineNumber, index + 1);
    }

    private void error(Code code, int index, int length, String message) {
        errors++;
        diagnostics.add(Severity.ERROR, code, at(index), length, message, Optional.empty());
    }
}
