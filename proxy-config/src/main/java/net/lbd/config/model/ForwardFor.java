package net.lbd.config.model;

import java.util.Objects;
import java.util.Optional;

/**
 * {@code option forwardfor}: adds the client's address to the request. Immutable.
 *
 * @param header default {@code X-Forwarded-For}
 * @param except requests from this network get no header
 * @param onlyIfNone {@code if-none}: a header that is there already is left alone
 */
public record ForwardFor(String header, Optional<PatternSpec.Network> except, boolean onlyIfNone) {

    public static final ForwardFor DEFAULT = new ForwardFor("X-Forwarded-For", Optional.empty(), false);

    public ForwardFor {
        Objects.requireNonNull(header, "header");
        Objects.requireNonNull(except, "except");
    }
}
