package net.lbd.core.runtime;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.lbd.config.model.BindSettings;
import net.lbd.config.model.ServerSettings;
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
    private final Map<Namespace, SourceLocation> used = new LinkedHashMap<>();

    NamespaceUse(Namespaces namespaces, Problems problems) {
        this.namespaces = Objects.requireNonNull(namespaces, "namespaces");
        this.problems = Objects.requireNonNull(problems, "problems");
    }

    /** Where a bind line listens; empty: where the daemon is. */
    Optional<Namespace> ofBind(Settings settings, SourceLocation where) {
        return settings.find(BindSettings.NAMESPACE).flatMap(name -> named(name, where));
    }

    /** Where a server is. */
    Place ofServer(Settings settings, SourceLocation where) {
        Optional<String> name = settings.find(ServerSettings.NAMESPACE);
        if (name.filter(ServerSettings.CLIENTS_NAMESPACE::equals).isPresent()) {
            return new Place(Optional.empty(), true);
        }
        return name.map(n -> new Place(named(n, where), false)).orElse(Place.HERE);
    }

    private Optional<Namespace> named(String name, SourceLocation where) {
        if (Transport.best() != Transport.EPOLL) {
            problems.error(Problems.SOURCE, where, "'namespace " + name + "' needs the native epoll transport, which is not in use here",
                    "leave out -Dlbd.transport, and see that Netty's native library can be loaded");
            return Optional.empty();
        }
        Namespace namespace = namespaces.named(name);
        used.putIfAbsent(namespace, where);
        return Optional.of(namespace);
    }

    Set<Namespace> used() {
        return used.keySet();
    }

    /** Has all of them make sockets; those that do not are told. Blocks. */
    void start() {
        List<NamespaceChecks.Lack> lacking = NamespaceChecks.of(used.keySet().stream().map(Namespace::name).collect(Collectors.toSet()));
        if (!lacking.isEmpty()) {
            SourceLocation where = used.values().iterator().next();
            lacking.forEach(lack -> problems.error(Problems.SOURCE, where, lack.what(), lack.remedy()));
            return;
        }
        used.forEach((namespace, where) -> {
            try {
                namespaces.start(namespace);
            } catch (IOException e) {
                problems.error(Problems.SOURCE, where, "sockets cannot be made in the network namespace '" + namespace.name() + "': " + e.getMessage(), "");
            }
        });
    }
}
