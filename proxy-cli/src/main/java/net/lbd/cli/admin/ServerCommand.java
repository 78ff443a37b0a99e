package net.lbd.cli.admin;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import net.lbd.config.grammar.Durations;
import net.lbd.config.grammar.ValueException;
import net.lbd.config.syntax.JsonWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lbctl server BACKEND/SERVER ready|drain|maint|weight}. */
@Command(name = "server", mixinStandardHelpOptions = true,
        description = "Changes what servers may get: everything (ready, or online), only what belongs to them (drain), nothing (maint, or halt); or"
                + " their weight.")
final class ServerCommand implements Callable<Integer> {

    /** The states by the words of HAProxy, and of the appliances' consoles. */
    private static final Map<String, String> STATES = Map.of("ready", "ready", "online", "ready", "drain", "drain", "maint", "maint", "halt", "maint");

    @ParentCommand
    private Lbctl lbctl;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "BACKEND/SERVER", description = "The server; * and ? stand for others: '*/ex1' is ex1 of every backend.")
    private String server;

    @Parameters(index = "1", paramLabel = "STATE", description = "ready, drain, maint (or online, halt), or weight.")
    private String wanted;

    @Parameters(index = "2", paramLabel = "WEIGHT", arity = "0..1", description = "With weight: 0 to 256, or a percentage of the configured one, such as 50%%.")
    private String weight;

    @Option(names = "--wait", description = "With drain and maint: wait until no session is left, counting down. Exit code 1 if some are.")
    private boolean waits;

    @Option(names = "--timeout", paramLabel = "TIME", defaultValue = "10m", converter = Time.class, description = "How long --wait waits. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    @Option(names = "--json", description = "Print JSON, for programs: what has become of the servers; --wait counts on standard error.")
    private boolean json;

    /** A time such as 10m; a bare number counts seconds. */
    static final class Time implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Durations.SECONDS.read(text);
            } catch (ValueException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        Optional<String> state = Optional.ofNullable(STATES.get(wanted));
        if (state.isEmpty() && !wanted.equals("weight")) {
            throw new ParameterException(spec.commandLine(), "'" + wanted + "' is no state; use ready, drain, maint, online, halt or weight");
        }
        if (state.isPresent() == (weight != null)) {
            throw new ParameterException(spec.commandLine(), state.isPresent() ? "'" + weight + "' stands behind 'weight' only" : "the weight is missing");
        }
        if (waits && !List.of("drain", "maint").contains(state.orElse(""))) {
            throw new ParameterException(spec.commandLine(), "'--wait' stands with drain and maint");
        }
        ServerSet servers = ServerSet.matching(lbctl, server);
        boolean done = servers.set(state.map(s -> "state " + s).orElse("weight " + weight));
        if (done && waits) {
            done = servers.awaitEmpty(timeout, json ? lbctl.terminal().err() : lbctl.terminal().out());
        }
        if (json) {
            lbctl.terminal().out().print(JsonWriter.write(servers.document(done)));
            lbctl.terminal().out().flush();
        }
        return done ? ExitCode.OK : ExitCode.ERROR;
    }
}
