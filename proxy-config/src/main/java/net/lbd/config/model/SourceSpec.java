package net.lbd.config.model;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * A {@code source} line or parameter: where connections to servers come from. Immutable. Source: HAProxy manual, "source".
 *
 * @param address the local address; empty: the kernel chooses
 * @param firstPort of the range of local ports; 0: the kernel chooses
 * @param lastPort of that range, included
 * @param as whose address servers see instead
 * @param device the interface to go out by
 */
public record SourceSpec(Optional<InetAddress> address, int firstPort, int lastPort, As as, Optional<String> device) {

    /** {@code usesrc}. */
    public sealed interface As {
        /** Nothing is said: servers see {@link SourceSpec#address}. */
        record Own() implements As { }

        /** {@code clientip}, and {@code client} with the client's port too. */
        record Client(boolean withPort) implements As { }

        /** {@code hdr_ip(name[,occurrence])}: the address that a request header holds; without one, the own. */
        record Header(SampleSpec address) implements As {
            public Header {
                Objects.requireNonNull(address, "address");
            }
        }

        /** A foreign address. */
        record Foreign(InetAddress address, int port) implements As { }
    }

    public SourceSpec {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(as, "as");
        Objects.requireNonNull(device, "device");
    }

    /** One local address. */
    public static SourceSpec of(InetAddress address) {
        return new SourceSpec(Optional.of(address), 0, 0, new As.Own(), Optional.empty());
    }

    /** The same from this machine's address. */
    public SourceSpec withoutForeign() {
        return new SourceSpec(address, firstPort, lastPort, new As.Own(), device);
    }

    /** Whether servers are to see an address that is not this machine's. */
    public boolean isTransparent() {
        return !(as instanceof As.Own);
    }
}
