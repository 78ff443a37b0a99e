package net.lbd.core.listen;

import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;

/** Which listener is the same over a reload: the one of an address, and of a network interface where that is told. Immutable. */
public record ListenKey(SocketAddress address, Optional<String> device) {

    public ListenKey {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(device, "device");
    }
}
