package net.lbd.core.rule;

import io.netty.util.NetUtil;
import java.util.List;
import java.util.Optional;
import net.lbd.config.keyword.rule.ResolveActionKeywords;
import net.lbd.config.model.SampleType;
import net.lbd.core.dns.DnsAnswer;
import net.lbd.core.dns.DnsQuestion;
import net.lbd.core.dns.Resolvers;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.sample.Scratch;
import net.lbd.core.sample.Variable;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/** The action that looks a name up. Source: HAProxy manual, "http-request do-resolve". */
final class ResolveActions {

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(ResolveActionKeywords.DoResolve.class, (action, set, names) -> {
                Variable variable = Variable.of(action.variable(), names);
                SampleExpression expression = SampleExpression.compile(action.name(), names);
                Resolvers section = names.resolvers(action.resolvers());
                return stream -> {
                    if (stream.isResolving()) {
                        return Verdict.YIELD;
                    }
                    Optional<DnsAnswer> answer = stream.takeResolved();
                    if (answer.isPresent()) {
                        return store(stream, variable, answer.get());
                    }
                    String name = nameOf(stream, expression);
                    byte[] literal = NetUtil.createByteArrayFromIpAddressString(name);
                    if (literal != null) {
                        return store(stream, variable, literal);
                    }
                    Optional<DnsQuestion> question = DnsQuestion.addresses(name, action.family());
                    if (question.isEmpty() || !stream.mayResolve()) {
                        return Verdict.CONTINUE;
                    }
                    Optional<DnsAnswer> known = section.known(question.get());
                    if (known.isPresent()) {
                        return store(stream, variable, known.get());
                    }
                    stream.resolve(section, question.get());
                    return Verdict.YIELD;
                };
            }));

    private ResolveActions() { }

    /** Empty without a value. */
    private static String nameOf(Stream stream, SampleExpression expression) {
        Scratch scratch = stream.worker().scratch();
        Sample value = scratch.take();
        String name = expression.evaluate(stream, value, SampleType.STRING) ? value.text() : "";
        scratch.give(value);
        return name;
    }

    private static Verdict store(Stream stream, Variable variable, DnsAnswer answer) {
        return answer.addresses().isEmpty() ? Verdict.CONTINUE : store(stream, variable, answer.addresses().get(0).getAddress());
    }

    private static Verdict store(Stream stream, Variable variable, byte[] address) {
        Scratch scratch = stream.worker().scratch();
        Sample value = scratch.take();
        value.setView(SampleType.ADDRESS, address, 0, address.length);
        variable.set(stream, value);
        scratch.give(value);
        return Verdict.CONTINUE;
    }
}
