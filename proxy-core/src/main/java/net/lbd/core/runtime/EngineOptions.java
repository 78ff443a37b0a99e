package net.lbd.core.runtime;

import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;
import net.lbd.core.handover.ReceivedSockets;
import net.lbd.core.report.Product;

/**
 * What the engine is told besides the configuration. Immutable.
 *
 * @param transport how to reach the kernel's sockets
 * @param peerName what this process is called among its peers; empty: {@code localpeer}, else the name of the machine
 * @param product what it calls itself in reports
 * @param received the sockets of the process before this one
 * @param fatal ends the process with an exit code, when loops stand still or memory has run out; called once or more, on any thread
 */
public record EngineOptions(Transport transport, Optional<String> peerName, Product product, ReceivedSockets received, IntConsumer fatal) {

    public EngineOptions {
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(peerName, "peerName");
        Objects.requireNonNull(product, "product");
        Objects.requireNonNull(received, "received");
        Objects.requireNonNull(fatal, "fatal");
    }

    /** A product that is not known, in a process that nothing ends. */
    public EngineOptions(Transport transport, Optional<String> peerName) {
        this(transport, peerName, Product.UNKNOWN, new ReceivedSockets(), code -> { });
    }

    /** The best transport that this machine has. */
    public EngineOptions() {
        this(Transport.best(), Optional.empty());
    }
}
