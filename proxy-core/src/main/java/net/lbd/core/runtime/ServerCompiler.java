package net.lbd.core.runtime;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.CheckSpec;
import net.lbd.config.model.CheckStep;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.HashKey;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.SendProxy;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Setting;
import net.lbd.config.model.SourceSpec;
import net.lbd.config.model.StartTls;
import net.lbd.config.model.StringList;
import net.lbd.config.model.WebSocketProtocol;
import net.lbd.config.model.Settings;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.ConnectionLimit;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.backend.SourceChoice;
import net.lbd.core.backend.SourceChoice.Place;
import net.lbd.core.backend.Ways;
import net.lbd.core.listen.Frontend;
import net.lbd.core.connect.LocalAddress;
import net.lbd.core.connect.ProxyHeaderTemplate;
import net.lbd.core.http.Ascii;
import net.lbd.core.sample.Hashes;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.sample.SampleExpression;
import net.lbd.core.tls.ServerTls;
import net.lbd.core.tls.TlsContexts;
import net.lbd.core.tls.TlsException;
import net.lbd.core.tls.TlsFiles;
import net.lbd.core.tls.TlsSources;
import net.lbd.health.CheckTarget;
import net.lbd.health.Timing;
import net.lbd.health.check.CheckPlan;
import net.lbd.health.check.ExternalRunner;
import net.lbd.health.check.LocalEnd;
import net.lbd.health.check.TlsClient;

/** Builds the servers of a backend, and the plan of their checks. Used by one thread. */
final class ServerCompiler {

    private static final Set<Setting<?>> NOT_OF_A_CONNECTION = Set.of(ServerSettings.WEIGHT, ServerSettings.ID, ServerSettings.GUID, ServerSettings.REDIR, ServerSettings.HASH_KEY, ServerSettings.COOKIE,
            ServerSettings.MAXCONN, ServerSettings.MINCONN, ServerSettings.MAXQUEUE,
            ServerSettings.BACKUP, ServerSettings.DISABLED, ServerSettings.CHECK, ServerSettings.INTER,
            ServerSettings.FASTINTER, ServerSettings.DOWNINTER, ServerSettings.RISE, ServerSettings.FALL,
            ServerSettings.CHECK_PORT, ServerSettings.CHECK_ADDR, ServerSettings.CHECK_SSL, ServerSettings.CHECK_SNI,
            ServerSettings.CHECK_ALPN, ServerSettings.CHECK_PROTO, ServerSettings.CHECK_SEND_PROXY, ServerSettings.OBSERVE, ServerSettings.ERROR_LIMIT,
            ServerSettings.ON_ERROR, ServerSettings.SHUTDOWN_BACKUP_SESSIONS_ON_UP, ServerSettings.SLOWSTART, ServerSettings.TRACK,
            ServerSettings.AGENT_CHECK, ServerSettings.AGENT_PORT, ServerSettings.AGENT_ADDR, ServerSettings.AGENT_INTER,
            ServerSettings.AGENT_SEND,
            ServerSettings.POOL_MAX_CONN, ServerSettings.POOL_PURGE_DELAY, ServerSettings.MAX_REUSE,
            ServerSettings.SHUTDOWN_SESSIONS_ON_DOWN, ServerSettings.NON_STICK,
            ServerSettings.RESOLVERS, ServerSettings.RESOLVE_PREFER, ServerSettings.RESOLVE_NET, ServerSettings.ALLOW_DUP_IP,
            ServerSettings.IGNORE_WEIGHT, ServerSettings.INIT_ADDR, ServerSettings.INIT_STATE);

    private final Settings global;
    private final StateRegistry registry;
    private final TlsSources sources;
    private final Problems problems;
    private final NamespaceUse namespaces;
    private final List<Runnable> commits = new ArrayList<>();

    ServerCompiler(Settings global, StateRegistry registry, TlsSources sources, NamespaceUse namespaces, Problems problems) {
        this.namespaces = namespaces;
        this.global = global;
        this.sources = sources;
        this.registry = registry;
        this.problems = problems;
    }

    /** What is to be done to the states of the servers when the configuration is put in force. */
    List<Runnable> commits() {
        return commits;
    }

    Server compile(BackendSpec backend, ServerSpec spec, RuntimeNames names, int fullLoad) {
        ServerState state = registry.server(backend.name(), spec.name());
        boolean known = state.isConfiguredAt(spec.address().text());
        return compile(backend, spec, names, fullLoad, known ? state.place().address() : Optional.empty());
    }

    /** @param place where the server is, if that is known: then its name is not looked up */
    Server compile(BackendSpec backend, ServerSpec spec, RuntimeNames names, int fullLoad, Optional<SocketAddress> place) {
        Settings settings = EffectiveSettings.of(global, spec);
        ServerState state = registry.server(backend.name(), spec.name());
        boolean known = state.isConfiguredAt(spec.address().text());
        SocketAddress address = new StartAddress(backend, spec, settings, problems).find(place);
        boolean found = !(address instanceof InetSocketAddress inet && inet.isUnresolved());
        // The name servers know better than the look-up of the start.
        boolean resolved = found && !(known && settings.isSet(ServerSettings.RESOLVERS) && state.isUnresolved());
        commits.add(() -> {
            state.setConfigured();
            state.setConfiguredAddress(spec.address().text());
            state.setReachable(resolved);
            if (!settings.get(ServerSettings.CHECK)) {
                state.forgetHealth();
            }
            state.setConfigured(settings.get(ServerSettings.DISABLED) || backend.settings().get(ProxySettings.DISABLED));
            state.setConfiguredWeight(settings.get(ServerSettings.WEIGHT));
            state.setConfiguredMaxConnections(settings.get(ServerSettings.MAXCONN));
        });
        PortSpec port = SocketAddresses.portSpec(spec.address());
        Server.Target target = new Server.Target(resolved ? Optional.of(address) : Optional.empty(),
                address instanceof InetSocketAddress && !(port instanceof PortSpec.Fixed) && !StartAddress.isService(spec.address()),
                port instanceof PortSpec.Offset offset ? offset.offset() : 0, shapeOf(settings));
        Server.Limits limits = new Server.Limits(settings.get(ServerSettings.POOL_MAX_CONN),
                settings.get(ServerSettings.POOL_PURGE_DELAY).toMillis(),
                settings.get(ServerSettings.SHUTDOWN_SESSIONS_ON_DOWN), ProxyOptions.serverSockets(backend.settings())
                        .with(settings.find(ServerSettings.TCP_UT).map(time -> (int) time.toMillis()).orElse(0), settings.get(ServerSettings.TFO)),
                settings.get(ServerSettings.MAX_REUSE));
        Server.Hello hello = new Server.Hello(
                settings.find(ServerSettings.SNI).map(sample -> SampleExpression.compile(sample, names)),
                settings.find(ServerSettings.SEND_PROXY).filter(SendProxy::isSent).map(header -> new ProxyHeaderTemplate(header, names)),
                startTls(backend, spec, settings), source(spec, settings, names));
        return new Server(spec, new Server.Share(settings.get(ServerSettings.WEIGHT),
                new ConnectionLimit(settings.get(ServerSettings.MAXCONN), settings.get(ServerSettings.MINCONN), fullLoad,
                        registry.backend(backend.name())), settings.get(ServerSettings.MAXQUEUE), settings.get(ServerSettings.BACKUP),
                hashBase(settings.get(ServerSettings.HASH_KEY), spec, address)), target,
                ways(backend, spec, settings), hello, limits, state);
    }

    /**
     * Consistent hashing gives each server a range of numbers of its own. <em>Difference:</em> with {@code hash-key addr},
     * {@code addr-port} and {@code guid} two of our machines agree with each other, not with HAProxy's.
     */
    private static int hashBase(HashKey key, ServerSpec spec, SocketAddress address) {
        Optional<String> guid = spec.settings().find(ServerSettings.GUID);
        if (key == HashKey.GUID && guid.isPresent()) {
            byte[] name = Ascii.bytes(guid.get());
            return Hashes.avalanche(Hashes.crc32(name, 0, name.length)) << 12;
        }
        if (key == HashKey.ID || key == HashKey.GUID || !(address instanceof InetSocketAddress inet) || inet.isUnresolved()) {
            return spec.id() * 4096;
        }
        byte[] bytes = inet.getAddress().getAddress();
        int hash = Hashes.avalanche(Hashes.crc32(bytes, 0, bytes.length));
        return (key == HashKey.ADDR ? hash : Hashes.avalanche(hash + inet.getPort())) << 12;
    }

    /** <em>Difference:</em> {@code ws h2} offers h2 alone, so that a server that does not speak it is seen at once. */
    private Ways ways(BackendSpec backend, ServerSpec spec, Settings settings) {
        boolean ssl = settings.get(ServerSettings.SSL);
        if (backend.mode() == ProxyMode.TCP) {
            return Ways.of(new Ways.Way(ssl ? tls(spec, settings) : Optional.empty(), Ways.Version.HTTP_1, false));
        }
        Ways.Version version = switch (settings.find(ServerSettings.PROTO).orElse("")) {
            case "h1" -> Ways.Version.HTTP_1;
            case "h2" -> Ways.Version.HTTP_2;
            default -> Ways.Version.AGREED;
        };
        List<String> offered = ssl ? settings.get(ServerSettings.ALPN).values() : List.of();
        boolean mayBeHttp2 = version == Ways.Version.HTTP_2 || version == Ways.Version.AGREED && offered.contains("h2");
        Ways.Way usual = new Ways.Way(ssl ? tls(spec, settings) : Optional.empty(), mayBeHttp2 ? version : Ways.Version.HTTP_1, false);
        WebSocketProtocol wanted = settings.get(ServerSettings.WS);
        boolean mustBeHttp2 = version == Ways.Version.HTTP_2 || version == Ways.Version.AGREED && offered.equals(List.of("h2"));
        if (wanted == WebSocketProtocol.AUTO && (version != Ways.Version.AGREED || !mayBeHttp2 || !offered.contains("http/1.1"))
                || wanted == WebSocketProtocol.H1 && !mayBeHttp2 || wanted == WebSocketProtocol.H2 && mustBeHttp2) {
            return Ways.of(usual);
        }
        boolean http2 = wanted == WebSocketProtocol.H2;
        Optional<ServerTls> tls = offered.isEmpty() ? usual.tls() : tls(spec, Settings.builder().putAll(settings)
                .put(ServerSettings.ALPN, StringList.of(http2 ? "h2" : "http/1.1"), spec.location()).build());
        return new Ways(usual, new Ways.Way(tls, http2 ? Ways.Version.HTTP_2 : Ways.Version.HTTP_1, true));
    }

    private Optional<StartTls> startTls(BackendSpec backend, ServerSpec spec, Settings settings) {
        Optional<StartTls> startTls = settings.find(ServerSettings.STARTTLS);
        String what = "server '" + spec.name() + "': 'starttls' wants ";
        if (startTls.isPresent() && !settings.get(ServerSettings.SSL)) {
            problems.error(Problems.TLS, spec.location(), what + "'ssl' too", "");
        }
        if (startTls.isPresent() && backend.mode() != ProxyMode.TCP) {
            problems.error(Problems.TLS, spec.location(), what + "'mode tcp'", "");
        }
        return startTls;
    }

    /** Every setting but those that say how much traffic a server gets, when it is checked, and how long idle ones are kept. */
    private static Map<String, Object> shapeOf(Settings settings) {
        Map<String, Object> shape = new HashMap<>();
        for (Setting<?> setting : settings.keys()) {
            if (!NOT_OF_A_CONNECTION.contains(setting)) {
                shape.put(setting.toString(), settings.get(setting));
            }
        }
        return shape;
    }

    /** What decides the state of a server. */
    ServerHealth.Plan plan(BackendSpec backendSpec, ServerSpec spec, Backend backend, Server server,
            RuntimeNames names, Supplier<Frontend> anyFrontend, int backendId, Optional<InetSocketAddress> listener) {
        Settings settings = EffectiveSettings.of(global, spec);
        Optional<CheckTarget> check = Optional.empty();
        Optional<ExternalRunner> program = Optional.empty();
        if (settings.get(ServerSettings.CHECK)) {
            Supplier<SocketAddress> address = target(server, spec, settings.find(ServerSettings.CHECK_ADDR), settings.find(ServerSettings.CHECK_PORT),
                    server.state()::checkAsked);
            check = Optional.of(ServerHealth.check(backendSpec, settings, backend, server, address,
                    connections(backendSpec, spec, settings, server),
                    new CheckExpressions(names, anyFrontend, backend, server), names.process().hostname()));
            Timing timing = check.get().timing();
            commits.add(() -> ServerHealth.takeOver(server.state(), settings, timing));
            if (backendSpec.check().kind() != CheckSpec.Kind.EXTERNAL) {
                // What it cannot do is a problem of the configuration, to be told before anything changes.
                CheckPlan.of(backendSpec.check(), check.get().connections(), check.get().language());
            } else {
                if (!global.get(GlobalSettings.EXTERNAL_CHECK) || !global.get(GlobalSettings.INSECURE_FORK_WANTED)) {
                    problems.error(Problems.UNSUPPORTED, backendSpec.check().location(),
                            "'option external-check' starts programs, which 'external-check' and 'insecure-fork-wanted' in global must allow", "");
                }
                Duration limit = backendSpec.settings().find(ProxySettings.TIMEOUT_CHECK).orElse(settings.get(ServerSettings.INTER));
                program = Optional.of(ExternalCheck.of(backendSpec, backendId, server, address, listener, global, limit));
            }
        }
        Optional<ServerHealth.Agent> agent = Optional.empty();
        if (settings.get(ServerSettings.AGENT_CHECK)) {
            agent = Optional.of(ServerHealth.agent(backendSpec, settings, server, thereEnd(spec, settings),
                    target(server, spec, settings.find(ServerSettings.AGENT_ADDR).or(() -> settings.find(ServerSettings.CHECK_ADDR)),
                            settings.find(ServerSettings.AGENT_PORT).or(() -> settings.find(ServerSettings.CHECK_PORT)),
                            server.state()::agentAsked)));
        }
        return new ServerHealth.Plan(backend, server, check, program, agent, ServerHealth.Policy.of(settings, backendSpec.name(), spec.address()));
    }

    /** Where a check or an agent is asked: as a command has said, else at the address that a parameter names, else wherever the server is. */
    private static Supplier<SocketAddress> target(Server server, ServerSpec spec, Optional<AddressSpec> own, Optional<Integer> port,
            Supplier<ServerState.Asked> asked) {
        if (own.isEmpty()) {
            return () -> asked.get().of(server.checkAddress(port));
        }
        SocketAddress address = SocketAddresses.ofServer(own.get(), port.or(() -> SocketAddresses.port(spec.address())),
                spec.location(), new Problems());
        return () -> asked.get().of(address);
    }

    /** A check may speak TLS where the traffic does not, and the other way round. */
    private CheckPlan.Connections connections(BackendSpec backendSpec, ServerSpec spec, Settings settings, Server server) {
        boolean elsewhere = settings.isSet(ServerSettings.CHECK_PORT) || settings.isSet(ServerSettings.CHECK_ADDR);
        boolean overTls = settings.get(ServerSettings.CHECK_SSL) || settings.get(ServerSettings.SSL) && !elsewhere
                && !settings.isSet(ServerSettings.STARTTLS);
        boolean inSteps = backendSpec.check().steps().stream().anyMatch(step ->
                step instanceof CheckStep.Connect connect && connect.flags().contains(CheckStep.ConnectFlag.SSL));
        Optional<ServerTls> tls = !overTls && !inSteps ? Optional.empty()
                : server.tls().isPresent() ? server.tls() : tls(spec, settings);
        boolean http2 = backendSpec.check().kind() == CheckSpec.Kind.HTTP
                && settings.find(ServerSettings.CHECK_PROTO).or(() -> settings.find(ServerSettings.PROTO)).filter("h2"::equals).isPresent();
        List<String> offered = settings.get(ServerSettings.CHECK_ALPN).values();
        Optional<TlsClient> client = tls.map(t ->
                new CheckTls(t, settings, sources, settings.find(ServerSettings.CHECK_SNI).orElse(""), http2)
                        .with(Optional.empty(), http2 && offered.isEmpty() ? List.of("h2") : offered));
        SendProxy header = settings.get(ServerSettings.SEND_PROXY);
        boolean sent = settings.get(ServerSettings.CHECK_SEND_PROXY) || header.isSent() && !elsewhere;
        return new CheckPlan.Connections(client, overTls, sent, header.version2() ? 2 : 1,
                http2 ? Optional.of(new CheckHttp2(Http2Setup.limits(global))) : Optional.empty(), localEnd(spec, settings));
    }

    private Optional<SourceChoice> source(ServerSpec spec, Settings settings, RuntimeNames names) {
        Optional<SourceSpec> source = source(spec, settings);
        Place place = place(spec, settings);
        source.filter(s -> s.isTransparent() || s.device().isPresent())
                .ifPresent(s -> SourceRights.check(s, place.equals(Place.HERE), "server '" + spec.name() + "'", spec.location(), problems));
        if (source.isEmpty()) {
            return place.equals(Place.HERE) ? Optional.empty() : Optional.of(SourceChoice.in(place));
        }
        return source.map(s -> new SourceChoice(s, s.as() instanceof SourceSpec.As.Header header
                ? Optional.of(SampleExpression.compile(header.address(), names)) : Optional.empty(), place));
    }

    private Place place(ServerSpec spec, Settings settings) {
        return spec.address() instanceof AddressSpec.Unix ? Place.HERE : namespaces.ofServer(settings, spec.location());
    }

    private static Optional<SourceSpec> source(ServerSpec spec, Settings settings) {
        return spec.address() instanceof AddressSpec.Unix ? Optional.empty() : settings.find(ServerSettings.SOURCE);
    }

    /** Checks come from the address that the traffic comes from, unless that is the client's, and from any port. */
    private LocalEnd localEnd(ServerSpec spec, Settings settings) {
        LocalEnd there = thereEnd(spec, settings);
        return source(spec, settings).map(s -> {
            LocalAddress own = new LocalAddress(s.address(), 0, 0, false, s.device());
            return new LocalEnd(own.next().map(address -> (SocketAddress) address), own::prepare, there.sockets());
        }).orElse(there);
    }

    /** In the server's network namespace, whatever address the kernel chooses there. */
    private LocalEnd thereEnd(ServerSpec spec, Settings settings) {
        return place(spec, settings).namespace().map(namespace -> new LocalEnd(Optional.empty(), LocalEnd.ANY.options(), Optional.of(namespace::next)))
                .orElse(LocalEnd.ANY);
    }

    private Optional<ServerTls> tls(ServerSpec spec, Settings settings) {
        try {
            Optional<ServerTls> tls = Optional.of(TlsContexts.forServer(settings, sources));
            TlsFiles.notesOfServer(settings).forEach(note ->
                    problems.notice(Problems.TLS, spec.location(), "server '" + spec.name() + "': " + note, ""));
            return tls;
        } catch (TlsException e) {
            problems.error(Problems.TLS, spec.location(), "server '" + spec.name() + "': " + e.getMessage(), "");
            return Optional.empty();
        }
    }
}
