package net.lbd.core.runtime;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.SampleSpec;
import net.lbd.config.model.SampleType;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
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
import net.lbd.health.check.CheckLanguage;
import net.lbd.health.check.CheckScope;
import net.lbd.health.http.HttpCheckResponse;

/**
 * The language of samples in the checks of one server. Each run sees a stream without a client: the backend, the server,
 * the variables of the check, and what the server has sent. Compiled by one thread; runs on the loop of the checks.
 */
final class CheckExpressions implements CheckLanguage {

    private final RuntimeNames names;
    private final Supplier<Frontend> anyFrontend;
    private final Backend backend;
    private final Server server;
    /** Most checks say nothing that could be another in each run: they get no stream. */
    private boolean used;

    /** @param anyFrontend a stream has one; asked when a check runs */
    CheckExpressions(RuntimeNames names, Supplier<Frontend> anyFrontend, Backend backend, Server server) {
        this.names = names;
        this.anyFrontend = anyFrontend;
        this.backend = backend;
        this.server = server;
    }

    /** One run; its sample and sink are used by one expression after the other. */
    private static final class Run implements CheckScope {
        private final DryStream stream;
        private final Sample sample = new Sample();
        private final ByteSink sink = new ByteSink();

        Run(DryStream stream) {
            this.stream = stream;
        }

        @Override
        public void show(ByteBuf received) {
            stream.look(received);
        }

        @Override
        public void show(HttpCheckResponse response) {
            StringBuilder head = new StringBuilder("HTTP/1.1 ").append(response.status()).append(' ').append(response.reason()).append("\r\n");
            response.headers().forEach(h -> head.append(h.name()).append(": ").append(h.value()).append("\r\n"));
            stream.answer(head.append("\r\n").toString(), Arrays.copyOf(response.body(), response.bodyLength()));
        }
    }

    @Override
    public CheckScope newScope() {
        if (!used) {
            return CheckScope.NONE;
        }
        EmbeddedChannel channel = new EmbeddedChannel();
        Worker worker = new Worker(0, channel.eventLoop(), Transport.NIO, UnpooledByteBufAllocator.DEFAULT);
        Listener listener = new Listener(InetSocketAddress.createUnresolved("check", 0),
                BindRuntime.plain(anyFrontend.get(), "check"), List.of());
        DryStream stream = new DryStream(new Session(worker, listener, channel, 0), "");
        stream.enter(backend);
        stream.choose(server);
        return new Run(stream);
    }

    @Override
    public boolean readsAnswers() {
        return used;
    }

    @Override
    public Text text(LogFormatSpec format) {
        if (format.asLiteral().isPresent()) {
            return LITERALS.text(format);
        }
        used = true;
        LogFormat compiled = LogFormat.compile(format, LogFormat.Use.VALUE, names);
        return scope -> render(compiled, (Run) scope);
    }

    private static byte[] render(LogFormat format, Run run) {
        run.sink.clear();
        format.render(run.stream, run.sink);
        return Arrays.copyOf(run.sink.bytes(), run.sink.length());
    }

    @Override
    public Number number(SampleSpec sample) {
        used = true;
        SampleExpression compiled = SampleExpression.compile(sample, names);
        return scope -> {
            Run run = (Run) scope;
            return compiled.evaluate(run.stream, run.sample, SampleType.INTEGER)
                    ? OptionalLong.of(run.sample.number()) : OptionalLong.empty();
        };
    }

    @Override
    public Assignment assignment(CheckStep.SetVar step) {
        used = true;
        Variable variable = Variable.of(step.name(), names);
        if (step.format().isPresent()) {
            Text text = text(step.format().get());
            return scope -> {
                byte[] bytes = text.render(scope);
                Run run = (Run) scope;
                run.sample.setView(SampleType.STRING, bytes, 0, bytes.length);
                variable.set(run.stream, run.sample, step.conditions());
            };
        }
        SampleExpression value = SampleExpression.compile(step.value().orElseThrow(), names);
        return scope -> {
            Run run = (Run) scope;
            Stream stream = run.stream;
            if (value.evaluate(stream, run.sample)) {
                variable.set(stream, run.sample, step.conditions());
            }
        };
    }

    @Override
    public Assignment assignment(CheckStep.UnsetVar step) {
        used = true;
        Variable variable = Variable.of(step.name(), names);
        return scope -> variable.unset(((Run) scope).stream);
    }
}
