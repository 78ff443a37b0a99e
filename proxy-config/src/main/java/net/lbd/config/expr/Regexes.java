package net.lbd.config.expr;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.model.PcreSyntax;
import net.lbd.config.syntax.Code;

/** Regular expressions, which are checked when they are read so that the runtime cannot fail on them. */
public final class Regexes {

    private Regexes() { }

    /** Throws if the text is not a regular expression. */
    public static void check(String text) throws ValueException {
        try {
            Pattern.compile(PcreSyntax.toJava(text));
        } catch (PatternSyntaxException e) {
            throw new ValueException(Code.PATTERN, "'" + text + "' is not a regular expression: " + e.getDescription()
                    + (e.getIndex() >= 0 ? " at character " + (e.getIndex() + 1) : ""));
        } catch (StackOverflowError tooDeep) {
            // The JDK's compiler recurses for each group.
            throw new ValueException(Code.PATTERN, "the regular expression is nested too deeply");
        }
    }
}
