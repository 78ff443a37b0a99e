package net.lbd.config.model;

import java.net.InetAddress;
import java.util.Objects;

/** Addresses from one to another, both included; of one family. Immutable. */
public record AddressRange(InetAddress first, InetAddress last) {

    public AddressRange {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(last, "last");
    }

    public boolean isIpv6() {
        return first.getAddress().length == 16;
    }

    @Override
    public String toString() {
        return first.equals(last) ? first.getHostAddress() : first.getHostAddress() + "-" + last.getHostAddress();
    }
}
