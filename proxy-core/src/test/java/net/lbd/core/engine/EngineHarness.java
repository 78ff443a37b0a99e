package net.lbd.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.model.Configuration;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.Listener;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.core.runtime.EngineOptions;
import net.lbd.core.runtime.ProxyEngine;
import net.lbd.core.stats.ProxyCounters;
import net.lbd.testkit.Await;
import net.lbd.testkit.ClientTls;
import net.lbd.testkit.Ports;
import net.lbd.testkit.RawClient;

/**
 * The whole engine inside the test, made from the text of a configuration. The ports of
 * binds are written {@code @1}, {@code @2} and so on and stand for the same free port each time, also
 * in a reload. {@link #close} fails if a frontend, backend or server still counts
 * anything as being there.
 */
final class EngineHarness implements AutoCloseable {

    /** Ten seconds for everything. */
    static final String DEFAULTS = """
            defaults
              mode http
              timeout connect 10s
              timeout client 10s
              timeout server 10s
            """;
    private static final Pattern PORT = Pattern.compile(":@([0-9])");

    private final ProxyEngine engine = ProxyEngine.create(new EngineOptions());
    private final Map<String, Integer> ports = new HashMap<>();

    private EngineHarness() { }

    static EngineHarness start(String text) {
        EngineHarness harness = new EngineHarness();
        ApplyResult result = harness.apply(text);
        assertThat(result.applied()).as("%s", result.problems()).isTrue();
        return harness;
    }

    /** One frontend {@code fe}, one backend {@code be}, one worker, HTTP, ten seconds for everything. */
    static EngineHarness http(String frontendLines, String backendLines) {
        return start(httpText(frontendLines, backendLines));
    }

    static String httpText(String frontendLines, String backendLines) {
        return """
                global
                  nbthread 1
                %s
                frontend fe
                  bind 127.0.0.1:@1
                  %s
                  default_backend be
                backend be
                  %s
                """.formatted(DEFAULTS, frontendLines.replace("\n", "\n  "), backendLines.replace("\n", "\n  "));
    }

    static EngineHarness tcp(String frontendLines, String backendLines) {
        return start(httpText("mode tcp\n" + frontendLines, "mode tcp\n" + backendLines));
    }

    /** A {@code server} line. */
    static String server(String name, int port, String... options) {
        return "server " + name + " 127.0.0.1:" + port + " " + String.join(" ", options);
    }

    static Configuration load(String text) {
        LoadResult loaded = new ConfigurationLoader(new Environment(Map.of(), Path.of("").toAbsolutePath()))
                .loadText("test.cfg", text);
        return loaded.configuration()
                .orElseThrow(() -> new AssertionError("the test's configuration is wrong: " + loaded.diagnostics()));
    }

    ApplyResult apply(String text) {
        return engine.apply(load(PORT.matcher(text)
                .replaceAll(m -> ":" + ports.computeIfAbsent(m.group(1), name -> Ports.free()))));
    }

    void reload(String text) {
        ApplyResult result = apply(text);
        assertThat(result.applied()).as("%s", result.problems()).isTrue();
    }

    ProxyEngine engine() {
        return engine;
    }

    RawClient client() {
        return client("fe");
    }

    RawClient client(String frontend) {
        return RawClient.connect(address(frontend));
    }

    RawClient tlsClient(ClientTls tls) {
        return RawClient.connectTls(address("fe"), tls);
    }

    private InetSocketAddress address(String frontend) {
        for (Listener listener : engine.listeners()) {
            if (listener.bind().frontend().name().equals(frontend)) {
                return (InetSocketAddress) listener.boundAddress();
            }
        }
        throw new AssertionError("no listener of frontend " + frontend);
    }

    Backend backend(String name) {
        return engine.runtime().orElseThrow().backend(name).orElseThrow();
    }

    Frontend frontend(String name) {
        return engine.runtime().orElseThrow().frontend(name).orElseThrow();
    }

    /** The counters of a server of backend {@code be}. */
    ProxyCounters serverCounters(String name) {
        return backend("be").servers().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow().state().counters();
    }

    /** Waits until no backend and no server has a stream, and no frontend a connection. */
    void awaitIdle() {
        Await.until("no connection and no stream is left: " + load(), () -> load().values().stream().allMatch(n -> n == 0));
    }

    /** Waits until a connection has been accepted or turned away, be it long gone. */
    void awaitAccepted() {
        Await.until("a connection is accepted", () -> engine.runtime().orElseThrow().frontends().stream().map(f -> f.counters())
                .anyMatch(c -> c.total.sum() + c.connects.sum() + c.deniedConnections.sum() > 0));
    }

    /** Waits until no backend and no server has a stream; clients may stay connected. */
    void awaitNoStreams() {
        Await.until("no stream is left", () -> load().entrySet().stream()
                .allMatch(e -> e.getKey().startsWith("frontend") || e.getValue() == 0));
    }

    private Map<String, Integer> load() {
        Map<String, Integer> all = new java.util.TreeMap<>();
        engine.runtime().ifPresent(runtime -> {
            runtime.frontends().forEach(f -> all.put("frontend " + f.name(), f.counters().current.get()));
            for (Backend backend : runtime.backends()) {
                all.put("backend " + backend.name(), backend.counters().current.get());
                all.put("queue " + backend.name(), backend.queue().size());
                for (Server server : backend.servers()) {
                    all.put("server " + backend.name() + "/" + server.name(), server.load());
                }
            }
        });
        return all;
    }

    /** The threads of the engines of this process. */
    static List<String> threads() {
        List<String> names = new ArrayList<>();
        Thread.getAllStackTraces().keySet().stream().map(Thread::getName).filter(n -> n.startsWith("lbd-")).forEach(names::add);
        return names;
    }

    @Override
    public void close() {
        engine.close();
        // A password that is being checked is checked to the end: under load that takes its time.
        Await.until("the end of the engine's threads: " + threads(), Duration.ofSeconds(60), () -> threads().isEmpty());
        assertThat(load()).as("what is still counted behind the end of the engine").allSatisfy(
                (name, count) -> assertThat(count).as(name).isZero());
    }
}
