package net.lbd.l4;

import java.util.List;
import java.util.Objects;
import net.lbd.config.model.DirectorSpec;

/** A director and its servers with what was counted of them. Immutable. */
public record DirectorStatus(DirectorSpec spec, List<ServerStatus> servers) {

    /** One of them. */
    public record ServerStatus(String name, String address, int weight, String state, boolean isServing, Traffic traffic) {
        public ServerStatus {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(traffic, "traffic");
        }
    }

    public DirectorStatus {
        Objects.requireNonNull(spec, "spec");
        servers = List.copyOf(servers);
    }

    public Traffic traffic() {
        return servers.stream().map(ServerStatus::traffic).reduce(Traffic.NONE, Traffic::plus);
    }
}
