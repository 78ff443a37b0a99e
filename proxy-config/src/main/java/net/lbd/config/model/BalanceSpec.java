package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/**
 * A {@code balance} line: how a backend chooses a server. Immutable.
 *
 * @param algorithm the keyword, such as {@code roundrobin} or {@code leastconn}
 * @param arguments what follows it, as checked by the keyword's row
 * @param key what {@code balance hash} hashes
 */
public record BalanceSpec(SourceLocation location, String algorithm, List<String> arguments, Optional<SampleSpec> key) {

    /** What a backend does that has no {@code balance} line. */
    public static final BalanceSpec DEFAULT = new BalanceSpec(SourceLocation.BUILT_IN, "roundrobin", List.of());

    public BalanceSpec {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(algorithm, "algorithm");
        arguments = List.copyOf(arguments);
        Objects.requireNonNull(key, "key");
    }

    public BalanceSpec(SourceLocation location, String algorithm, List<String> arguments) {
        this(location, algorithm, arguments, Optional.empty());
    }
}
