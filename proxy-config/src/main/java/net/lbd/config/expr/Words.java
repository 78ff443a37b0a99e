package net.lbd.config.expr;

import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Word;

/** Places inside a word. */
final class Words {

    private Words() { }

    /**
     * A part of a word. Its place is exact only if the word holds no quotes or escapes; otherwise it is
     * the place of the whole word, which is better than a place that is a little wrong.
     */
    static Word part(Word word, int from, int to) {
        int end = Math.min(to, word.text().length());
        int begin = Math.min(from, end);
        String text = word.text().substring(begin, end);
        if (word.length() != word.text().length()) {
            return new Word(text, word.location(), word.length());
        }
        SourceLocation at = word.location();
        return new Word(text, new SourceLocation(at.file(), at.line(), at.column() + from), Math.max(1, end - begin));
    }
}
