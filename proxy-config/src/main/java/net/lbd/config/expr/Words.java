package net.lbd.config.expr;

import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Word;

/** Places inside a word. */
final class Words {

    private Words() { }

    /**
     * A part of a word. Quotes and escapes are stepped over, so that the place is that of the
     * characters in the file; where variables were put in, it is the place of the whole word, which is
     * better than a place that is a little wrong.
     */
    static Word part(Word word, int from, int to, Diagnostics diagnostics) {
        int end = Math.min(to, word.text().length());
        int begin = Math.min(from, end);
        String text = word.text().substring(begin, end);
        if (word.length() == word.text().length()
                && diagnostics.sourceLine(word.location()).startsWith(word.text(), word.location().column() - 1)) {
            // As it stands in the file, which most words do.
            return new Word(text, begin == 0 ? word.location() : behind(word, begin), Math.max(1, end - begin));
        }
        int[] columns = columns(word, diagnostics);
        if (columns.length == 0) {
            return new Word(text, word.location(), word.length());
        }
        int first = columns[begin];
        return new Word(text, behind(word, first), Math.max(1, columns[end] - first));
    }

    private static SourceLocation behind(Word word, int characters) {
        SourceLocation at = word.location();
        return new SourceLocation(at.file(), at.line(), at.column() + characters);
    }

    /** For each character of the word, and its end, how far behind the word's begin it stands in the file. */
    private static int[] columns(Word word, Diagnostics diagnostics) {
        String line = diagnostics.sourceLine(word.location());
        int start = word.location().column() - 1;
        if (line.length() < start + word.length()) {
            return new int[0];
        }
        String raw = line.substring(start, start + word.length());
        String text = word.text();
        int[] columns = new int[text.length() + 1];
        int i = 0;
        boolean weak = false;
        boolean strong = false;
        for (int t = 0; t < text.length(); t++) {
            while (i < raw.length() && (raw.charAt(i) == '"' && !strong || raw.charAt(i) == '\'' && !weak)) {
                weak ^= raw.charAt(i) == '"';
                strong ^= raw.charAt(i) == '\'';
                i++;
            }
            columns[t] = i;
            int step = strong ? 1 : step(raw, i, text.charAt(t));
            if (step == 0 || i >= raw.length()) {
                return new int[0];
            }
            i += step;
        }
        columns[text.length()] = i;
        return columns;
    }

    /** How many characters of the file stand for this one; 0 if that cannot be told. */
    private static int step(String raw, int i, char c) {
        if (i >= raw.length()) {
            return 0;
        }
        if (raw.charAt(i) != '\\' || i + 1 == raw.length()) {
            return raw.charAt(i) == c || raw.charAt(i) == '\\' ? 1 : 0;
        }
        char escaped = raw.charAt(i + 1);
        return switch (escaped) {
            case 'x' -> 4;
            case 'r', 'n', 't', ' ', '\t', '#', '$', '\\', '"', '\'' -> 2;
            default -> 1;
        };
    }
}
