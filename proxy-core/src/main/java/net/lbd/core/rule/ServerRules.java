package net.lbd.core.rule;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.lbd.config.keyword.proxy.PersistenceKeywords;
import net.lbd.core.backend.Server;
import net.lbd.core.log.LogFormat;
import net.lbd.core.sample.ByteSink;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.stream.Stream;
import net.lbd.core.stream.Verdict;

/** The lines that are looked at before a server is chosen. Source: HAProxy manual, "use-server", "force-persist". */
final class ServerRules {

    static final List<ActionCompiler<?>> ROWS = List.of(
            new ActionCompiler<>(PersistenceKeywords.Persistence.class, (action, set, names) -> stream -> Verdict.STOP),
            new ActionCompiler<>(PersistenceKeywords.UseServer.class, (action, set, names) -> {
                Optional<String> literal = action.server().asLiteral();
                return literal.isPresent() ? known(literal.get(), names) : named(LogFormat.compile(action.server(), LogFormat.Use.VALUE, names));
            }));

    private ServerRules() { }

    /** A server that is down lets the next line decide. */
    private static Action known(String name, RuntimeNames names) {
        Supplier<Server> server = names.server(name);
        return stream -> stream.askFor(server.get()) ? Verdict.STOP : Verdict.CONTINUE;
    }

    /** A name that no server has ends the search. */
    private static Action named(LogFormat format) {
        return stream -> {
            ByteSink name = new ByteSink();
            format.render(stream, name);
            Server server = find(stream, name);
            return server == Server.NONE || stream.askFor(server) ? Verdict.STOP : Verdict.CONTINUE;
        };
    }

    private static Server find(Stream stream, ByteSink name) {
        List<Server> servers = stream.backend().servers();
        for (int i = 0; i < servers.size(); i++) {
            byte[] bytes = servers.get(i).nameBytes();
            if (Arrays.equals(bytes, 0, bytes.length, name.bytes(), 0, name.length())) {
                return servers.get(i);
            }
        }
        return Server.NONE;
    }
}
