package net.lbd.config.model;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

/**
 * {@code init-addr}: how the address of a server is found at the start; what succeeds first counts. Immutable.
 *
 * @param methods in the order of the line
 */
public record InitAddress(List<Method> methods) {

    /** Without the parameter; a name that is not found is told, and the server has no address until it is. */
    public static final InitAddress DEFAULT = new InitAddress(List.of(new Last(), new Libc(), new None()));

    /** A way to an address. */
    public sealed interface Method { }

    /** The address that was known before. */
    public record Last() implements Method { }

    /** The system's own look-up. */
    public record Libc() implements Method { }

    /** No address: the server waits in maintenance until its name is resolved. */
    public record None() implements Method { }

    /** This address. */
    public record Fixed(InetAddress address) implements Method {
        public Fixed {
            Objects.requireNonNull(address, "address");
        }
    }

    public InitAddress {
        methods = List.copyOf(methods);
    }
}
