package net.lbd.core.backend;

import java.util.Objects;
import java.util.Optional;
import net.lbd.core.tls.ServerTls;

/**
 * How connections to a server speak. Immutable. Source: HAProxy manual, "proto", "alpn" and "ws" of server lines.
 *
 * @param webSocket of streams that ask for WebSocket; the usual one unless {@code ws} or {@code alpn} wants another
 */
public record Ways(Ways.Way usual, Ways.Way webSocket) {

    /** In the clear, HTTP/1. */
    public static final Ways PLAIN = of(new Way(Optional.empty(), Version.HTTP_1, false));

    /** Which HTTP is spoken. */
    public enum Version {
        HTTP_1,
        /** Without asking: TLS may have agreed on anything. */
        HTTP_2,
        /** What TLS agrees on. */
        AGREED
    }

    /**
     * One of the two.
     *
     * @param tls empty: in the clear
     * @param apart a connection of this way is none for other streams
     */
    public record Way(Optional<ServerTls> tls, Version version, boolean apart) {
        public Way {
            Objects.requireNonNull(tls, "tls");
            Objects.requireNonNull(version, "version");
        }
    }

    public Ways {
        Objects.requireNonNull(usual, "usual");
        Objects.requireNonNull(webSocket, "webSocket");
    }

    /** One for all streams. */
    public static Ways of(Way way) {
        return new Ways(way, way);
    }
}
