package net.lbd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import net.lbd.config.ConfigurationLoader;
import net.lbd.config.Environment;
import net.lbd.config.LoadResult;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.BindSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.FrontendSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Settings;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState;
import net.lbd.core.runtime.ApplyResult;
import net.lbd.core.runtime.EngineOptions;
import net.lbd.core.runtime.ProxyEngine;
import net.lbd.core.runtime.ProxyRuntime;
import net.lbd.health.HealthSnapshot;
import net.lbd.health.check.CheckResult;
import net.lbd.health.check.CheckStatus;

/** Configurations, and the runtime that a real engine makes of them. */
public final class Fixtures {

    private Fixtures() { }

    public static LoadResult load(String text) {
        return new ConfigurationLoader(new Environment(Map.of(), Path.of("/"))).loadText("test.cfg", text);
    }

    public static ConfigurationLoader.Compared compared(String text) {
        return new ConfigurationLoader(new Environment(Map.of(), Path.of("/"))).comparedText("test.cfg", text);
    }

    public static Configuration configuration(String text) {
        LoadResult result = load(text);
        assertThat(result.hasErrors()).as("%s", result.diagnostics()).isFalse();
        return result.configuration().orElseThrow();
    }

    private static final FrontendSpec LISTENER = listener();

    /** Port 0 cannot be written, but it can be built. */
    private static FrontendSpec listener() {
        FrontendSpec spec = configuration("frontend fixtures-listener\n timeout client 1s\n bind 127.0.0.1:1\n").frontends().get(0);
        BindSpec bind = new BindSpec(spec.location(),
                new AddressSpec.Ip("127.0.0.1:0", InetAddress.getLoopbackAddress(), new PortSpec.Fixed(0)), Settings.EMPTY);
        return new FrontendSpec(spec.name(), spec.location(), spec.mode(), List.of(bind), spec.rules(), spec.switching(),
                spec.defaultBackend(), spec.captures(), spec.logTargets(), spec.settings());
    }

    /**
     * What the engine builds of a configuration, without anything that works: it listens for a moment on one
     * port of the kernel's choice, as a configuration without a listener is refused, and checks nothing, but servers that are to be checked begin as freshly started ones do.
     */
    public static ProxyRuntime runtime(Configuration configuration) {
        Configuration quiet = new Configuration(configuration.global(),
                Stream.concat(Stream.of(LISTENER), configuration.frontends().stream().map(Fixtures::withoutBinds)).toList(),
                configuration.backends().stream().map(Fixtures::withoutChecks).toList(), configuration.shared());
        ProxyRuntime runtime;
        try (ProxyEngine engine = ProxyEngine.create(new EngineOptions())) {
            ApplyResult result = engine.apply(quiet);
            assertThat(result.applied()).as("%s", result.problems()).isTrue();
            runtime = engine.runtime().orElseThrow();
        }
        for (BackendSpec backend : configuration.backends()) {
            for (ServerSpec spec : backend.servers()) {
                if (spec.settings().get(ServerSettings.CHECK)) {
                    server(runtime, backend.name(), spec.name()).state()
                            .setHealth(new HealthSnapshot(true, 4, 2, 3, Optional.empty(), Instant.now()));
                }
            }
        }
        return new ProxyRuntime(runtime.generation(), configuration,
                runtime.frontends().stream().filter(f -> !f.name().equals(LISTENER.name())).toList(), runtime.backends(),
                runtime.tables(), runtime.maps(), runtime.caches());
    }

    public static Server server(ProxyRuntime runtime, String backend, String server) {
        return runtime.backend(backend).orElseThrow().servers().stream()
                .filter(s -> s.name().equals(server)).findFirst().orElseThrow();
    }

    /** The state after checks: {@code health} counts as HAProxy's, with {@code rise 2 fall 3}. */
    public static void checked(ServerState state, int health, CheckStatus status, int code, String info) {
        CheckResult result = health >= 2
                ? new CheckResult.Passed(status, OptionalInt.of(code), info, Duration.ofMillis(12), Instant.now())
                : new CheckResult.Failed(status, OptionalInt.of(code), info, "", Duration.ofMillis(12), Instant.now());
        state.setHealth(new HealthSnapshot(health >= 2, health, 2, 3, Optional.of(result), Instant.now()));
    }

    private static FrontendSpec withoutBinds(FrontendSpec spec) {
        return new FrontendSpec(spec.name(), spec.location(), spec.mode(), List.of(), spec.rules(), spec.switching(),
                spec.defaultBackend(), spec.captures(), spec.logTargets(), spec.settings());
    }

    private static BackendSpec withoutChecks(BackendSpec spec) {
        List<ServerSpec> servers = spec.servers().stream()
                .map(s -> new ServerSpec(s.name(), s.id(), s.location(), s.address(),
                        Settings.builder().putAll(s.settings()).remove(ServerSettings.CHECK).build()))
                .toList();
        return new BackendSpec(spec.name(), spec.location(), spec.mode(), spec.balance(), servers, spec.rules(),
                spec.check(), spec.logTargets(), spec.settings());
    }
}
