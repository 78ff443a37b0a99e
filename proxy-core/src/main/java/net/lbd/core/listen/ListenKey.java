package net.lbd.core.listen;

import java.net.InetSocketAddress;
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

    /** One line that another process understands: what it listens on under the same text is the same. */
    public String text() {
        String where = address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? inet.getAddress().getHostAddress() + " " + inet.getPort() : address.toString();
        return where + device.map(d -> " interface " + d).orElse("") + namespace.map(n -> " namespace " + n.name()).orElse("");
    }
}
