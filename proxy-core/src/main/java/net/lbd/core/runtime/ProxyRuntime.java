package net.lbd.core.runtime;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.Configuration;
import net.lbd.core.backend.Backend;
import net.lbd.core.http.HttpCache;
import net.lbd.core.listen.Frontend;
import net.lbd.core.listen.Generation;
import net.lbd.core.pattern.Maps;
import net.lbd.core.stick.StickTables;

/**
 * One configuration, ready to run: a snapshot that sessions hold until they end, whatever is loaded
 * after it. Immutable.
 *
 * @param generation which load it is
 */
public record ProxyRuntime(
        Generation generation, Configuration configuration, List<Frontend> frontends, List<Backend> backends, StickTables tables, Maps maps,
        List<HttpCache> caches) {

    public ProxyRuntime {
        Objects.requireNonNull(generation, "generation");
        Objects.requireNonNull(configuration, "configuration");
        frontends = List.copyOf(frontends);
        backends = List.copyOf(backends);
        Objects.requireNonNull(tables, "tables");
        Objects.requireNonNull(maps, "maps");
        caches = List.copyOf(caches);
    }

    /** The same in the words of another configuration, whose servers its backends have. */
    ProxyRuntime with(Configuration changed) {
        return new ProxyRuntime(generation, changed, frontends, backends, tables, maps, caches);
    }

    public Optional<Backend> backend(String name) {
        return backends.stream().filter(b -> b.name().equals(name)).findFirst();
    }

    public Optional<Frontend> frontend(String name) {
        return frontends.stream().filter(f -> f.name().equals(name)).findFirst();
    }
}
