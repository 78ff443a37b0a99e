package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A whole configuration that has passed every check: each named backend exists, modes fit, samples
 * are used where they have a value. A {@code listen} section appears twice, as a frontend and as a
 * backend of one name. Immutable.
 */
public record Configuration(
        GlobalSpec global, List<FrontendSpec> frontends, List<BackendSpec> backends, SharedSections shared) {

    public Configuration {
        Objects.requireNonNull(global, "global");
        frontends = List.copyOf(frontends);
        backends = List.copyOf(backends);
        Objects.requireNonNull(shared, "shared");
    }

    public Optional<FrontendSpec> frontend(String name) {
        return frontends.stream().filter(f -> f.name().equals(name)).findFirst();
    }

    public Optional<BackendSpec> backend(String name) {
        return backends.stream().filter(b -> b.name().equals(name)).findFirst();
    }
}
