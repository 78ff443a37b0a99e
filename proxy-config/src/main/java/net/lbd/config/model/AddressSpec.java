package net.lbd.config.model;

import java.net.InetAddress;
import java.util.Objects;

/**
 * An address of a {@code bind}, {@code server}, {@code log} or {@code source} line. Immutable.
 * Source: HAProxy manual, section "Address formats".
 */
public sealed interface AddressSpec {

    /** The text to show, as the user wrote it. */
    String text();

    /** Whether this version can open a socket of the kind, for any purpose; {@code bind} lines take {@code fd@} as well. */
    default boolean isServed() {
        return this instanceof Ip || this instanceof Host || this instanceof Unix;
    }

    /** A numeric address. {@code *} and an empty host are the IPv4 wildcard address. */
    record Ip(String text, InetAddress address, PortSpec port) implements AddressSpec {
        public Ip {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(address, "address");
            Objects.requireNonNull(port, "port");
        }
    }

    /** A host name, resolved when the runtime is built and, with resolvers, while it runs. */
    record Host(String text, String name, PortSpec port) implements AddressSpec {
        public Host {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(port, "port");
        }
    }

    /** A Unix socket; {@code abstractName} for one of the abstract name space ({@code abns@}). */
    record Unix(String text, String path, boolean abstractName) implements AddressSpec {
        public Unix {
            Objects.requireNonNull(text, "text");
            Objects.requireNonNull(path, "path");
        }
    }

    /** A descriptor that the process inherits ({@code fd@}, {@code sockpair@}). */
    record FileDescriptor(String text, int number) implements AddressSpec {
        public FileDescriptor {
            Objects.requireNonNull(text, "text");
        }

        /** Whether clients come as descriptors over a pair of Unix sockets, and the descriptor does not listen itself. */
        public boolean isPair() {
            return text.contains("sockpair@");
        }
    }
}
