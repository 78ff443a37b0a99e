package net.lbd.core.balance;

import java.util.Objects;
import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/** {@code dispatch}: one address for all, which is no server of the backend. Immutable. Source: HAProxy manual, "dispatch". */
public final class Dispatch implements LoadBalancer {

    private final Server address;

    public Dispatch(Server address) {
        this.address = Objects.requireNonNull(address, "address");
    }

    @Override
    public boolean isKeyed() {
        return true;
    }

    @Override
    public Server choose(Stream stream, Server avoid) {
        return address;
    }
}
