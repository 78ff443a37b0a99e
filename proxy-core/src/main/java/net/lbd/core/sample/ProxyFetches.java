package net.lbd.core.sample;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import net.lbd.config.model.SampleType;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.listen.Frontend;
import net.lbd.core.stream.Stream;

/**
 * What frontends, backends and servers are called and how they fare. Without an argument the proxy of
 * the stream is meant. Source: HAProxy manual, "Fetching samples from internal states".
 */
final class ProxyFetches {

    static final Map<String, FetchCompiler> ROWS = Map.ofEntries(
            entry("fe_name", FetchCompiler.of((stream, out) -> name(stream.frontend().nameBytes(), out))),
            entry("be_name", FetchCompiler.of((stream, out) -> name(stream.backend().nameBytes(), out))),
            entry("fe_id", FetchCompiler.of((stream, out) -> integer(stream.frontend().number(), out))),
            entry("be_id", FetchCompiler.of((stream, out) -> integer(stream.backend().number(), out))),
            entry("fe_defbe", FetchCompiler.of((stream, out) -> {
                Backend usual = stream.frontend().rules().switching().defaultBackend();
                return usual != Backend.NONE && name(usual.nameBytes(), out);
            })),
            entry("so_id", FetchCompiler.of((stream, out) -> integer(stream.session().bindNumber(), out))),
            entry("connslots", (arguments, names) -> ofBackend(arguments, names, ProxyFetches::freeSlots)),
            entry("srv_queue", (arguments, names) -> {
                Supplier<Server> server = names.server(arguments.text(0));
                return (stream, out) -> integer(server.get().state().queued(), out);
            }),
            entry("srv_name", FetchCompiler.of((stream, out) ->
                    stream.server() != Server.NONE && name(stream.server().nameBytes(), out))),
            entry("srv_id", FetchCompiler.of((stream, out) -> {
                out.setInteger(stream.server().id());
                return stream.server() != Server.NONE;
            })),
            entry("nbsrv", (arguments, names) -> ofBackend(arguments, names, Backend::usableServers)),
            entry("be_conn", (arguments, names) ->
                    ofBackend(arguments, names, backend -> backend.counters().current.get())),
            entry("prio_class", FetchCompiler.of((stream, out) -> integer(stream.priorityClass(), out))),
            entry("prio_offset", FetchCompiler.of((stream, out) -> integer(stream.priorityOffsetMillis(), out))),
            entry("queue", (arguments, names) -> ofBackend(arguments, names, backend -> backend.queue().size())),
            entry("avg_queue", (arguments, names) -> ofBackend(arguments, names, ProxyFetches::averageQueue)),
            entry("be_sess_rate", (arguments, names) ->
                    ofBackend(arguments, names, backend -> backend.counters().entryRate.perSecond())),
            entry("fe_conn", (arguments, names) ->
                    ofFrontend(arguments, names, frontend -> frontend.counters().current.get())),
            entry("fe_req_rate", (arguments, names) ->
                    ofFrontend(arguments, names, frontend -> frontend.counters().requestRate.perSecond())),
            entry("fe_sess_rate", (arguments, names) ->
                    ofFrontend(arguments, names, frontend -> frontend.counters().sessionRate.perSecond())),
            entry("dst_conn", FetchCompiler.of((stream, out) -> {
                // Counted for the frontend: listeners have no counter of their own.
                out.setInteger(stream.frontend().counters().current.get());
                return true;
            })),
            entry("srv_conn", (arguments, names) -> {
                Supplier<Server> server = names.server(arguments.text(0));
                return (stream, out) -> {
                    out.setInteger(server.get().load());
                    return true;
                };
            }),
            entry("srv_sess_rate", (arguments, names) -> {
                Supplier<Server> server = names.server(arguments.text(0));
                return (stream, out) -> {
                    out.setInteger(server.get().state().counters().entryRate.perSecond());
                    return true;
                };
            }),
            entry("srv_is_up", (arguments, names) -> {
                Supplier<Server> server = names.server(arguments.text(0));
                return (stream, out) -> {
                    out.setBoolean(server.get().acceptsPersistent());
                    return true;
                };
            }));

    private ProxyFetches() { }

    private static boolean integer(long value, Sample out) {
        out.setInteger(value);
        return true;
    }

    private static boolean name(byte[] bytes, Sample out) {
        out.setView(SampleType.STRING, bytes, 0, bytes.length);
        return true;
    }

    private static Fetch ofBackend(ArgumentList arguments, RuntimeNames names, ToLongFunction<Backend> value) {
        if (!arguments.has(0)) {
            return (stream, out) -> {
                Backend chosen = stream.backend();
                // Before a backend is chosen, a listen section counts its own servers: "monitor fail if { nbsrv lt 3 }".
                if (chosen.servers().isEmpty()) {
                    chosen = names.backends().find(chosen.nameBytes(), chosen.nameBytes().length).orElse(chosen);
                }
                out.setInteger(value.applyAsLong(chosen));
                return true;
            };
        }
        Supplier<Backend> backend = names.backend(arguments.text(0));
        return (stream, out) -> {
            out.setInteger(value.applyAsLong(backend.get()));
            return true;
        };
    }

    private static Fetch ofFrontend(ArgumentList arguments, RuntimeNames names, ToLongFunction<Frontend> value) {
        if (!arguments.has(0)) {
            return (stream, out) -> {
                out.setInteger(value.applyAsLong(stream.frontend()));
                return true;
            };
        }
        Supplier<Frontend> frontend = names.frontend(arguments.text(0));
        return (stream, out) -> {
            out.setInteger(value.applyAsLong(frontend.get()));
            return true;
        };
    }

    /** {@code srv_queue} as a converter: the server is one of the stream's backend, or stands behind its backend's name. */
    static boolean waiting(RuntimeNames names, Stream stream, Sample sample) {
        byte[] bytes = sample.bytes();
        int end = sample.offset() + sample.length();
        int slash = sample.offset();
        while (slash < end && bytes[slash] != '/') {
            slash++;
        }
        Backend backend = stream.backend();
        int from = sample.offset();
        if (slash < end) {
            Optional<Backend> named = names.backends().find(Arrays.copyOfRange(bytes, from, slash), slash - from);
            if (named.isEmpty()) {
                return false;
            }
            backend = named.get();
            from = slash + 1;
        }
        for (Server server : backend.servers()) {
            byte[] name = server.nameBytes();
            if (Arrays.equals(name, 0, name.length, bytes, from, end)) {
                return integer(server.state().queued(), sample);
            }
        }
        return false;
    }

    /** -1: a server takes any number. */
    private static long freeSlots(Backend backend) {
        long sum = 0;
        for (Server server : backend.servers()) {
            if (server.acceptsPersistent()) {
                if (server.maxConnections() == 0 || server.maxQueue() == 0) {
                    return -1;
                }
                sum += Math.max(0, server.maxConnections() - server.load()) + Math.max(0, server.maxQueue() - server.state().queued());
            }
        }
        return sum;
    }

    /** Waiting streams for each usable server, rounded up; the bare number if none is usable. */
    private static long averageQueue(Backend backend) {
        int waiting = backend.queue().size();
        int usable = backend.usableServers();
        return usable == 0 ? waiting : (waiting + usable - 1) / usable;
    }
}
