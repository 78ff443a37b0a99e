package net.lbd.config.model;

/** The port of an address. Immutable. */
public sealed interface PortSpec {

    /** No port was written. */
    record None() implements PortSpec { }

    /** One port, 0 to 65535. */
    record Fixed(int port) implements PortSpec {
        public Fixed {
            if (port < 0 || port > 65535) {
                throw new IllegalArgumentException("port " + port);
            }
        }
    }

    /** The client's port plus or minus a number: {@code :+1000}, {@code :-1000}. */
    record Offset(int offset) implements PortSpec { }

    PortSpec NONE = new None();
}
