package net.lbd.config.keyword.global;

import static net.lbd.config.grammar.SectionKind.GLOBAL;

import java.util.List;
import java.util.Set;
import net.lbd.config.draft.GlobalDraft;
import net.lbd.config.expr.LogFormatReader;
import net.lbd.config.expr.SampleReader;
import net.lbd.config.expr.VariableNames;
import net.lbd.config.grammar.ArgumentType;
import net.lbd.config.grammar.Arguments;
import net.lbd.config.grammar.Directive;
import net.lbd.config.grammar.StatementException;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.keyword.sample.Checkpoint;
import net.lbd.config.keyword.sample.FetchKeyword;
import net.lbd.config.keyword.sample.SampleVocabulary;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.GlobalVariables;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.syntax.Code;
import net.lbd.config.syntax.Word;

/** Variables of the process. Source: HAProxy manual, "set-var" of the global section. */
public final class VariableKeywords {

    private static final ArgumentType<String> NAME = text -> {
        VariableNames.check(text);
        if (!text.startsWith("proc.")) {
            throw new ValueException("'" + text + "' belongs to a session or stream; a variable of the process begins with 'proc.'");
        }
        return text;
    };

    public static final List<Directive<GlobalDraft>> ROWS = List.of(
            Directive.<GlobalDraft>of("set-var", Set.of(GLOBAL), "<name> <expression>", """
                    Sets a variable of the process when the configuration is put in force; the expression may use constants only.""",
                    (arguments, draft) -> {
                        String name = arguments.next("a variable", NAME);
                        Word word = arguments.next("a sample expression");
                        SampleSpec value = SampleReader.read(word, SampleReader.Direction.REQUEST, arguments.diagnostics());
                        arguments.end();
                        constant(value, word);
                        add(draft, new GlobalVariables.OfSample(arguments.location(), name, value));
                    }),
            Directive.<GlobalDraft>of("set-var-fmt", Set.of(GLOBAL), "<name> <format>", """
                    Sets a variable of the process to a log-format string, of constants.""",
                    (arguments, draft) -> {
                        String name = arguments.next("a variable", NAME);
                        Word word = arguments.next("a format");
                        LogFormatSpec value = LogFormatReader.read(word, SampleReader.Direction.REQUEST, arguments.diagnostics());
                        arguments.end();
                        value.nodes().forEach(node -> {
                            if (node instanceof LogFormatSpec.Expression expression) {
                                constant(expression.sample(), word);
                            } else if (node instanceof LogFormatSpec.Variable variable) {
                                throw arguments.error(word, "'%" + variable.name() + "' has no value before there is traffic");
                            }
                        });
                        add(draft, new GlobalVariables.OfFormat(arguments.location(), name, value));
                    }));

    private VariableKeywords() { }

    private static void add(GlobalDraft draft, GlobalVariables.Line line) {
        GlobalVariables before = draft.settings().find(GlobalSettings.VARIABLES).map(s -> s.value()).orElse(GlobalVariables.NONE);
        draft.settings().put(GlobalSettings.VARIABLES, before.and(line), line.location());
    }

    private static void constant(SampleSpec value, Word at) {
        FetchKeyword fetch = SampleVocabulary.FETCHES.find(value.fetch().keyword()).orElseThrow();
        if (!fetch.source().checkpoints().contains(Checkpoint.CONFIGURATION)) {
            throw new StatementException(Code.SAMPLE_NOT_HERE, at, "'" + value.text() + "' has no value in "
                    + Checkpoint.CONFIGURATION.description() + ": it reads " + fetch.source().description());
        }
    }
}
