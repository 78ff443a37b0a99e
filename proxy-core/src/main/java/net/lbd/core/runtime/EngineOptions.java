package net.lbd.core.runtime;

import java.util.Objects;

/**
 * What the engine is told besides the configuration. Immutable.
 *
 * @param transport how to reach the kernel's sockets
 */
public record EngineOptions(Transport transport) {

    public EngineOptions {
        Objects.requireNonNull(transport, "transport");
    }

    /** The best that this machine has. */
    public EngineOptions() {
        this(Transport.best());
    }
}
