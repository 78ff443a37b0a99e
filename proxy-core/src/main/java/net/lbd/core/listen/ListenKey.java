package net.lbd.core.listen;

import java.net.SocketAddress;
import java.util.Objects;
import java.util.Optional;
import net.lbd.core.netns.Namespace;

/** Which listener is the same over a reload: the one of an address, and of a network interface and namespace where those are told. Immutable. */
public record ListenKey(SocketAddress address, Optional<String> device, Optional<Namespace> namespace) {

    public ListenKey {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(namespace, "namespace");
    }
}
