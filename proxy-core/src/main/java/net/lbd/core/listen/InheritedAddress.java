package net.lbd.core.listen;

import java.net.SocketAddress;
import java.util.Objects;

/** Where a socket listens that the process was started with: known by its descriptor alone ({@code fd@NUMBER}). Immutable. */
public final class InheritedAddress extends SocketAddress {

    private static final long serialVersionUID = 1L;

    private final int number;

    public InheritedAddress(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InheritedAddress that && that.number == number;
    }

    @Override
    public int hashCode() {
        return Objects.hash(number);
    }

    @Override
    public String toString() {
        return "fd@" + number;
    }
}
