package net.lbd.core.runtime;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.CookieSpec;
import net.lbd.config.model.GlobalVariables;
import net.lbd.config.model.ProxySettings;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.Diagnostic;
import net.lbd.config.syntax.Severity;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;
import net.lbd.core.backend.ServerState.Admin;
import net.lbd.core.listen.Frontend;
import net.lbd.core.sample.RuntimeNames;
import net.lbd.core.tls.CertificateStore;

/**
 * Servers that come and go, and cookies that change, while one configuration serves; the next reload knows nothing of it. Used
 * under the engine's lock. Source: HAProxy manual, management guide, "add server", "del server", "enable dynamic-cookie"; the
 * sentences were read off HAProxy 2.6.
 */
final class ServerRoster {

    private static final Set<String> DYNAMIC_BALANCING = Set.of("roundrobin", "leastconn", "first", "random", "sticky");

    private final StateRegistry registry;
    private final RuntimeNames names;
    private final NamespaceUse namespaces;
    private final Supplier<Frontend> anyFrontend;
    /** Ends what was made of certificates for servers that were added. */
    private final Map<Server, Runnable> forgets = new HashMap<>();
    private Configuration configuration;

    ServerRoster(Configuration configuration, StateRegistry registry, RuntimeNames names, NamespaceUse namespaces, Frontend anyFrontend) {
        this.configuration = configuration;
        this.registry = registry;
        this.names = names;
        this.namespaces = namespaces;
        this.anyFrontend = () -> anyFrontend;
    }

    /** With the changes so far. */
    Configuration configuration() {
        return configuration;
    }

    private record Compiled(Server server, ServerHealth.Plan plan, List<Runnable> commits) { }

    /**
     * Adds a server.
     *
     * @return what has to be watched
     * @throws ChangeRefused if it cannot be added
     */
    ServerHealth.Plan add(Backend backend, ServerChanges.Maker maker, CertificateStore certificates) throws ChangeRefused {
        BackendSpec before = spec(backend);
        if (!isBalancedDynamically(before)) {
            throw new ChangeRefused("Backend must use a dynamic load balancing to support dynamic servers.");
        }
        ServerSpec added = maker.make(configuration, before);
        Compiled compiled;
        try {
            compiled = compile(backend, before, added, Optional.empty(), certificates);
        } catch (ChangeRefused e) {
            registry.forget(before.name(), added.name());
            throw e;
        }
        compiled.commits.forEach(Runnable::run);
        // As in HAProxy: 'enable health' and 'enable agent' begin them.
        compiled.server.state().setAdded();
        List<Server> servers = new ArrayList<>(backend.servers());
        servers.add(compiled.server);
        List<ServerSpec> specs = new ArrayList<>(before.servers());
        specs.add(added);
        replace(backend, before.with(specs, before.settings()), servers);
        return compiled.plan;
    }

    private Compiled compile(Backend backend, BackendSpec of, ServerSpec spec, Optional<SocketAddress> place, CertificateStore certificates)
            throws ChangeRefused {
        Problems problems = new Problems();
        CertificateStore.Made<Optional<Compiled>> made = certificates.make(tls -> {
            ServerCompiler compiler = new ServerCompiler(configuration.global().settings(), registry, tls, namespaces, problems);
            RuntimeNames own = names.within(of.name());
            try {
                Server server = compiler.compile(of, spec, own, RuntimeCompiler.fullLoad(configuration, of), place);
                ServerHealth.Plan plan = compiler.plan(of, spec, backend, server, own, anyFrontend,
                        configuration.serverGroups().indexOf(of) + 1, RuntimeCompiler.firstListener(configuration, of.name()));
                return Optional.of(new Compiled(server, plan, compiler.commits()));
            } catch (IllegalArgumentException e) {
                problems.error(Problems.UNSUPPORTED, spec.location(), e.getMessage(), "");
                return Optional.empty();
            }
        });
        if (problems.hasErrors()) {
            made.forget().run();
            throw new ChangeRefused(String.join("; ", problems.list().stream().filter(d -> d.severity() == Severity.ERROR).map(Diagnostic::message).toList()));
        }
        Compiled compiled = made.value().orElseThrow();
        forgets.put(compiled.server, made.forget());
        return compiled;
    }

    /**
     * Has connections to a server speak TLS, or not.
     *
     * @return what has to be watched in place of what was
     * @throws ChangeRefused if its line does not say how its certificate is looked at
     */
    ServerHealth.Plan setTls(Backend backend, Server server, boolean on, CertificateStore certificates) throws ChangeRefused {
        BackendSpec before = spec(backend);
        ServerSpec spec = before.server(server.name()).orElseThrow();
        if (!ServerChanges.knowsTls(spec)) {
            throw new ChangeRefused(ServerChanges.NO_TLS);
        }
        ServerSpec changed = new ServerSpec(spec.name(), spec.id(), spec.location(), spec.address(),
                Settings.builder().putAll(spec.settings()).put(ServerSettings.SSL, on, spec.location()).build());
        // Where it is: a name is not looked up again.
        Compiled compiled = compile(backend, before, changed, Optional.of(server.checkAddress(Optional.empty())), certificates);
        replace(backend, before.with(before.servers().stream().map(s -> s == spec ? changed : s).toList(), before.settings()),
                backend.servers().stream().map(s -> s == server ? compiled.server : s).toList());
        Optional.ofNullable(forgets.remove(server)).ifPresent(Runnable::run);
        return compiled.plan;
    }

    /**
     * Takes a server out.
     *
     * @throws ChangeRefused if something still needs it
     */
    void remove(Backend backend, Server server) throws ChangeRefused {
        BackendSpec before = spec(backend);
        if (names.isNamed(before.name(), server.name()) || isTracked(before.name(), server.name())) {
            throw new ChangeRefused("This server cannot be removed at runtime due to other configuration elements pointing to it.");
        }
        if (server.state().admin() != Admin.MAINT) {
            throw new ChangeRefused("Only servers in maintenance mode can be deleted.");
        }
        if (server.load() > 0 || server.state().queued() > 0) {
            throw new ChangeRefused("Server still has connections attached to it, cannot remove it.");
        }
        replace(backend, before.with(before.servers().stream().filter(s -> !s.name().equals(server.name())).toList(), before.settings()),
                backend.servers().stream().filter(s -> s != server).toList());
        registry.forget(before.name(), server.name());
        Optional.ofNullable(forgets.remove(server)).ifPresent(Runnable::run);
    }

    /** Has servers without a value of their own get one made of their address, or not. Without a {@code cookie} line nothing changes. */
    void setDynamicCookie(Backend backend, boolean on) {
        BackendSpec before = spec(backend);
        Optional<CookieSpec> cookie = before.settings().find(ProxySettings.COOKIE);
        cookie.ifPresent(c -> replaceSettings(backend, before, Settings.builder().putAll(before.settings())
                .put(ProxySettings.COOKIE, c.dynamic(on), before.settings().origin(ProxySettings.COOKIE)).build()));
    }

    /** What values of servers are made with from now on. */
    void setDynamicCookieKey(Backend backend, String key) {
        BackendSpec before = spec(backend);
        replaceSettings(backend, before, Settings.builder().putAll(before.settings())
                .put(ProxySettings.DYNAMIC_COOKIE_KEY, key, before.location()).build());
    }

    RuntimeNames names() {
        return names;
    }

    /** Gives variables of the process other values. */
    void setVariables(GlobalVariables variables) {
        ProcessVariableSetup.run(variables, names, anyFrontend.get());
    }

    private void replaceSettings(Backend backend, BackendSpec before, Settings settings) {
        replace(backend, before.with(before.servers(), settings), backend.servers());
    }

    private void replace(Backend backend, BackendSpec spec, List<Server> servers) {
        MembersCompiler.replace(backend, spec, servers, names.within(spec.name()));
        configuration = configuration.with(spec);
    }

    private BackendSpec spec(Backend backend) {
        return configuration.backends().stream().filter(b -> b.name().equals(backend.name())).findFirst().orElseThrow();
    }

    private static boolean isBalancedDynamically(BackendSpec spec) {
        return !spec.settings().isSet(ProxySettings.DISPATCH) && (DYNAMIC_BALANCING.contains(spec.balance().algorithm())
                || !spec.balance().algorithm().equals("static-rr") && spec.settings().get(ProxySettings.HASH_TYPE).consistent());
    }

    private boolean isTracked(String backend, String server) {
        for (BackendSpec other : configuration.backends()) {
            for (ServerSpec tracker : other.servers()) {
                String track = tracker.settings().find(ServerSettings.TRACK).orElse("");
                if (track.equals(backend + "/" + server) || other.name().equals(backend) && track.equals(server)) {
                    return true;
                }
            }
        }
        return false;
    }
}
