package net.lbd.config.keyword.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.lbd.config.draft.CheckDraft;
import net.lbd.config.draft.ProxyDraft;
import net.lbd.config.draft.SampleUse;
import net.lbd.config.expr.LogFormatReader;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.expr.SampleReader.Direction;
import net.lbd.config.expr.VariableNames;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/**
 * One {@code tcp-check} or {@code http-check} line that is being read: its words, and the check that the step is added
 * to. Expressions are noted down in the draft, to be checked with the rest. Not thread-safe.
 */
record CheckLine(Arguments arguments, ProxyDraft draft) {

    boolean isHttp() {
        return arguments.keyword().text().startsWith("http-check");
    }

    /** There must be nothing left on the line; adds the step. */
    void add(CheckStep step) {
        arguments.end();
        CheckDraft check = draft.checkForStep();
        (isHttp() ? check.http() : check.tcp()).add(new CheckDraft.Line(step, arguments.keyword()));
    }

    /** The next word, which must not be empty, as a log-format string. */
    LogFormatSpec format(String what) {
        Word word = arguments.nextText(what);
        LogFormatSpec format = LogFormatReader.read(word, Direction.RESPONSE, arguments.diagnostics());
        for (LogFormatSpec.Node node : format.nodes()) {
            if (node instanceof LogFormatSpec.Expression expression) {
                draft.sampleUses().add(new SampleUse(expression.sample(), word, Set.of(Checkpoint.CHECK)));
            }
        }
        return format;
    }

    /** The next word, which must not be empty, as it stands. */
    LogFormatSpec literal(String what) {
        Word word = arguments.nextText(what);
        return LogFormatSpec.literal(word.location(), word.text());
    }

    SampleSpec sample(String what) {
        Word word = arguments.next(what);
        SampleSpec sample = SampleReader.read(word, Direction.RESPONSE, arguments.diagnostics());
        draft.sampleUses().add(new SampleUse(sample, word, Set.of(Checkpoint.CHECK)));
        return sample;
    }

    /** What the keyword has in its parentheses: the name of a variable, and conditions behind it. */
    List<String> variable() {
        Word keyword = arguments.keyword();
        String text = keyword.text();
        int open = text.indexOf('(');
        if (open < 0 || !text.endsWith(")") || open + 2 == text.length()) {
            throw new StatementException(Code.BAD_VALUE, keyword,
                    "'" + text + "' wants the name of a variable, as in set-var(check.name)");
        }
        List<String> words = new ArrayList<>(
                Arrays.asList(text.substring(open + 1, text.length() - 1).split(",", -1)));
        try {
            VariableNames.check(words.get(0));
            String scope = words.get(0).substring(0, words.get(0).indexOf('.'));
            if (!List.of("check", "sess", "proc").contains(scope)) {
                throw new ValueException("a check has no variables of scope '" + scope + "'; use check., sess. or proc.");
            }
        } catch (ValueException e) {
            throw new StatementException(Code.BAD_VALUE, keyword, "'" + text + "': " + e.getMessage());
        }
        for (String condition : words.subList(1, words.size())) {
            if (!VariableNames.CONDITIONS.contains(condition)) {
                throw new StatementException(Code.BAD_VALUE, keyword, "'" + condition + "' is not a condition; use "
                        + String.join(", ", VariableNames.CONDITIONS));
            }
        }
        return words;
    }
}
