package net.lbd.core.connect;

import java.util.Arrays;
import java.util.Objects;

/**
 * What a connection to a server begins with that depends on the stream it is made for. A connection that began otherwise is none for a
 * stream. Immutable; nobody changes the bytes.
 *
 * @param sni the name that the server is asked for by TLS; empty for none
 * @param proxyHeader what goes before everything else, TLS included; {@link ProxyHeaderTemplate#NONE} for nothing
 * @param local where it comes from
 * @param port where it goes to, if that is the client's choice; 0: to the server's own
 */
public record Opening(String sni, byte[] proxyHeader, LocalAddress local, int port) {

    /** Nothing special. */
    public static final Opening PLAIN = new Opening("", ProxyHeaderTemplate.NONE, LocalAddress.ANY, 0);

    public Opening {
        Objects.requireNonNull(sni, "sni");
        Objects.requireNonNull(proxyHeader, "proxyHeader");
        Objects.requireNonNull(local, "local");
    }

    /** Whether connections that began so and otherwise can stand for each other. */
    public boolean isSame(Opening other) {
        return this == other || port == other.port && sni.equals(other.sni) && (proxyHeader == other.proxyHeader || Arrays.equals(proxyHeader, other.proxyHeader))
                && (local == other.local || local.equals(other.local));
    }
}
