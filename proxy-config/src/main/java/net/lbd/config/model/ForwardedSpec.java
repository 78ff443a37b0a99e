package net.lbd.config.model;

import java.util.Objects;
import java.util.Optional;

/**
 * {@code option forwarded}: which parameters of the Forwarded header (RFC 7239) are written; an empty one is left out. Immutable.
 *
 * @param proto whether the client came by http or https
 * @param host what it asked for
 * @param by the address that it came to
 * @param forNode the client
 */
public record ForwardedSpec(boolean proto, Optional<Part> host, Optional<Part> by, Optional<Part> byPort, Optional<Part> forNode,
        Optional<Part> forPort) {

    /** @param expression empty: what is the case */
    public record Part(Optional<SampleSpec> expression) {
        public Part {
            Objects.requireNonNull(expression, "expression");
        }
    }

    public ForwardedSpec {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(byPort, "byPort");
        Objects.requireNonNull(forNode, "forNode");
        Objects.requireNonNull(forPort, "forPort");
    }
}
