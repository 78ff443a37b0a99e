package net.lbd.config.model;

import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/**
 * A {@code server} line. Immutable.
 *
 * @param id its {@code id}, else its place among the servers, or the next number that is free
 * @param address without a port, a server is connected to on the port that its client asked for
 * @param settings the keys are the constants of {@link ServerSettings}; {@code default-server} is
 *     already applied
 */
public record ServerSpec(String name, int id, SourceLocation location, AddressSpec address, Settings settings) {

    /** Stands in {@link ServerSettings#NAMESPACE} for the network namespace of the client. */
    public static final String CLIENTS_NAMESPACE = "*";

    public ServerSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(settings, "settings");
    }
}
