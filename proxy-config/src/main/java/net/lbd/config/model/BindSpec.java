package net.lbd.config.model;

import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/**
 * One address of a {@code bind} line; a line that lists several addresses or a port range yields one
 * of these for each. Immutable.
 *
 * @param settings the keys are the constants of {@link BindSettings}
 */
public record BindSpec(SourceLocation location, AddressSpec address, Settings settings) {

    public BindSpec {
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(settings, "settings");
    }
}
