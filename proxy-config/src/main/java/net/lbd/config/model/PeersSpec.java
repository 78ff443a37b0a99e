package net.lbd.config.model;

import java.util.List;
import java.util.Objects;
import net.lbd.config.syntax.SourceLocation;

/**
 * A {@code peers} section: processes that share stick-tables. Which of the peers this process is, only the machine knows.
 * Immutable. Source: HAProxy manual, "Peers".
 *
 * @param enabled false: {@code disabled} stands in it
 * @param names every peer, in the order of the file
 * @param remotes those with an address; one of them may be this process, which then listens there
 * @param binds where this process listens
 * @param listening what {@code default-bind} says, for a local peer that is listened for by its address
 */
public record PeersSpec(
        String name,
        SourceLocation location,
        boolean enabled,
        List<String> names,
        List<ServerSpec> remotes,
        List<BindSpec> binds,
        Settings listening) {

    public PeersSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(location, "location");
        names = List.copyOf(names);
        remotes = List.copyOf(remotes);
        binds = List.copyOf(binds);
        Objects.requireNonNull(listening, "listening");
    }
}
