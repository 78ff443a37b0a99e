package net.lbd.core.runtime;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.GlobalVariables;
import net.lbd.config.model.SampleType;
import net.lbd.core.listen.BindRuntime;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.Listener;
import net.lbd.core.log.LogFormat;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.Sample;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.sample.Variable;
import net.lbd.core.session.Session;
import net.lbd.core.stream.DryStream;
import net.lbd.core.stream.Stream;

/**
 * Gives the variables of the process the values that {@code global} says, before there is traffic. The
 * expressions are of constants, so that the stream they are evaluated for is one without anything. Stateless.
 */
final class ProcessVariableSetup {

    private ProcessVariableSetup() { }

    /** @param frontend any one */
    static void run(GlobalVariables variables, RuntimeNames names, Frontend frontend) {
        if (variables.lines().isEmpty()) {
            return;
        }
        Stream nobody = stream(frontend);
        for (GlobalVariables.Line line : variables.lines()) {
            Variable variable = Variable.of(line.name(), names);
            Sample value = new Sample();
            if (line instanceof GlobalVariables.OfSample sample) {
                if (SampleExpression.compile(sample.value(), names).evaluate(nobody, value)) {
                    variable.set(nobody, value);
                }
            } else {
                ByteSink sink = new ByteSink();
                LogFormat.compile(((GlobalVariables.OfFormat) line).value(), LogFormat.Use.VALUE, names).render(nobody, sink);
                value.setView(SampleType.STRING, sink.bytes(), 0, sink.length());
                variable.set(nobody, value);
            }
        }
    }

    private static Stream stream(Frontend frontend) {
        EmbeddedChannel channel = new EmbeddedChannel();
        Worker worker = new Worker(0, channel.eventLoop(), Transport.NIO, UnpooledByteBufAllocator.DEFAULT);
        Listener listener = new Listener(InetSocketAddress.createUnresolved("nowhere", 0),
                BindRuntime.plain(frontend, "none"), List.of());
        return new DryStream(new Session(worker, listener, channel, 0), "");
    }
}
