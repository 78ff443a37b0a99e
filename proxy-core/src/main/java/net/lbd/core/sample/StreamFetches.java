package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.function.Supplier;
import net.lbd.config.model.SampleType;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/**
 * Settings and figures of what serves a stream: time limits in force, free places, the rule that decided. Source: HAProxy manual,
 * "Fetching samples from internal states" and "Layer 4".
 */
final class StreamFetches {

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("fe_client_timeout", number(stream -> stream.frontend().policy().clientTimeoutMillis())),
            entry("be_server_timeout", number(stream -> stream.backend().policy().serverTimeoutMillis())),
            entry("be_tunnel_timeout", number(stream -> stream.backend().policy().tunnelTimeoutMillis())),
            entry("cur_server_timeout", number(Stream::serverTimeoutMillis)),
            entry("cur_tunnel_timeout", number(Stream::tunnelTimeoutMillis)),
            entry("date_us", number(stream -> System.currentTimeMillis() % 1000 * 1000)),
            entry("nbproc", number(stream -> 1)),
            entry("proc", number(stream -> 1)),
            entry("thread", number(stream -> stream.worker().index())),
            // Nothing here measures what HAProxy's scheduler does; it yields 0 as well as long as profiling is off.
            entry("cpu_calls", number(stream -> 0)),
            entry("cpu_ns_avg", number(stream -> 0)),
            entry("cpu_ns_tot", number(stream -> 0)),
            entry("lat_ns_avg", number(stream -> 0)),
            entry("lat_ns_tot", number(stream -> 0)),
            entry("res.cache_hit", FetchCompiler.of((stream, out) -> {
                out.setBoolean(!stream.answeringCache().isEmpty());
                return true;
            })),
            entry("res.cache_name", FetchCompiler.of((stream, out) -> {
                TlsFetches.text(stream.answeringCache(), out);
                return true;
            })),
            entry("res.comp", FetchCompiler.of((stream, out) -> {
                out.setBoolean(!stream.compressedWith().isEmpty());
                return true;
            })),
            entry("res.comp_algo", FetchCompiler.of((stream, out) -> {
                TlsFetches.text(stream.compressedWith(), out);
                return !stream.compressedWith().isEmpty();
            })),
            entry("last_rule_line", FetchCompiler.of((stream, out) -> {
                out.setInteger(stream.lastRule().line());
                return stream.lastRule() != SourceLocation.BUILT_IN;
            })),
            entry("last_rule_file", FetchCompiler.of((stream, out) -> {
                byte[] file = ConfiguredText.bytes(stream.lastRule().file());
                out.setView(SampleType.STRING, file, 0, file.length);
                return stream.lastRule() != SourceLocation.BUILT_IN;
            })),
            entry("be_conn_free", (arguments, names) -> ofBackend(arguments, names, StreamFetches::freePlaces)),
            entry("srv_conn_free", ofServer(StreamFetches::freePlaces)),
            entry("srv_weight", ofServer(Server::weight)),
            entry("srv_iweight", ofServer(Server::configuredWeight)),
            entry("srv_uweight", ofServer(Server::weight)));

    private StreamFetches() { }

    private static FetchCompiler number(ToLongFunction<Stream> value) {
        return FetchCompiler.of((stream, out) -> {
            out.setInteger(value.applyAsLong(stream));
            return true;
        });
    }

    private static Fetch ofBackend(ArgumentList arguments, RuntimeNames names, ToLongFunction<Backend> value) {
        Optional<Supplier<Backend>> named = arguments.has(0) ? Optional.of(names.backend(arguments.text(0))) : Optional.empty();
        return (stream, out) -> {
            out.setInteger(value.applyAsLong(named.isPresent() ? named.get().get() : stream.backend()));
            return true;
        };
    }

    private static FetchCompiler ofServer(ToIntFunction<Server> value) {
        return (arguments, names) -> {
            Supplier<Server> server = names.server(arguments.text(0));
            return (stream, out) -> {
                out.setInteger(value.applyAsInt(server.get()));
                return true;
            };
        };
    }

    /** -1: without limit. */
    private static int freePlaces(Server server) {
        return server.maxConnections() == 0 ? -1 : Math.max(0, server.maxConnections() - server.load());
    }

    /** Of usable servers, backups only where no other is; -1: one of them has no limit. */
    private static long freePlaces(Backend backend) {
        List<Server> servers = backend.servers();
        boolean active = false;
        for (int i = 0; i < servers.size(); i++) {
            active |= servers.get(i).isUsable() && !servers.get(i).isBackup();
        }
        long sum = 0;
        for (int i = 0; i < servers.size(); i++) {
            Server server = servers.get(i);
            if (server.isUsable() && server.isBackup() != active) {
                if (server.maxConnections() == 0) {
                    return -1;
                }
                sum += freePlaces(server);
            }
        }
        return sum;
    }
}
