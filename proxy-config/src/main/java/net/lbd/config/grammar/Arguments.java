package net.lbd.config.grammar;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Diagnostics;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.config.syntax.Statement;
import net.lbd.config.syntax.Variables;
import net.lbd.config.syntax.Word;

/**
 * The words behind a keyword, as a cursor that reads typed values and reports at the right place.
 * Methods that cannot go on throw {@link StatementException}. Not thread-safe.
 */
public final class Arguments {

    private final Statement statement;
    private final List<Word> words;
    private final Diagnostics diagnostics;
    private final Variables variables;
    private final boolean negated;
    private final int keywordWords;
    private int position;

    /**
     * @param from the index of the first argument
     * @param negated the line begins with {@code no}
     */
    public Arguments(
            Statement statement, int from, boolean negated, Diagnostics diagnostics, Variables variables) {
        this.statement = statement;
        this.words = statement.words();
        this.keywordWords = from;
        this.position = from;
        this.negated = negated;
        this.diagnostics = diagnostics;
        this.variables = variables;
    }

    /** Whether {@code no} stands before the keyword. */
    public boolean negated() {
        return negated;
    }

    public Diagnostics diagnostics() {
        return diagnostics;
    }

    /** The environment that {@code setenv} changes. */
    public Variables variables() {
        return variables;
    }

    public SourceLocation location() {
        return statement.location();
    }

    /** The keyword: all its words, {@code no} included. */
    public Word keyword() {
        Word from = statement.first();
        Word to = words.get(keywordWords - 1);
        int length = to.location().column() + to.length() - from.location().column();
        return keywordWords == 1 ? from : new Word(head(), from.location(), length);
    }

    /** The keyword and, while it is being read, what stands before the cursor's last word. */
    public String head() {
        return join(0, keywordWords);
    }

    public boolean hasNext() {
        return position < words.size();
    }

    /** How many words are left. */
    public int remaining() {
        return words.size() - position;
    }

    /** The next word without reading it. */
    public Optional<Word> peek() {
        return hasNext() ? Optional.of(words.get(position)) : Optional.empty();
    }

    public boolean nextIs(String text) {
        return hasNext() && words.get(position).is(text);
    }

    /** Reads the next word if it is this one. */
    public boolean skip(String text) {
        if (nextIs(text)) {
            position++;
            return true;
        }
        return false;
    }

    /**
     * Reads the next word.
     *
     * @param what for the message if there is none, such as {@code a time}
     */
    public Word next(String what) {
        if (!hasNext()) {
            throw missing(what);
        }
        return words.get(position++);
    }

    /** Reads the next word, which must not be empty. */
    public Word nextText(String what) {
        return value(next(what), text -> {
            ArgumentType.TEXT.read(text);
            return last();
        });
    }

    /** The word that was read last. */
    public Word last() {
        return words.get(Math.max(0, position - 1));
    }

    /** The words that are left, without reading them. */
    public List<Word> upcoming() {
        return words.subList(position, words.size());
    }

    /** Every word that is left. */
    public List<Word> rest() {
        List<Word> rest = words.subList(position, words.size());
        position = words.size();
        return rest;
    }

    /** Reads the next word as a value. */
    public <T> T next(String what, ArgumentType<T> type) {
        return value(next(what), type);
    }

    /** Reads a word that was taken before as a value. */
    public <T> T value(Word word, ArgumentType<T> type) {
        try {
            return type.read(word.text());
        } catch (ValueException e) {
            throw new StatementException(e.code(), word, "'" + upTo(word) + "': " + e.getMessage());
        }
    }

    /** Reads the next word, which must be one of these. */
    public String oneOf(String what, Collection<String> accepted) {
        Word word = next(what);
        if (!accepted.contains(word.text())) {
            throw error(word, "'" + upTo(word) + "': '" + word + "' is not " + what + "; use "
                    + String.join(", ", accepted));
        }
        return word.text();
    }

    /** There must be nothing left. */
    public void end() {
        if (hasNext()) {
            Word extra = words.get(position);
            throw new StatementException(Code.EXTRA_ARGUMENT, extra,
                    "'" + join(0, position) + "' is complete before '" + extra + "'");
        }
    }

    /** There must be nothing left, but HAProxy ignores what is there: a warning. */
    public void endOrWarn() {
        if (hasNext()) {
            Word extra = words.get(position);
            position = words.size();
            diagnostics.warn(Code.EXTRA_ARGUMENT, extra,
                    "'" + extra + "' and what follows it have no effect behind '" + head() + "'");
        }
    }

    public StatementException missing(String what) {
        Word end = new Word("", statement.endOfLine(), 1);
        return new StatementException(Code.MISSING_ARGUMENT, end, "'" + join(0, position) + "' wants " + what);
    }

    public StatementException error(Word at, String message) {
        return new StatementException(Code.BAD_VALUE, at, message);
    }

    /** A word that none of the accepted ones is; names the nearest. */
    public StatementException unknown(Word at, String what, Collection<String> accepted) {
        String nearest = Nearest.suggestion(at.text(), accepted);
        String list = accepted.size() <= 12 ? "; use " + String.join(", ", accepted) : "";
        return new StatementException(Code.UNKNOWN_KEYWORD, at,
                "'" + head() + "': unknown " + what + " '" + at + "'" + (nearest.isEmpty() ? list : nearest));
    }

    public void warn(Code code, Word at, String message) {
        diagnostics.warn(code, at, message);
    }

    /** Reports an error of one parameter and lets the caller go on with the next. */
    public void report(StatementException e) {
        e.hint().ifPresentOrElse(
                hint -> diagnostics.error(e.code(), e.word(), e.getMessage(), hint),
                () -> diagnostics.error(e.code(), e.word(), e.getMessage()));
    }

    /** The keyword and its argument, as an error message quotes them: {@code timeout server 10q}. */
    String upTo(Word word) {
        int index = words.indexOf(word);
        if (index < 0) {
            return head() + " " + word;
        }
        if (index - keywordWords > 1) {
            // Deep in a long line the keyword and the pair at hand tell more than all that lies between.
            return join(index - 1, index + 1);
        }
        return join(0, index + 1);
    }

    private String join(int from, int to) {
        StringBuilder out = new StringBuilder();
        for (int i = from; i < Math.min(to, words.size()); i++) {
            out.append(out.isEmpty() ? "" : " ").append(words.get(i).text());
        }
        return out.toString();
    }
}
