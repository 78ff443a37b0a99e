package net.lbd.core.rule;

import java.util.List;
import net.lbd.config.keyword.rule.VariableActionKeywords;
import net.lbd.config.model.SampleType;
import net.lbd.core.log.LogFormat;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.sample.Scratch;
import net.lbd.core.sample.Variable;
import net.lbd.core.stream.Verdict;

/** The actions on variables. Source: HAProxy manual, "http-request set-var". */
final class VariableActions {

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(VariableActionKeywords.SetVar.class, (action, set, names) -> {
                Variable variable = Variable.of(action.name(), names);
                SampleExpression expression = SampleExpression.compile(action.value(), names);
                return stream -> {
                    Scratch scratch = stream.worker().scratch();
                    Sample value = scratch.take();
                    if (expression.evaluate(stream, value)) {
                        variable.set(stream, value, action.conditions());
                    }
                    scratch.give(value);
                    return Verdict.CONTINUE;
                };
            }),
            new ActionCompiler<>(VariableActionKeywords.SetVarFmt.class, (action, set, names) -> {
                Variable variable = Variable.of(action.name(), names);
                LogFormat format = LogFormat.compile(action.value(), LogFormat.Use.VALUE, names);
                return stream -> {
                    Scratch scratch = stream.worker().scratch();
                    ByteSink sink = scratch.takeSink();
                    Sample value = scratch.take();
                    format.render(stream, sink);
                    value.setView(SampleType.STRING, sink.bytes(), 0, sink.length());
                    variable.set(stream, value, action.conditions());
                    scratch.give(value);
                    scratch.giveSink(sink);
                    return Verdict.CONTINUE;
                };
            }),
            new ActionCompiler<>(VariableActionKeywords.UnsetVar.class, (action, set, names) -> {
                Variable variable = Variable.of(action.name(), names);
                return stream -> {
                    variable.unset(stream);
                    return Verdict.CONTINUE;
                };
            }));

    private VariableActions() { }
}
