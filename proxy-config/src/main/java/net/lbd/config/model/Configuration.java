package net.lbd.config.model;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import net.lbd.config.syntax.SourceLocation;

/**
 * A whole configuration that has passed every check: each named backend exists, modes fit, samples
 * are used where they have a value. A {@code listen} section appears twice, as a frontend and as a
 * backend of one name. Immutable.
 *
 * @param directors what the kernel forwards; the servers of each are a backend of its name, see {@link #serverGroups}
 * @param vrrp the addresses that this machine shares with a partner
 */
public record Configuration(
        GlobalSpec global, List<FrontendSpec> frontends, List<BackendSpec> backends, List<DirectorSpec> directors,
        List<VrrpSpec> vrrp, SharedSections shared) {

    /** Without layer 4. */
    public Configuration(GlobalSpec global, List<FrontendSpec> frontends, List<BackendSpec> backends, SharedSections shared) {
        this(global, frontends, backends, List.of(), List.of(), shared);
    }

    public Configuration {
        Objects.requireNonNull(global, "global");
        frontends = List.copyOf(frontends);
        backends = List.copyOf(backends);
        directors = List.copyOf(directors);
        vrrp = List.copyOf(vrrp);
        Objects.requireNonNull(shared, "shared");
    }

    /** The same with this backend in place of the one of its name. */
    public Configuration with(BackendSpec changed) {
        return new Configuration(global, frontends, backends.stream().map(b -> b.name().equals(changed.name()) ? changed : b).toList(), directors,
                vrrp, shared);
    }

    public Optional<FrontendSpec> frontend(String name) {
        return frontends.stream().filter(f -> f.name().equals(name)).findFirst();
    }

    /** Everything that has servers: the backends, and those of the directors behind them. */
    public List<BackendSpec> serverGroups() {
        if (directors.isEmpty()) {
            return backends;
        }
        return Stream.concat(backends.stream(), directors.stream().map(DirectorSpec::backend)).toList();
    }

    /** The network namespaces that sockets are made in, and where each is named first. */
    public Map<String, SourceLocation> namespaces() {
        Map<String, SourceLocation> names = new LinkedHashMap<>();
        for (FrontendSpec frontend : frontends) {
            for (BindSpec bind : frontend.binds()) {
                bind.settings().find(BindSettings.NAMESPACE).ifPresent(name -> names.putIfAbsent(name, bind.location()));
            }
        }
        for (BackendSpec backend : backends) {
            for (ServerSpec server : backend.servers()) {
                server.settings().find(ServerSettings.NAMESPACE)
                        .filter(name -> !name.equals(ServerSpec.CLIENTS_NAMESPACE) && !(server.address() instanceof AddressSpec.Unix))
                        .ifPresent(name -> names.putIfAbsent(name, server.location()));
            }
        }
        shared.namespaces().forEach(names::putIfAbsent);
        return names;
    }

    /** Whether this machine may not hold an address at times. */
    public boolean isVirtual(InetAddress address) {
        for (VrrpSpec section : vrrp) {
            for (VrrpSpec.VirtualAddress virtual : section.addresses()) {
                if (virtual.address().equals(address)) {
                    return true;
                }
            }
        }
        return false;
    }

    public Optional<BackendSpec> backend(String name) {
        return serverGroups().stream().filter(b -> b.name().equals(name)).findFirst();
    }
}
