package net.lbd.core.runtime;

import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.lbd.config.model.AddressSpec;
import net.lbd.config.model.PortSpec;
import net.lbd.config.syntax.SourceLocation;

/** Turns the addresses of the model into those of sockets; resolves names, which may take its time. */
final class SocketAddresses {

    private SocketAddresses() { }

    /** The bytes that the kernel has for the name of a Unix socket. */
    private static final int UNIX_NAME = 108;

    /**
     * An address to listen on; empty, with the problem told, if there is none.
     *
     * @param prefix put in front of the path of a Unix socket
     */
    static Optional<SocketAddress> ofBind(AddressSpec spec, String prefix, SourceLocation where, Problems problems) {
        if (spec instanceof AddressSpec.Unix unix) {
            return ofUnix(unix, unix.abstractName() ? "" : prefix, where, problems);
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
        if (spec instanceof AddressSpec.Unix unix) {
            return ofUnix(unix, "", where, problems).orElseGet(() -> InetSocketAddress.createUnresolved("unusable", 0));
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

    /** <em>Difference:</em> HAProxy fills an {@code abns@} name with zeros to the end, which Netty cannot; here it is as long as it is written. */
    private static Optional<SocketAddress> ofUnix(AddressSpec.Unix unix, String prefix, SourceLocation where, Problems problems) {
        int length = (prefix + unix.path()).getBytes(StandardCharsets.UTF_8).length;
        if (length >= UNIX_NAME) {
            problems.error(Problems.UNSUPPORTED, where, "the path of the socket '" + prefix + unix.path() + "' has " + length
                    + " bytes; the system takes " + (UNIX_NAME - 1), "");
            return Optional.empty();
        }
        return Optional.of(new DomainSocketAddress(unix.abstractName()
                ? "\0" + unix.path() : prefix + unix.path()));
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
