package net.lbd.core.runtime;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import net.lbd.config.model.AclSpec;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.keyword.rule.TcpActionKeywords;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.BackendSwitchSpec;
import net.lbd.config.model.BalanceSpec;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.BindSpec;
import net.lbd.config.model.ConditionSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ProxyMode;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.RuleSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Setting;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.http.HttpMessage;
import net.lbd.core.http.LocalReply;
import net.lbd.core.dns.ResolverSections;
import net.lbd.core.listen.BindRuntime;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.Listener;
import net.lbd.core.log.LogWriter;
import net.lbd.core.rule.Conditions;
import net.lbd.core.rule.RuleList;
import net.lbd.core.sample.ProcessFacts;
import net.lbd.core.session.Session;
import net.lbd.core.session.TlsInfo;
import net.lbd.core.tls.TlsSources;
import net.lbd.core.stream.DryStream;
import net.lbd.core.stream.Verdict;

/**
 * Runs the compiled rules of a configuration over requests that never took place, and tells what they
 * did: the rules are those of the data plane, compiled by {@link RuntimeCompiler}. Opens no socket, asks
 * no name server and loads no certificate: every server counts as up. Used by one thread.
 */
public final class RuleWalk implements AutoCloseable {

    /** Stands in for host names, which are not looked up (RFC 5737). */
    private static final byte[] SOMEWHERE = {(byte) 192, 0, 2, 1};

    private static final List<Setting<java.time.Duration>> FRONTEND_TIMEOUTS = List.of(ProxySettings.TIMEOUT_CLIENT,
            ProxySettings.TIMEOUT_HTTP_REQUEST, ProxySettings.TIMEOUT_HTTP_KEEP_ALIVE, ProxySettings.TIMEOUT_CLIENT_FIN);
    private static final List<Setting<java.time.Duration>> BACKEND_TIMEOUTS = List.of(ProxySettings.TIMEOUT_QUEUE,
            ProxySettings.TIMEOUT_CONNECT, ProxySettings.TIMEOUT_SERVER, ProxySettings.TIMEOUT_SERVER_FIN, ProxySettings.TIMEOUT_TUNNEL);

    private final Configuration configuration;
    private final RuntimeCompiler compiler;
    private final ProxyRuntime runtime;
    private final LogWriter logs;
    private final Worker worker = new Worker(0, new EmbeddedChannel().eventLoop(), Transport.NIO, UnpooledByteBufAllocator.DEFAULT);

    /**
     * A request to walk through the rules.
     *
     * @param frontend empty: the one whose bind line fits scheme and port
     * @param host of the URL, without port; empty if it has none
     * @param port -1: the one of the scheme
     * @param target what stands in the request line
     * @param sni empty: the host
     * @param headers {@code Name: value}; a Host header among them replaces the one of the URL
     */
    public record Request(
            Optional<String> frontend, String method, boolean tls, String host, int port, String target, InetAddress from,
            Optional<String> sni, List<String> headers) {
        public Request {
            Objects.requireNonNull(method, "method");
            Objects.requireNonNull(from, "from");
            headers = List.copyOf(headers);
        }

        int realPort() {
            return port >= 0 ? port : tls ? 443 : 80;
        }
    }

    /** A configuration that this version cannot carry out. */
    public static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient List<Diagnostic> problems;

        UnusableException(List<Diagnostic> problems) {
            super(String.valueOf(problems));
            this.problems = problems;
        }

        public List<Diagnostic> problems() {
            return problems;
        }
    }

    private RuleWalk(Configuration configuration) throws UnusableException {
        this.configuration = configuration;
        this.logs = new LogWriter(1, Transport.NIO);
        ProcessFacts facts = new ProcessFacts("localhost", Optional.empty(), ProcessHandle.current().pid(), ZoneId.systemDefault(), () -> 1, s -> 1);
        Problems problems = new Problems();
        Configuration quiet = quiet(configuration);
        this.compiler = new RuntimeCompiler(
                quiet, new StateRegistry(), new LogSetup(logs, quiet.global().settings(), facts), facts, TlsSources.alone(),
                ResolverSections.unused(quiet.shared().resolvers()), Optional.empty(), problems);
        Optional<RuntimeCompiler.Result> result = compiler.compile(1);
        if (result.isEmpty()) {
            close();
            throw new UnusableException(problems.list());
        }
        this.runtime = result.get().runtime();
        result.get().commits().forEach(Runnable::run);
    }

    /** Compiles a configuration. */
    public static RuleWalk of(Configuration configuration) throws UnusableException {
        return new RuleWalk(configuration);
    }

    @Override
    public void close() {
        logs.close();
    }

    // ---- the configuration without what reaches outside

    private static Configuration quiet(Configuration all) {
        return new Configuration(all.global(), all.frontends().stream().map(RuleWalk::quiet).toList(),
                all.backends().stream().map(RuleWalk::quiet).toList(), all.shared().withoutNamespaces());
    }

    private static FrontendSpec quiet(FrontendSpec spec) {
        List<BindSpec> binds = spec.binds().stream().limit(1)
                .map(b -> new BindSpec(b.location(), somewhere(b.address()), Settings.EMPTY)).toList();
        return new FrontendSpec(spec.name(), spec.location(), spec.mode(), binds, spec.rules(), spec.switching(),
                spec.defaultBackend(), spec.captures(), List.of(), spec.settings());
    }

    private static BackendSpec quiet(BackendSpec spec) {
        List<ServerSpec> servers = spec.servers().stream().map(s -> new ServerSpec(s.name(), s.id(), s.location(), somewhere(s.address()),
                Settings.builder().putAll(s.settings()).remove(ServerSettings.CHECK).remove(ServerSettings.SSL)
                        .remove(ServerSettings.NAMESPACE).build())).toList();
        // Every server is a candidate whatever chooses among them.
        BalanceSpec balance = new BalanceSpec(spec.balance().location(), BalanceSpec.DEFAULT.algorithm(), List.of());
        return new BackendSpec(spec.name(), spec.location(), spec.mode(), balance, servers, spec.rules(), spec.check(),
                List.of(), spec.settings());
    }

    private static AddressSpec somewhere(AddressSpec address) {
        if (!(address instanceof AddressSpec.Host host)) {
            return address;
        }
        try {
            return new AddressSpec.Ip(host.text(), InetAddress.getByAddress(SOMEWHERE), host.port());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---- the walk

    /**
     * Walks a request through the rules.
     *
     * @throws IllegalArgumentException if there is no such frontend, or the request is not valid
     */
    public Explanation explain(Request request) {
        Optional<BindSpec> bind = request.frontend().isPresent() ? Optional.empty() : bindFor(request);
        FrontendSpec spec = frontendFor(request, bind);
        Frontend frontend = runtime.frontend(spec.name()).orElseThrow();
        boolean http = speaksHttp(spec);
        Session session = session(request, frontend);
        DryStream stream = new DryStream(session, http ? head(request) : "");
        List<String> before = http ? headers(stream.request()) : List.of();
        Walk walk = new Walk(stream);

        Verdict verdict = walk.list(frontend.rules().tcpConnection(), spec.rules(), spec.name());
        verdict = goesOn(verdict) ? walk.list(frontend.rules().tcpSession(), spec.rules(), spec.name()) : verdict;
        verdict = goesOn(verdict) ? walk.list(frontend.rules().tcpContent(), spec.rules(), spec.name()) : verdict;
        if (http) {
            verdict = goesOn(verdict) ? walk.list(frontend.rules().httpRequest(), spec.rules(), spec.name()) : verdict;
            verdict = goesOn(verdict) ? walk.list(frontend.rules().redirect(), spec.rules(), spec.name()) : verdict;
        }
        Optional<BackendSpec> backend = Optional.empty();
        if (goesOn(verdict)) {
            Backend chosen = walk.switching(spec, frontend);
            if (chosen == Backend.NONE) {
                verdict = new Verdict.Deny(503);
            } else {
                backend = configuration.backend(chosen.name());
                stream.enter(chosen);
                boolean apart = !chosen.isOf(frontend);
                if (apart) {
                    verdict = walk.list(chosen.rules().tcpContent(), backend.orElseThrow().rules(), chosen.name());
                }
                if (http && apart && goesOn(verdict)) {
                    verdict = walk.list(chosen.rules().httpRequest(), backend.orElseThrow().rules(), chosen.name());
                    verdict = goesOn(verdict) ? walk.list(chosen.rules().redirect(), backend.get().rules(), chosen.name()) : verdict;
                }
                if (goesOn(verdict) && http) {
                    stream.addForwardedFor();
                }
                if (goesOn(verdict) && chosen.usableServers() == 0) {
                    verdict = new Verdict.Deny(503);
                }
            }
        }
        boolean goesToServer = goesOn(verdict) && backend.isPresent();
        // Before the cookie is taken out.
        List<String> keys = goesToServer ? PersistenceKeys.of(backend.get(), stream, compiler.names(backend.get().name())) : List.of();
        Optional<Explanation.Named> named = goesToServer ? walk.named(backend.get()) : Optional.empty();
        List<String> requestChanges = http ? changes(before, headers(stream.request())) : List.of();
        List<String> responseChanges = goesToServer && http ? answer(stream, walk, spec, frontend, backend.get()) : List.of();
        return result(spec, bind, walk, backend, verdict, named, requestChanges, keys, responseChanges);
    }

    /** An answer of 200 on its way back: the rules of the backend, then those of the frontend. */
    private List<String> answer(DryStream stream, Walk walk, FrontendSpec spec, Frontend frontend, BackendSpec backend) {
        stream.answer();
        List<String> before = headers(stream.response());
        Backend chosen = runtime.backend(backend.name()).orElseThrow();
        Verdict verdict = walk.list(chosen.rules().httpResponse(), backend.rules(), backend.name());
        verdict = goesOn(verdict) ? walk.list(frontend.rules().httpResponse(), spec.rules(), spec.name()) : verdict;
        if (goesOn(verdict)) {
            walk.list(chosen.rules().afterResponse(), backend.rules(), backend.name());
            walk.list(frontend.rules().afterResponse(), spec.rules(), spec.name());
        }
        return changes(before, headers(stream.response()));
    }

    /** Also one in mode tcp that goes over to HTTP: a request was asked about. */
    private boolean speaksHttp(FrontendSpec spec) {
        return spec.mode() == ProxyMode.HTTP
                || spec.rules().stream().anyMatch(rule -> rule.action() instanceof TcpActionKeywords.SwitchMode)
                || Stream.concat(spec.switching().stream().flatMap(line -> line.backend().asLiteral().stream()), spec.defaultBackend().stream())
                        .anyMatch(name -> configuration.backend(name).filter(b -> b.mode() == ProxyMode.HTTP).isPresent());
    }

    private static boolean goesOn(Verdict verdict) {
        return verdict == Verdict.CONTINUE || verdict == Verdict.STOP;
    }

    private Explanation result(FrontendSpec spec, Optional<BindSpec> bind, Walk walk, Optional<BackendSpec> backend, Verdict verdict,
            Optional<Explanation.Named> named, List<String> headerChanges, List<String> keys, List<String> responseChanges) {
        OptionalInt status = OptionalInt.empty();
        Optional<String> redirect = Optional.empty();
        if (verdict instanceof Verdict.Deny deny) {
            status = OptionalInt.of(deny.status());
        } else if (verdict instanceof Verdict.Reply reply) {
            status = OptionalInt.of(reply.reply().status());
            redirect = location(reply.reply());
        } else if (verdict instanceof Verdict.Service) {
            status = OptionalInt.of(200);
        }
        boolean forwarded = goesOn(verdict);
        List<Explanation.Timeout> timeouts = new ArrayList<>();
        timeouts(spec.settings(), FRONTEND_TIMEOUTS, timeouts);
        backend.ifPresent(b -> timeouts(b.settings(), BACKEND_TIMEOUTS, timeouts));
        List<Explanation.Candidate> candidates = !forwarded || backend.isEmpty() ? List.of() : candidates(backend.get());
        return new Explanation(spec.name(), bind.map(BindSpec::location), walk.steps, backend.map(BackendSpec::name), candidates, named,
                backend.map(b -> b.balance().algorithm()).orElse(""), status, redirect, verdict instanceof Verdict.Abort,
                forwarded ? headerChanges : List.of(), keys, responseChanges, timeouts);
    }

    /** Those in use: backup servers only where there is no other. */
    private static List<Explanation.Candidate> candidates(BackendSpec backend) {
        List<ServerSpec> enabled = backend.servers().stream().filter(s -> !s.settings().get(ServerSettings.DISABLED)).toList();
        boolean onlyBackups = enabled.stream().allMatch(s -> s.settings().get(ServerSettings.BACKUP));
        return enabled.stream().filter(s -> onlyBackups || !s.settings().get(ServerSettings.BACKUP))
                .map(s -> new Explanation.Candidate(s.name(), s.address().text(), s.settings().get(ServerSettings.WEIGHT),
                        s.settings().get(ServerSettings.BACKUP), s.location())).toList();
    }

    private static void timeouts(Settings settings, List<Setting<java.time.Duration>> wanted, List<Explanation.Timeout> to) {
        wanted.forEach(setting -> settings.find(setting)
                .ifPresent(value -> to.add(new Explanation.Timeout(setting.name(), value, settings.origin(setting)))));
    }

    private static Optional<String> location(LocalReply reply) {
        return reply.headers().stream().filter(h -> text(h.name(), 0, h.name().length).equalsIgnoreCase("location"))
                .map(h -> text(h.value(), 0, h.value().length)).findFirst();
    }

    // ---- who answers

    /** The line that listens on the port of the request and speaks TLS or not as it does. */
    private Optional<BindSpec> bindFor(Request request) {
        for (FrontendSpec frontend : configuration.frontends()) {
            for (BindSpec bind : frontend.binds()) {
                if (port(bind.address()) == request.realPort() && isTls(bind) == request.tls() && isEnabled(frontend)) {
                    return Optional.of(bind);
                }
            }
        }
        return Optional.empty();
    }

    private FrontendSpec frontendFor(Request request, Optional<BindSpec> bind) {
        if (request.frontend().isPresent()) {
            return configuration.frontend(request.frontend().get())
                    .orElseThrow(() -> new IllegalArgumentException("no frontend is named '" + request.frontend().get() + "'"));
        }
        if (bind.isPresent()) {
            return configuration.frontends().stream().filter(f -> f.binds().contains(bind.get())).findFirst().orElseThrow();
        }
        List<FrontendSpec> enabled = configuration.frontends().stream().filter(f -> isEnabled(f) && !f.binds().isEmpty()).toList();
        return enabled.stream().filter(f -> f.binds().stream().anyMatch(b -> isTls(b) == request.tls()) && f.mode() == ProxyMode.HTTP)
                .findFirst().or(() -> enabled.stream().filter(f -> f.mode() == ProxyMode.HTTP).findFirst())
                .orElseThrow(() -> new IllegalArgumentException("no frontend listens on port " + request.realPort()
                        + (request.tls() ? " with TLS" : "") + ", and none speaks HTTP; name one"));
    }

    private static boolean isEnabled(FrontendSpec frontend) {
        return !frontend.settings().get(ProxySettings.DISABLED);
    }

    private static boolean isTls(BindSpec bind) {
        return bind.settings().get(BindSettings.SSL);
    }

    private static int port(AddressSpec address) {
        PortSpec port = address instanceof AddressSpec.Ip ip ? ip.port() : PortSpec.NONE;
        return port instanceof PortSpec.Fixed fixed ? fixed.port() : -1;
    }

    private Session session(Request request, Frontend frontend) {
        InetSocketAddress client = new InetSocketAddress(request.from(), 40000);
        InetSocketAddress local = new InetSocketAddress(InetAddress.getLoopbackAddress(), request.realPort());
        Listener listener = new Listener(local, BindRuntime.plain(frontend, "explain"), List.of());
        Session session = new Session(worker, listener, new Loopback(client, local), 1);
        // A frontend in mode tcp passes TLS through without ending it.
        if (request.tls() && frontend.mode() == ProxyMode.HTTP) {
            session.setTls(new TlsInfo("TLSv1.3", "TLS_AES_256_GCM_SHA384", request.sni().orElse(request.host()), "http/1.1",
                    new byte[0], false));
        }
        return session;
    }

    /** A channel that goes nowhere and says to be connected. */
    private static final class Loopback extends EmbeddedChannel {
        private final SocketAddress client;
        private final SocketAddress local;

        Loopback(SocketAddress client, SocketAddress local) {
            this.client = client;
            this.local = local;
        }

        @Override
        public SocketAddress remoteAddress() {
            return client;
        }

        @Override
        public SocketAddress localAddress() {
            return local;
        }
    }

    // ---- the message

    private static String head(Request request) {
        StringBuilder head = new StringBuilder(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        boolean hasHost = request.headers().stream().anyMatch(h -> h.toLowerCase(Locale.ROOT).startsWith("host:"));
        if (!hasHost && !request.host().isEmpty()) {
            head.append("Host: ").append(request.host()).append(request.port() >= 0 ? ":" + request.port() : "").append("\r\n");
        }
        request.headers().forEach(h -> head.append(h).append("\r\n"));
        return head.append("\r\n").toString();
    }

    private static List<String> headers(HttpMessage message) {
        List<String> lines = new ArrayList<>();
        lines.add(text(message.bytes(), message.methodOffset(), message.methodLength()) + " "
                + text(message.bytes(), message.targetOffset(), message.targetLength()));
        for (int i = 0; i < message.headerCount(); i++) {
            if (!message.isRemoved(i)) {
                lines.add(text(message.bytes(), message.nameOffset(i), message.nameLength(i)) + ": "
                        + text(message.bytes(), message.valueOffset(i), message.valueLength(i)));
            }
        }
        return lines;
    }

    private static List<String> changes(List<String> before, List<String> after) {
        List<String> gone = new ArrayList<>(before);
        after.forEach(gone::remove);
        List<String> come = new ArrayList<>(after);
        before.forEach(come::remove);
        List<String> changes = new ArrayList<>();
        gone.forEach(h -> changes.add("- " + h));
        come.forEach(h -> changes.add("+ " + h));
        return changes;
    }

    private static String text(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    /** Collects the steps. */
    private final class Walk {

        private final DryStream stream;
        private final List<Explanation.Step> steps = new ArrayList<>();

        Walk(DryStream stream) {
            this.stream = stream;
        }

        Verdict list(RuleList rules, List<RuleSpec> specs, String proxy) {
            return rules.walk(stream, new RuleList.Observer() {
                private List<Explanation.Acl> acls = List.of();

                @Override
                public void looking(SourceLocation rule) {
                    // Before the rule runs: it may change what its ACLs look at.
                    acls = acls(spec(rule).condition(), proxy);
                }

                @Override
                public void looked(SourceLocation rule, Optional<Verdict> verdict) {
                    RuleSpec spec = spec(rule);
                    steps.add(new Explanation.Step(rule, spec.set().keyword(), name(spec), verdict.isPresent(), acls));
                }

                private RuleSpec spec(SourceLocation rule) {
                    return specs.stream().filter(s -> s.location().equals(rule)).findFirst().orElseThrow();
                }
            });
        }

        Backend switching(FrontendSpec spec, Frontend frontend) {
            int match = frontend.rules().switching().firstMatch(stream);
            for (int i = 0; i < spec.switching().size() && (match < 0 || i <= match); i++) {
                BackendSwitchSpec line = spec.switching().get(i);
                steps.add(new Explanation.Step(line.location(), "use_backend", line.backend().text(), i == match,
                        acls(line.condition(), spec.name())));
            }
            return frontend.rules().switching().choose(stream);
        }

        /** What goes before the balancing: {@code use-server} lines, then the cookie. */
        Optional<Explanation.Named> named(BackendSpec spec) {
            list(runtime.backend(spec.name()).orElseThrow().rules().persistence().useServer(), spec.rules(), spec.name());
            Server wanted = stream.persistentServer();
            if (wanted == Server.NONE) {
                return Optional.empty();
            }
            return Optional.of(new Explanation.Named(wanted.name(), stream.isAskedFor() ? "a use-server line"
                    : "cookie " + spec.settings().get(ProxySettings.COOKIE).name()));
        }

        private List<Explanation.Acl> acls(Optional<ConditionSpec> condition, String proxy) {
            List<Explanation.Acl> acls = new ArrayList<>();
            condition.ifPresent(c -> c.anyOf().forEach(all -> all.forEach(term -> {
                AclSpec acl = term.acl();
                boolean holds = Conditions.compile(new ConditionSpec(c.location(), false, List.of(List.of(new ConditionSpec.Term(false, acl)))),
                        compiler.names(proxy)).holds(stream);
                String name = acl.name().isEmpty() ? "{ " + acl.tests().get(0).sample().text() + " }" : acl.name();
                acls.add(new Explanation.Acl(name, acl.location(), holds));
            })));
            return acls;
        }

        /** {@code SetHeader} as {@code set-header}. */
        private String name(RuleSpec spec) {
            return spec.action().getClass().getSimpleName().replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        }
    }
}
