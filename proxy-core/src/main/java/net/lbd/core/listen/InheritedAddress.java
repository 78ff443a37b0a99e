package net.lbd.core.listen;

import java.net.SocketAddress;

/**
 * A descriptor of the process that listens already, in place of an address: {@code bind fd@3}. Two are equal if they name the same one, so
 * that a reload keeps the listener. Immutable.
 */
public final class InheritedAddress extends SocketAddress {

    private static final long serialVersionUID = 1L;

    private final int descriptor;

    /** @param descriptor its number in this process */
    public InheritedAddress(int descriptor) {
        this.descriptor = descriptor;
    }

    int descriptor() {
        return descriptor;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InheritedAddress inherited && inherited.descriptor == descriptor;
    }

    @Override
    public int hashCode() {
        return descriptor;
    }

    @Override
    public String toString() {
        return "fd@" + descriptor;
    }
}
