package net.lbd.core.runtime;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.syntax.SourceLocation;

/** Turns the addresses of the model into those of sockets; resolves names, which may take its time. */
final class SocketAddresses {

    private SocketAddresses() { }

    /**
     * An address to listen on; empty, with the problem told, if there is none.
     */
    static Optional<SocketAddress> ofBind(AddressSpec spec, SourceLocation where, Problems problems) {
        if (spec instanceof AddressSpec.Unix unix && !unix.abstractName()) {
            return Optional.of(new DomainSocketAddress(unix.path()));
        }
        Optional<InetAddress> address = address(spec);
        if (address.isEmpty()) {
            problems.error(spec instanceof AddressSpec.Host ? Problems.RESOLVE : Problems.UNSUPPORTED, where,
                    spec instanceof AddressSpec.Host host
                            ? "the name '" + host.name() + "' cannot be resolved"
                            : "listening on '" + spec.text() + "' is not supported yet",
                    "");
            return Optional.empty();
        }
        return Optional.of(new InetSocketAddress(address.get(), port(spec).orElse(0)));
    }

    /**
     * An address to connect to; one that is not resolved stands for a name that is not known now.
     *
     * @param port overrides the address's own; empty leaves it, 0 if it has none
     */
    static SocketAddress ofServer(
            AddressSpec spec, Optional<Integer> port, SourceLocation where, Problems problems) {
        if (spec instanceof AddressSpec.Unix unix && !unix.abstractName()) {
            return new DomainSocketAddress(unix.path());
        }
        int number = port.orElseGet(() -> port(spec).orElse(0));
        Optional<InetAddress> address = address(spec);
        if (address.isPresent()) {
            return new InetSocketAddress(address.get(), number);
        }
        if (spec instanceof AddressSpec.Host host) {
            problems.warning(Problems.RESOLVE, where,
                    "the name '" + host.name() + "' cannot be resolved: the server counts as down",
                    "correct the name or its DNS entry, then reload");
            return InetSocketAddress.createUnresolved(host.name(), number);
        }
        problems.error(Problems.UNSUPPORTED, where, "connecting to '" + spec.text() + "' is not supported yet", "");
        return InetSocketAddress.createUnresolved("unsupported", number);
    }

    private static Optional<InetAddress> address(AddressSpec spec) {
        if (spec instanceof AddressSpec.Ip ip) {
            return Optional.of(ip.address());
        }
        if (spec instanceof AddressSpec.Host host) {
            try {
                return Optional.of(InetAddress.getByName(host.name()));
            } catch (UnknownHostException e) {
                // The caller tells, with the line of the configuration.
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The port of an address, if it is one number. */
    static Optional<Integer> port(AddressSpec spec) {
        PortSpec port = portSpec(spec);
        return port instanceof PortSpec.Fixed fixed ? Optional.of(fixed.port()) : Optional.empty();
    }

    static PortSpec portSpec(AddressSpec spec) {
        if (spec instanceof AddressSpec.Ip ip) {
            return ip.port();
        }
        return spec instanceof AddressSpec.Host host ? host.port() : PortSpec.NONE;
    }
}
