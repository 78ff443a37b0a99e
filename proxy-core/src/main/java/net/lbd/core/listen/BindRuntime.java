package net.lbd.core.listen;

import java.util.Objects;
import java.util.Optional;
import net.lbd.core.tls.BindTls;

/** What a connection that is accepted now gets; replaced as a whole by a reload. Immutable. */
public record BindRuntime(Frontend frontend, String name, Optional<BindTls> tls) {

    public BindRuntime {
        Objects.requireNonNull(frontend, "frontend");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(tls, "tls");
    }
}
