package net.lbd.core;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.ConnectionMode;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.LogFormatSpec;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.RuleSet;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.listen.BindRuntime;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.FrontendLog;
import net.lbd.core.listen.FrontendRules;
import net.lbd.core.listen.Generation;
import net.lbd.core.listen.Listener;
import net.lbd.core.log.LogFormat;
import net.lbd.core.log.LogFormats;
import net.lbd.core.log.LogTarget;
import net.lbd.core.log.LogWriter;
import net.lbd.core.rule.ErrorPages;
import net.lbd.core.rule.RuleCompiler;
import net.lbd.core.rule.RuleList;
import net.lbd.core.runtime.Transport;
import net.lbd.core.runtime.Worker;
import net.lbd.core.sample.ProcessFacts;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.session.Session;
import net.lbd.core.stats.ProxyCounters;
import net.lbd.core.stream.TestStream;

/**
 * A frontend as a configuration's text describes it, without sockets: for tests of what is compiled from
 * rules and log formats. Addresses are those of {@link #CLIENT} and {@link #LISTENER}.
 */
public final class TestProxy {

    public static final InetSocketAddress CLIENT = new InetSocketAddress("127.0.0.1", 40468);
    public static final InetSocketAddress LISTENER = new InetSocketAddress("127.0.0.1", 20080);
    public static final ProcessFacts FACTS = new ProcessFacts("vm", Optional.empty(), 13031, ZoneOffset.UTC, () -> 1, stream -> 15);

    private final Configuration configuration;
    private final Map<String, Backend> backends = new LinkedHashMap<>();
    private final RuntimeNames names = new RuntimeNames(FACTS);
    private final Frontend frontend;
    private final Worker worker;

    private TestProxy(String text, List<LogTarget> targets, LogWriter writer) {
        LoadResult result = new ConfigurationLoader(new Environment(Map.of("HOME", "/home/test"), Path.of(".")))
                .loadText("test.cfg", text);
        configuration = result.configuration()
                .orElseThrow(() -> new IllegalArgumentException(result.diagnostics().toString()));
        for (BackendSpec spec : configuration.backends()) {
            backends.put(spec.name(), backend(spec));
        }
        FrontendSpec spec = configuration.frontends().get(0);
        RuleCompiler compiler = new RuleCompiler(names.within(spec.name()));
        frontend = frontend(spec, compiler, targets, writer);
        names.bind(backends, Map.of(spec.name(), frontend));
        worker = new Worker(0, new EmbeddedChannel().eventLoop(), Transport.NIO, UnpooledByteBufAllocator.DEFAULT);
    }

    /** A configuration whose first frontend is looked at. */
    public static TestProxy ofConfiguration(String text) {
        return new TestProxy(text, List.of(), NoWriter.INSTANCE);
    }

    /** An HTTP frontend {@code f} with these lines, and a backend {@code b} with one server {@code s1}. */
    public static TestProxy http(String... frontendLines) {
        return ofConfiguration(httpText(frontendLines));
    }

    /** As {@link #http}, with a log. */
    public static TestProxy httpLoggingTo(List<LogTarget> targets, LogWriter writer, String... frontendLines) {
        return new TestProxy(httpText(frontendLines), targets, writer);
    }

    private static String httpText(String... frontendLines) {
        return """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                frontend f
                  bind 127.0.0.1:20080
                  %s
                  default_backend b
                backend b
                  server s1 127.0.0.1:20481
                """.formatted(String.join("\n  ", frontendLines));
    }

    /** A writer that is never started, for frontends without log targets. */
    private static final class NoWriter {
        private static final LogWriter INSTANCE = new LogWriter(1, Transport.NIO);
    }

    private static Backend backend(BackendSpec spec) {
        List<Server> servers = spec.servers().stream().map(TestProxy::server).toList();
        return TestBackends.of(spec.name(), spec.mode(), servers);
    }

    private static Server server(ServerSpec spec) {
        return TestBackends.server(spec, new Server.Share(spec.settings().get(ServerSettings.WEIGHT),
                spec.settings().get(ServerSettings.MAXCONN), spec.settings().get(ServerSettings.BACKUP), spec.id() * 4096));
    }

    private Frontend frontend(FrontendSpec spec, RuleCompiler compiler, List<LogTarget> targets, LogWriter writer) {
        FrontendRules rules = new FrontendRules(
                compiler.compile(spec.rules(), RuleSet.TCP_REQUEST_CONNECTION),
                compiler.compile(spec.rules(), RuleSet.TCP_REQUEST_SESSION),
                compiler.compile(spec.rules(), RuleSet.TCP_REQUEST_CONTENT),
                compiler.compile(spec.rules(), RuleSet.HTTP_REQUEST),
                compiler.compile(spec.rules(), RuleSet.REDIRECT),
                compiler.compile(spec.rules(), RuleSet.HTTP_RESPONSE),
                compiler.compile(spec.rules(), RuleSet.HTTP_AFTER_RESPONSE),
                compiler.compile(spec.switching(), spec.defaultBackend()), ErrorPages.NONE, Optional.empty(), names.logins());
        Optional<LogFormatSpec> format = spec.settings().find(ProxySettings.LOG_FORMAT);
        RuntimeNames own = names.within(spec.name());
        LogFormat line = format.map(f -> LogFormat.compile(f, LogFormat.Use.LOG, own))
                .orElseGet(() -> LogFormat.withoutFormat(spec.mode(), own));
        FrontendLog log = new FrontendLog(targets, List.of(), new LogFormats(line, Optional.empty(), Optional.empty(),
                spec.settings().find(ProxySettings.UNIQUE_ID_FORMAT).map(f -> LogFormat.compile(f, LogFormat.Use.VALUE, own)),
                Optional.empty(), Optional.empty()),
                spec.settings().get(ProxySettings.DONTLOGNULL), spec.settings().get(ProxySettings.DONTLOG_NORMAL),
                spec.settings().get(ProxySettings.LOGASAP), spec.settings().get(ProxySettings.LOG_SEPARATE_ERRORS),
                writer);
        Frontend.Policy policy = new Frontend.Policy(0, 0, 0, 0, 0, 0, ConnectionMode.KEEP_ALIVE, Optional.empty(), 0, 0, 0,
                net.lbd.core.connect.SocketPolicy.USUAL, 5, net.lbd.core.http.HttpOptions.USUAL);
        return new Frontend(spec.name(), 2, new Generation(1, Instant.EPOCH), spec.mode(), policy, spec.captures(), rules, log, new ProxyCounters());
    }

    public Frontend frontend() {
        return frontend;
    }

    public FrontendRules rules() {
        return frontend.rules();
    }

    public RuleList requestRules() {
        return frontend.rules().httpRequest();
    }

    public Backend backend(String name) {
        return backends.get(name);
    }

    public Worker worker() {
        return worker;
    }

    /** A connection of the client that has sent nothing yet. */
    public TestStream stream() {
        Listener listener = new Listener(LISTENER, BindRuntime.plain(frontend, "bind"), List.of());
        return new TestStream(new Session(worker, listener, new TestChannel(), 1));
    }

    /** A stream with this request, line ends of which may be plain LF. */
    public TestStream request(String head) {
        return stream().withRequest(head);
    }

    /** A channel that says to be connected to the client. */
    private static final class TestChannel extends EmbeddedChannel {
        @Override
        public SocketAddress remoteAddress() {
            return CLIENT;
        }

        @Override
        public SocketAddress localAddress() {
            return LISTENER;
        }
    }
}
