package net.lbd.core.runtime;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.Configuration;
import net.lbd.config.model.ServerSettings;
import net.lbd.config.model.ServerSpec;
import net.lbd.config.model.Settings;
import net.lbd.config.syntax.SourceLocation;
import net.lbd.core.backend.SourceChoice.Place;
import net.lbd.core.netns.Namespace;
import net.lbd.core.netns.NamespaceChecks;
import net.lbd.core.netns.Namespaces;

/** The network namespaces that one configuration names. Used by one thread, under the engine's lock. */
final class NamespaceUse {

    private final Namespaces namespaces;
    private final Problems problems;
    private final Map<String, Namespace> byName;
    private final Map<String, SourceLocation> where;

    NamespaceUse(Configuration configuration, Namespaces namespaces, Problems problems) {
        this.namespaces = Objects.requireNonNull(namespaces, "namespaces");
        this.problems = Objects.requireNonNull(problems, "problems");
        this.where = configuration.namespaces();
        Map<String, Namespace> named = new LinkedHashMap<>();
        if (Transport.best() == Transport.EPOLL) {
            where.keySet().forEach(name -> named.put(name, namespaces.named(name)));
        } else {
            where.forEach((name, location) -> problems.error(Problems.SOURCE, location, "'namespace " + name
                    + "' needs the native epoll transport, which is not in use here", "leave out -Dlbd.transport, and see that Netty's native library"
                    + " can be loaded"));
        }
        this.byName = Map.copyOf(named);
    }

    /** Where a bind line listens; empty: where the daemon is. */
    Optional<Namespace> ofBind(Settings settings) {
        return settings.find(BindSettings.NAMESPACE).map(byName::get);
    }

    /** Where a server is. One that the configuration does not name, as of a server that comes later, is an error and never the daemon's own. */
    Place ofServer(Settings settings, SourceLocation server) {
        Optional<String> name = settings.find(ServerSettings.NAMESPACE);
        if (name.isEmpty()) {
            return Place.HERE;
        }
        boolean clients = name.get().equals(ServerSpec.CLIENTS_NAMESPACE);
        if (!clients && !byName.containsKey(name.get()) && !problems.hasErrors()) {
            problems.error(Problems.SOURCE, server, "no bind or server line names the network namespace '" + name.get() + "', nor does namespace_list",
                    "name it in namespace_list and reload");
        }
        return new Place(name.map(byName::get), clients);
    }

    /** Those that a PROXY header may name. */
    Map<String, Namespace> byName() {
        return byName;
    }

    Set<Namespace> used() {
        return Set.copyOf(byName.values());
    }

    /** Has all of them make sockets; those that do not are told. Blocks. */
    void start() {
        List<NamespaceChecks.Lack> lacking = NamespaceChecks.of(byName.keySet());
        lacking.forEach(lack -> problems.error(Problems.SOURCE, where.get(lack.namespace().orElse(where.keySet().iterator().next())), lack.what(),
                lack.remedy()));
        if (lacking.isEmpty()) {
            namespaces.start(byName.values()).forEach((namespace, why) -> problems.error(Problems.SOURCE, where.get(namespace.name()),
                    "no socket can be made in the network namespace '" + namespace.name() + "': " + why, ""));
        }
    }
}
