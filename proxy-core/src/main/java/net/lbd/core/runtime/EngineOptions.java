package net.lbd.core.runtime;

import java.util.Objects;
import java.util.Optional;

/**
 * What the engine is told besides the configuration. Immutable.
 *
 * @param transport how to reach the kernel's sockets
 * @param peerName what this process is called among its peers; empty: {@code localpeer}, else the name of the machine
 */
public record EngineOptions(Transport transport, Optional<String> peerName) {

    public EngineOptions {
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(peerName, "peerName");
    }

    /** The best that this machine has. */
    public EngineOptions() {
        this(Transport.best(), Optional.empty());
    }
}
