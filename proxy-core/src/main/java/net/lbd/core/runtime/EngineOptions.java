package net.lbd.core.runtime;

import java.util.Objects;
import net.lbd.core.report.Product;

/**
 * What the engine is told besides the configuration. Immutable.
 *
 * @param transport how to reach the kernel's sockets
 * @param product what it calls itself in reports
 */
public record EngineOptions(Transport transport, Product product) {

    public EngineOptions {
        Objects.requireNonNull(transport, "transport");
        Objects.requireNonNull(product, "product");
    }

    /** The best transport that this machine has. */
    public EngineOptions(Product product) {
        this(Transport.best(), product);
    }

    /** The best transport that this machine has. */
    public EngineOptions() {
        this(Product.UNKNOWN);
    }
}
