package net.lbd.core.runtime;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.BindSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.GlobalSettings;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxyNumbers;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.RetryOn;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.RuleSpec;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.BackendPolicy;
import net.lbd.core.backend.BackendRules;
import net.lbd.core.backend.Persistence;
import net.lbd.core.backend.Server;
import net.lbd.core.balance.Dispatch;
import net.lbd.core.balance.LoadBalancer;
import net.lbd.core.balance.LoadBalancers;
import net.lbd.core.dns.ResolverSections;
import net.lbd.core.http.Ascii;
import net.lbd.core.listen.BindRuntime;
import net.lbd.core.listen.BindSocket;
import net.lbd.core.listen.InheritedAddress;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.FrontendRules;
import net.lbd.core.listen.Generation;
import net.lbd.core.listen.ListenKey;
import net.lbd.core.listen.NetscalerHeader;
import net.lbd.core.listen.UnixSocketFile;
import net.lbd.core.mail.MailSender;
import net.lbd.core.peers.PeersPlan;
import net.lbd.core.rule.ErrorPages;
import net.lbd.core.rule.ForwardedHeader;
import net.lbd.core.rule.Monitor;
import net.lbd.core.rule.RuleCompiler;
import net.lbd.core.rule.RuleList;
import net.lbd.core.sample.ProcessFacts;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.stick.StickTable;
import net.lbd.core.stick.StickTables;
import net.lbd.core.stick.Stickiness;
import net.lbd.core.tls.BindTls;
import net.lbd.core.tls.TlsContexts;
import net.lbd.core.tls.TlsException;
import net.lbd.core.tls.TlsFiles;
import net.lbd.core.tls.TlsSources;

/**
 * Turns a configuration into what runs: every name becomes a reference, every string bytes, every
 * expression code. The only bridge between the two. It opens nothing and changes nothing that runs.
 * Used once, by one thread.
 */
final class RuntimeCompiler {

    /** A bind that is to be listened on. */
    record PlannedBind(BindSpec spec, FrontendSpec frontend, SocketAddress address, BindRuntime runtime, int backlog) {

        ListenKey key() {
            return new ListenKey(address, runtime.socket().device(), runtime.socket().namespace());
        }
    }

    /**
     * All that is needed to put a configuration in force.
     *
     * @param commits to be run first of all, once nothing stands in the way any more
     * @param roster changes the servers afterwards
     */
    record Result(ProxyRuntime runtime, List<PlannedBind> binds, List<ServerHealth.Plan> checks, List<PeersPlan> peers,
            ResolverSections resolvers, NamespaceUse namespaces, List<Runnable> commits, ServerRoster roster) { }

    private static final int DEFAULT_BACKLOG = 1024;
    /** Where neither frontend nor process has a limit, for what is reckoned from it. */
    private static final int USUAL_CONNECTIONS = 2000;
    /** Without "timeout tarpit" that of connecting counts, and its default. */
    private static final long DEFAULT_TARPIT_MILLIS = 5000;
    /** How long a client may take to send the form of the statistics page, without "timeout http-request". */
    private static final long DEFAULT_FORM_MILLIS = 10_000;

    /** Stands in where there are directors and no frontend. */
    private static final FrontendSpec NOBODY = new FrontendSpec("<NONE>", SourceLocation.BUILT_IN, ProxyMode.TCP, List.of(), List.of(),
            List.of(), Optional.empty(), List.of(), List.of(), Settings.EMPTY);

    private final Configuration configuration;
    private final StateRegistry registry;
    private final LogSetup logs;
    private final Problems problems;
    private final TlsSources tlsSources;
    private final RuntimeNames names;
    private final ProxyNumbers numbers;
    private final NamespaceUse namespaces;
    private final ServerCompiler servers;
    private final MailCompiler mails;
    private final StickTables tables;
    private final ResolverSections resolvers;
    /** For what needs a stream where there is none; set once all are compiled. */
    private Frontend anyFrontend;

    RuntimeCompiler(Configuration configuration, StateRegistry registry, LogSetup logs, ProcessFacts process,
            TlsSources tls, ResolverSections resolvers, Optional<MailSender> sender, Problems problems) {
        this.configuration = Objects.requireNonNull(configuration, "configuration");
        this.registry = Objects.requireNonNull(registry, "registry");
        this.logs = Objects.requireNonNull(logs, "logs");
        this.problems = Objects.requireNonNull(problems, "problems");
        this.tables = registry.tables().follow(configuration.shared().stickTables());
        this.names = new RuntimeNames(process, configuration.shared(), tables,
                configuration.global().settings().get(GlobalSettings.STICK_COUNTERS),
                configuration.global().settings().get(GlobalSettings.LOG_URI_LENGTH), resolvers);
        this.numbers = ProxyNumbers.of(configuration);
        this.resolvers = Objects.requireNonNull(resolvers, "resolvers");
        this.mails = new MailCompiler(configuration.shared().mailers(), sender, process.hostname(), problems);
        this.tlsSources = Objects.requireNonNull(tls, "tls");
        this.namespaces = new NamespaceUse(configuration, registry.namespaces(), problems);
        this.servers = new ServerCompiler(configuration.global().settings(), registry, tls, namespaces, problems);
    }

    /** What names mean, as seen from a proxy; they are bound once {@link #compile} is done. */
    RuntimeNames names(String proxy) {
        return names.within(proxy);
    }

    /** Empty if there were errors; {@code problems} has them. */
    Optional<Result> compile(int number) {
        Generation generation = new Generation(number, Instant.now());
        List<ServerHealth.Plan> checks = new ArrayList<>();
        Map<String, Backend> backends = new LinkedHashMap<>();
        Map<String, Frontend> frontends = new LinkedHashMap<>();
        List<PlannedBind> binds = new ArrayList<>();
        for (BackendSpec spec : configuration.serverGroups()) {
            guarded(spec.name(), () -> backends.put(spec.name(), backend(spec, checks)));
        }
        for (FrontendSpec spec : configuration.frontends()) {
            guarded(spec.name(), () -> {
                Frontend frontend = frontend(spec, numbers.at(spec.location()), generation);
                frontends.put(spec.name(), frontend);
                bind(spec, frontend).forEach(binds::add);
            });
        }
        for (StickTable changed : registry.tables().startedAnewIn(tables)) {
            problems.notice(Problems.TABLE_ANEW, changed.spec().location(),
                    "stick-table '" + changed.name() + "' is another than before: it starts anew, without entries", "");
        }
        List<PeersPlan> peers = new PeersCompiler(configuration, names.process(), tables, tlsSources, problems)
                .compile(configuration.shared().peers());
        if (!StartCheck.hasListener(configuration)) {
            // An empty file at a reload is an accident, not the wish to serve nobody.
            problems.add(StartCheck.noListener());
        }
        if (problems.hasErrors()) {
            return Optional.empty();
        }
        names.bind(backends, frontends);
        anyFrontend = frontends.isEmpty() ? frontend(NOBODY, 0, generation) : frontends.values().iterator().next();
        ProcessVariableSetup.run(configuration.global().settings().get(GlobalSettings.VARIABLES), names,
                anyFrontend);
        return Optional.of(new Result(new ProxyRuntime(generation, configuration,
                List.copyOf(frontends.values()), List.copyOf(backends.values()), tables, names.maps(), names.caches()), binds, checks, peers, resolvers, namespaces, servers.commits(),
                new ServerRoster(configuration, registry, names, namespaces, anyFrontend)));
    }

    /** What this version cannot carry out is a problem of the configuration, not of the program. */
    private void guarded(String proxy, Runnable step) {
        try {
            step.run();
        } catch (IllegalArgumentException e) {
            problems.error(Problems.UNSUPPORTED, configuration.frontend(proxy).map(FrontendSpec::location)
                    .or(() -> configuration.backend(proxy).map(BackendSpec::location)).orElseThrow(),
                    "proxy '" + proxy + "': " + e.getMessage(), "");
        }
    }

    // ---- backends

    private Backend backend(BackendSpec spec, List<ServerHealth.Plan> checks) {
        RuntimeNames own = names.within(spec.name());
        List<Server> compiled = new ArrayList<>();
        for (ServerSpec server : spec.servers()) {
            compiled.add(servers.compile(spec, server, own, fullLoad(configuration, spec)));
        }
        Optional<Server> dispatch = spec.settings().find(ProxySettings.DISPATCH).map(address -> servers.compile(spec,
                new ServerSpec(Server.NONE.name(), 0, spec.location(), address, Settings.EMPTY), own, 0));
        Backend backend = new Backend(spec.name(), numbers.at(spec.location()), spec.mode(), compiled,
                dispatch.<LoadBalancer>map(Dispatch::new)
                        .orElseGet(() -> LoadBalancers.create(spec.balance(), compiled, spec.settings(), own)), registry.queue(spec.name()),
                backendRules(spec, compiled, new RuleCompiler(own), own), backendPolicy(spec.mode(), spec.settings()),
                Optional.of(logs.messages(configuration.frontend(spec.name()).isPresent() ? "proxy" : "backend",
                        spec.logTargets(), spec.settings(), mails.of(spec))), registry.backend(spec.name()),
                spec.settings().get(ProxySettings.ALLBACKUPS), dispatch);
        for (int i = 0; i < compiled.size(); i++) {
            checks.add(servers.plan(spec, spec.servers().get(i), backend, compiled.get(i), own, () -> anyFrontend, configuration.serverGroups().indexOf(spec) + 1,
                    firstListener(configuration, spec.name())));
        }
        return backend;
    }

    /** {@code fullconn}, else a tenth of what the frontends that lead here take. */
    static int fullLoad(Configuration configuration, BackendSpec spec) {
        Optional<Integer> own = spec.settings().find(ProxySettings.FULLCONN);
        if (own.isPresent()) {
            return own.get();
        }
        int ofProcess = configuration.global().settings().find(GlobalSettings.MAXCONN).filter(max -> max > 0).orElse(USUAL_CONNECTIONS);
        long sum = configuration.frontends().stream().filter(frontend -> leadsTo(frontend, spec.name()))
                .mapToLong(f -> f.settings().find(ProxySettings.MAXCONN).filter(max -> max > 0).orElse(ofProcess)).sum();
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (sum + 9) / 10));
    }

    private static boolean leadsTo(FrontendSpec frontend, String backend) {
        return frontend.defaultBackend().filter(backend::equals).isPresent() || frontend.switching().stream()
                .anyMatch(line -> line.backend().asLiteral().filter(backend::equals).isPresent());
    }

    /** Where a listen section listens, for programs that check its servers. */
    static Optional<InetSocketAddress> firstListener(Configuration configuration, String name) {
        return configuration.frontend(name).flatMap(f -> f.binds().stream()
                .map(bind -> SocketAddresses.ofBind(bind.address(), "", bind.location(), new Problems()))
                .flatMap(Optional::stream).filter(InetSocketAddress.class::isInstance).map(InetSocketAddress.class::cast).findFirst());
    }

    private BackendRules backendRules(BackendSpec spec, List<Server> servers, RuleCompiler compiler, RuntimeNames names) {
        List<RuleSpec> rules = spec.rules();
        return new BackendRules(compiler.compile(rules, RuleSet.TCP_REQUEST_CONTENT),
                compiler.compile(rules, RuleSet.TCP_RESPONSE_CONTENT), compiler.compile(rules, RuleSet.HTTP_REQUEST),
                redirects(spec.rules(), spec.settings(), spec.name(), compiler), compiler.compile(rules, RuleSet.HTTP_RESPONSE),
                compiler.compile(rules, RuleSet.HTTP_AFTER_RESPONSE),
                ErrorPages.compile(spec.settings().get(ProxySettings.ERROR_REPLIES), names),
                spec.settings().find(ProxySettings.FORWARDED).map(forwarded -> ForwardedHeader.compile(forwarded, names)),
                stickiness(spec, servers, names),
                configuration.frontend(spec.name()).filter(f -> f.location().equals(spec.location())).isPresent(),
                persistence(spec, servers, compiler, names));
    }

    private static Persistence persistence(BackendSpec spec, List<Server> servers, RuleCompiler compiler, RuntimeNames names) {
        Persistence all = new Persistence(MembersCompiler.cookie(spec, servers), compiler.compile(spec.rules(), RuleSet.USE_SERVER),
                compiler.compile(spec.rules(), RuleSet.FORCE_PERSIST), compiler.compile(spec.rules(), RuleSet.IGNORE_PERSIST),
                spec.settings().get(ProxySettings.PERSIST), MembersCompiler.rdpCookie(spec, servers, names));
        return all.equals(Persistence.NONE) ? Persistence.NONE : all;
    }

    private static Stickiness stickiness(BackendSpec spec, List<Server> servers, RuntimeNames names) {
        return spec.settings().find(ProxySettings.STICK).map(rules -> Stickiness.compile(rules, servers, MembersCompiler.notStuckTo(spec), names))
                .orElse(Stickiness.NONE);
    }

    private static BackendPolicy backendPolicy(ProxyMode mode, Settings settings) {
        long connect = millis(settings, ProxySettings.TIMEOUT_CONNECT, 0);
        return new BackendPolicy(connect,
                millis(settings, ProxySettings.TIMEOUT_SERVER, 0),
                millis(settings, ProxySettings.TIMEOUT_QUEUE, connect),
                millis(settings, ProxySettings.TIMEOUT_TUNNEL, 0),
                millis(settings, ProxySettings.TIMEOUT_SERVER_FIN, 0),
                settings.get(ProxySettings.RETRIES),
                mode == ProxyMode.HTTP ? settings.get(ProxySettings.RETRY_ON) : RetryOn.CONNECTIONS,
                settings.get(ProxySettings.REDISPATCH),
                settings.get(ProxySettings.CONNECTION_MODE), settings.get(ProxySettings.HTTP_REUSE),
                settings.get(ProxySettings.PREFER_LAST_SERVER), settings.get(ProxySettings.ABORT_ON_CLOSE),
                settings.find(ProxySettings.FORWARDFOR),
                millis(settings, ProxySettings.TIMEOUT_TARPIT, connect),
                millis(settings, ProxySettings.TCP_REQUEST_INSPECT_DELAY, 0),
                millis(settings, ProxySettings.TCP_RESPONSE_INSPECT_DELAY, 0),
                settings.get(ProxySettings.MAX_KEEP_ALIVE_QUEUE),
                ProxyOptions.backend(settings));
    }

    // ---- frontends

    private Frontend frontend(FrontendSpec spec, int number, Generation generation) {
        RuntimeNames own = names.within(spec.name());
        return new Frontend(spec.name(), number, generation, spec.mode(), frontendPolicy(spec.settings()), spec.captures(),
                frontendRules(spec, new RuleCompiler(own), own), logs.frontend(spec, own), registry.frontend(spec.name()));
    }

    private static FrontendRules frontendRules(FrontendSpec spec, RuleCompiler compiler, RuntimeNames names) {
        List<RuleSpec> rules = spec.rules();
        return new FrontendRules(compiler.compile(rules, RuleSet.TCP_REQUEST_CONNECTION),
                compiler.compile(rules, RuleSet.TCP_REQUEST_SESSION),
                compiler.compile(rules, RuleSet.TCP_REQUEST_CONTENT),
                compiler.compile(rules, RuleSet.HTTP_REQUEST), redirects(rules, spec.settings(), spec.name(), compiler),
                compiler.compile(rules, RuleSet.HTTP_RESPONSE),
                compiler.compile(rules, RuleSet.HTTP_AFTER_RESPONSE),
                compiler.compile(spec.switching(), spec.defaultBackend()),
                ErrorPages.compile(spec.settings().get(ProxySettings.ERROR_REPLIES), names),
                spec.settings().find(ProxySettings.MONITOR_URI).map(uri ->
                        new Monitor(Ascii.bytes(uri), compiler.compile(rules, RuleSet.MONITOR_FAIL))), names.logins());
    }

    /** A client has {@code timeout http-request} for the form of the statistics page, or ten seconds. */
    private static RuleList redirects(List<RuleSpec> rules, Settings settings, String proxy, RuleCompiler compiler) {
        return compiler.redirects(rules, settings.find(ProxySettings.STATS), settings.origin(ProxySettings.STATS), proxy,
                millis(settings, ProxySettings.TIMEOUT_HTTP_REQUEST, DEFAULT_FORM_MILLIS));
    }

    private static Frontend.Policy frontendPolicy(Settings settings) {
        long client = millis(settings, ProxySettings.TIMEOUT_CLIENT, 0);
        long request = millis(settings, ProxySettings.TIMEOUT_HTTP_REQUEST, client);
        return new Frontend.Policy(settings.find(ProxySettings.MAXCONN).orElse(0), client, request,
                millis(settings, ProxySettings.TIMEOUT_HTTP_KEEP_ALIVE, request),
                millis(settings, ProxySettings.TIMEOUT_TUNNEL, 0),
                millis(settings, ProxySettings.TIMEOUT_CLIENT_FIN, 0),
                settings.get(ProxySettings.CONNECTION_MODE), settings.find(ProxySettings.FORWARDFOR),
                millis(settings, ProxySettings.TIMEOUT_TARPIT, DEFAULT_TARPIT_MILLIS),
                millis(settings, ProxySettings.TCP_REQUEST_INSPECT_DELAY, 0),
                millis(settings, ProxySettings.TIMEOUT_CLIENT_HS, request),
                ProxyOptions.clientSockets(settings), settings.get(ProxySettings.MAX_SESSION_SRV_CONNS), ProxyOptions.frontend(settings));
    }

    private List<PlannedBind> bind(FrontendSpec spec, Frontend frontend) {
        List<PlannedBind> planned = new ArrayList<>();
        if (!spec.settings().get(ProxySettings.DISABLED)) {
            List<Integer> ids = ProxyNumbers.ofBinds(spec.binds());
            for (int i = 0; i < spec.binds().size(); i++) {
                bind(spec, frontend, spec.binds().get(i), ids.get(i)).ifPresent(planned::add);
            }
        }
        return planned;
    }

    private Optional<PlannedBind> bind(FrontendSpec spec, Frontend frontend, BindSpec bind, int number) {
        Settings settings = EffectiveSettings.of(configuration.global().settings(), bind);
        Optional<SocketAddress> address = bind.address() instanceof AddressSpec.FileDescriptor inherited && !inherited.isPair()
                ? Optional.of(new InheritedAddress(inherited.number()))
                : SocketAddresses.ofBind(bind.address(), configuration.global().settings().get(GlobalSettings.UNIX_BIND_PREFIX), bind.location(), problems);
        Optional<BindTls> tls = Optional.empty();
        if (settings.get(BindSettings.SSL)) {
            try {
                tls = Optional.of(TlsContexts.forBind(settings, tlsSources));
                TlsFiles.notesOfBind(settings, tlsSources)
                        .forEach(note -> problems.notice(Problems.TLS, bind.location(), note, ""));
            } catch (TlsException e) {
                problems.error(Problems.TLS, bind.location(), e.getMessage(), "");
            }
        }
        BindRuntime runtime = new BindRuntime(
                frontend, settings.find(BindSettings.NAME).orElse(""), number,
                settings.get(BindSettings.ACCEPT_PROXY),
                settings.find(BindSettings.ACCEPT_NETSCALER_CIP).map(magic -> new NetscalerHeader(magic.intValue())), new UnixSocketFile(settings.find(BindSettings.MODE),
                        settings.find(BindSettings.USER), settings.find(BindSettings.GROUP)),
                settings.find(BindSettings.STARTTLS), tls, http2(spec, settings), socket(bind, settings), namespaces.byName());
        int backlog = settings.find(BindSettings.BACKLOG)
                .or(() -> spec.settings().find(ProxySettings.BACKLOG))
                .or(() -> spec.settings().find(ProxySettings.MAXCONN)).orElse(DEFAULT_BACKLOG);
        return address.map(a -> new PlannedBind(bind, spec, a, runtime, backlog));
    }

    private boolean isMoving(BindSpec bind) {
        return bind.address() instanceof AddressSpec.Ip ip && configuration.isVirtual(ip.address());
    }

    private BindSocket socket(BindSpec bind, Settings settings) {
        return new BindSocket(settings.find(BindSettings.INTERFACE), settings.get(BindSettings.V6ONLY), settings.get(BindSettings.TRANSPARENT), isMoving(bind),
                settings.find(BindSettings.MSS).orElse(0), settings.find(BindSettings.TCP_UT).map(time -> (int) time.toMillis()).orElse(0),
                settings.get(BindSettings.TFO), settings.get(BindSettings.DEFER_ACCEPT), namespaces.ofBind(settings));
    }

    private static BindRuntime.Http2 http2(FrontendSpec spec, Settings settings) {
        return settings.find(BindSettings.PROTO)
                .map(proto -> proto.equals("h2") ? BindRuntime.Http2.ALWAYS : BindRuntime.Http2.NEVER)
                .orElse(spec.settings().get(ProxySettings.DISABLE_H2_UPGRADE) ? BindRuntime.Http2.AGREED : BindRuntime.Http2.DETECTED);
    }

    /** Whole milliseconds; what is shorter than one still is a limit. */
    private static long millis(Settings settings, Setting<Duration> timeout, long otherwise) {
        return settings.find(timeout).map(t -> t.isZero() ? 0 : Math.max(1, t.toMillis())).orElse(otherwise);
    }
}
