package net.lbd.config.grammar;

import java.util.Optional;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Nearest;
import net.lbd.config.syntax.Word;

/** Reads lines of parameters that may stand in any order: {@code bind} and {@code server}. Stateless. */
public final class ParameterLines {

    private ParameterLines() { }

    /** Reads parameters to the end of the line; an error in one does not hide those of the others. */
    public static <D> void read(Arguments arguments, KeywordTable<Parameter<D>> table, D draft) {
        while (arguments.hasNext()) {
            Word word = arguments.next("a parameter");
            try {
                Optional<Parameter<D>> parameter = find(table, word.text());
                if (parameter.isEmpty()) {
                    skipArgument(arguments, word, table);
                    throw arguments.unknown(word, "parameter", table.names());
                }
                parameter.get().parser().parse(arguments, draft);
                note(arguments, word, parameter.get().support());
            } catch (StatementException e) {
                arguments.report(e);
            }
        }
    }

    /** A name may have an argument in parentheses. */
    private static <D> Optional<Parameter<D>> find(KeywordTable<Parameter<D>> table, String text) {
        int open = text.indexOf('(');
        return open < 0 ? table.find(text)
                : table.find(text.substring(0, open)).filter(p -> p.syntax().startsWith("("));
    }

    /** If the word looks like a misspelt one that takes a value, the value is not another error. */
    private static <D> void skipArgument(Arguments arguments, Word word, KeywordTable<Parameter<D>> table) {
        boolean takesValue = Nearest.to(word.text(), table.names()).flatMap(table::find)
                .filter(p -> p.syntax().startsWith("<")).isPresent();
        if (takesValue && arguments.hasNext() && table.find(arguments.peek().orElseThrow().text()).isEmpty()) {
            arguments.next("a value");
        }
    }

    /** Tells what this version does not do with a word. */
    public static void note(Arguments arguments, Word word, Support support) {
        if (support instanceof Support.NotYet not) {
            arguments.diagnostics().notice(Code.NOT_YET, word, "'" + arguments.head() + " … " + word + "' " + not.said());
        } else if (support instanceof Support.NoEffect none) {
            arguments.warn(Code.NO_EFFECT, word, "'" + arguments.head() + " … " + word + "' has no effect: " + none.reason());
        }
    }
}
