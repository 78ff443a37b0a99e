package net.lbd.config.expr;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.lbd.config.draft.ConditionDraft;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.model.AclSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/**
 * Reads {@code if|unless} and the terms behind it: side by side means and, {@code or} and {@code ||}
 * part alternatives, {@code !} negates. Source: HAProxy manual, "Using ACLs to form conditions".
 * Stateless.
 */
public final class ConditionReader {

    private ConditionReader() { }

    /** The condition that ends the line, if there is one; anything else is left alone. */
    public static Optional<ConditionDraft> optional(Arguments arguments) {
        if (arguments.nextIs("if") || arguments.nextIs("unless")) {
            return Optional.of(read(arguments));
        }
        return Optional.empty();
    }

    /** The condition that ends the line, if there is one; there must be nothing else. */
    public static Optional<ConditionDraft> last(Arguments arguments) {
        Optional<ConditionDraft> condition = optional(arguments);
        arguments.end();
        return condition;
    }

    private static ConditionDraft read(Arguments arguments) {
        Word keyword = arguments.next("if or unless");
        List<List<ConditionDraft.Term>> anyOf = new ArrayList<>();
        List<ConditionDraft.Term> allOf = new ArrayList<>();
        boolean negated = false;
        Word last = keyword;
        while (arguments.hasNext()) {
            Word word = arguments.next("an ACL");
            if (word.is("or") || word.is("||")) {
                if (allOf.isEmpty() || negated) {
                    throw new StatementException(Code.CONDITION, word, "an ACL was expected before '" + word + "'");
                }
                anyOf.add(allOf);
                allOf = new ArrayList<>();
                last = word;
                continue;
            }
            int marks = 0;
            while (marks < word.text().length() && word.text().charAt(marks) == '!') {
                marks++;
            }
            negated ^= marks % 2 == 1;
            if (marks == word.text().length()) {
                if (marks == 0) {
                    throw new StatementException(Code.CONDITION, word, "an empty word is not an ACL");
                }
                last = word;
                continue;
            }
            Word name = marks == 0 ? word : Words.part(word, marks, word.text().length(), arguments.diagnostics());
            Optional<AclSpec> anonymous = name.is("{") ? Optional.of(anonymous(name, arguments)) : Optional.empty();
            allOf.add(new ConditionDraft.Term(negated, name, anonymous));
            negated = false;
            last = word;
        }
        if (allOf.isEmpty() || negated) {
            throw new StatementException(Code.CONDITION, last, "an ACL was expected behind '" + last + "'");
        }
        anyOf.add(allOf);
        return new ConditionDraft(keyword, keyword.is("unless"), anyOf);
    }

    private static AclSpec anonymous(Word brace, Arguments arguments) {
        List<Word> words = new ArrayList<>();
        while (arguments.hasNext()) {
            Word word = arguments.next("'}'");
            if (word.is("}")) {
                if (words.isEmpty()) {
                    throw new StatementException(Code.CONDITION, brace, "nothing stands between '{' and '}'");
                }
                return new AclSpec("", brace.location(), List.of(AclReader.read(words, arguments.diagnostics())));
            }
            words.add(word);
        }
        throw new StatementException(Code.CONDITION, brace, "'}' is missing; blanks must stand around it");
    }
}
