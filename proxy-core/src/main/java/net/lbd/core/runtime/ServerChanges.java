package net.lbd.core.runtime;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import net.lbd.config.model.BackendSpec;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.GlobalVariables;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.core.backend.Backend;
import net.lbd.core.backend.Server;

/**
 * What an administrator may do with the servers of backends, and with the variables of the process, between two reloads; the next reload knows nothing of it. Thread-safe:
 * each change is made under the engine's lock, as reloads are. Source: HAProxy manual, management guide, "add server", "del server",
 * "enable dynamic-cookie", "set dynamic-cookie-key".
 */
public final class ServerChanges {

    /** Why TLS to a server cannot be switched on or off. */
    public static final String NO_TLS = "'set server <srv> ssl' cannot be set.  default-server should define ssl settings";

    private final ProxyEngine engine;

    ServerChanges(ProxyEngine engine) {
        this.engine = engine;
    }

    /** Makes the line of a server that is to be added. */
    @FunctionalInterface
    public interface Maker {
        /** @throws ChangeRefused if it would be wrong there */
        ServerSpec make(Configuration serving, BackendSpec backend) throws ChangeRefused;
    }

    /**
     * Adds a server to a backend; in maintenance unless its line says {@code enabled}, and unchecked until checks are switched on.
     *
     * @throws ChangeRefused if it cannot be
     */
    public void add(String backend, Maker maker) throws ChangeRefused {
        engine.change((roster, now, health) -> health.add(roster.add(changeable(now, backend), maker, engine.certificates())));
    }

    /**
     * Takes a server in maintenance out of its backend; idle connections to it are closed.
     *
     * @throws ChangeRefused if it cannot be
     */
    public void remove(String backend, String name) throws ChangeRefused {
        engine.change((roster, now, health) -> {
            Backend of = changeable(now, backend);
            Server server = server(of, name);
            roster.remove(of, server);
            health.remove(server);
        });
    }

    /** Has servers without a value of their own for the cookie get one made of their address, or not. */
    public void setDynamicCookie(String backend, boolean on) throws ChangeRefused {
        engine.change((roster, now, health) -> roster.setDynamicCookie(changeable(now, backend), on));
    }

    /** The secret of values that are made of addresses. */
    public void setDynamicCookieKey(String backend, String key) throws ChangeRefused {
        engine.change((roster, now, health) -> roster.setDynamicCookieKey(changeable(now, backend), key));
    }

    /** What the agent of a server is sent from now on, until the next reload. */
    public void setAgentQuestion(String backend, String name, String question) throws ChangeRefused {
        engine.change((roster, now, health) -> {
            Server server = server(changeable(now, backend), name);
            server.state().setAgentQuestion(question);
            health.askAnew(server);
        });
    }

    /**
     * Has connections to a server speak TLS, or not; those that are open stay.
     *
     * @throws ChangeRefused if its line says nothing of TLS
     */
    public void setTls(String backend, String name, boolean on) throws ChangeRefused {
        engine.change((roster, now, health) -> {
            Backend of = changeable(now, backend);
            Server before = server(of, name);
            ServerHealth.Plan plan = roster.setTls(of, before, on, engine.certificates());
            health.remove(before);
            health.add(plan);
        });
    }

    /** A variable of the process in words; empty if it is not set. */
    public Optional<String> variable(String name) throws ChangeRefused {
        AtomicReference<Optional<String>> told = new AtomicReference<>(Optional.empty());
        engine.change((roster, now, health) -> told.set(roster.names().processVariable(name)));
        return told.get();
    }

    /** Gives variables of the process other values, until the next reload. */
    public void setVariables(GlobalVariables variables) throws ChangeRefused {
        engine.change((roster, now, health) -> roster.setVariables(variables));
    }

    /** Whether the line of a server says how its certificate is looked at. */
    public static boolean knowsTls(ServerSpec server) {
        return server.settings().isSet(ServerSettings.VERIFY) || server.settings().isSet(ServerSettings.CA_FILE);
    }

    private static Server server(Backend backend, String name) throws ChangeRefused {
        return backend.servers().stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow(() -> new ChangeRefused("No such server."));
    }

    private static Backend changeable(ProxyRuntime now, String name) throws ChangeRefused {
        Backend backend = now.backend(name).orElseThrow(() -> new ChangeRefused("No such backend."));
        if (now.configuration().directors().stream().anyMatch(d -> d.name().equals(name))) {
            throw new ChangeRefused("'" + name + "' is a director: the kernel forwards to the servers of the configuration only; change it and reload.");
        }
        return backend;
    }
}
