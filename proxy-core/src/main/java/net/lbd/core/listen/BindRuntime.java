package net.lbd.core.listen;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.model.StartTls;
import net.lbd.core.netns.Namespace;
import net.lbd.core.tls.BindTls;

/**
 * What a connection that is accepted now gets; replaced as a whole by a reload. Immutable.
 *
 * @param name of {@code name}; empty without
 * @param number that of the socket in its proxy: {@code so_id}
 * @param acceptProxy each connection begins with a PROXY header
 * @param netscaler each connection begins with the header of a NetScaler
 * @param startTls the mail protocol in which clients ask for TLS; empty: the connection begins with it
 * @param file what the file of a Unix socket is like
 * @param http2 when a client of mode http speaks HTTP/2
 * @param socket what the sockets were told; a reload does not change it
 * @param namespaces the network namespaces that a PROXY header may say the client is in, by name
 */
public record BindRuntime(Frontend frontend, String name, int number, boolean acceptProxy, Optional<NetscalerHeader> netscaler, UnixSocketFile file,
        Optional<StartTls> startTls, Optional<BindTls> tls, Http2 http2, BindSocket socket,
        Map<String, Namespace> namespaces) {

    /** When a client of a bind in mode http speaks HTTP/2. */
    public enum Http2 {
        /** {@code proto h1}: never. */
        NEVER,
        /** When TLS has agreed on it. */
        AGREED,
        /** Also when it begins with the preface of HTTP/2 without TLS having agreed on anything. */
        DETECTED,
        /** {@code proto h2}: always. */
        ALWAYS
    }

    public BindRuntime {
        Objects.requireNonNull(frontend, "frontend");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(netscaler, "netscaler");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(startTls, "startTls");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(http2, "http2");
        Objects.requireNonNull(socket, "socket");
        namespaces = Map.copyOf(namespaces);
    }

    /** One whose clients cannot say that they are in a network namespace. */
    public BindRuntime(Frontend frontend, String name, int number, boolean acceptProxy, Optional<NetscalerHeader> netscaler, UnixSocketFile file,
            Optional<StartTls> startTls, Optional<BindTls> tls, Http2 http2, BindSocket socket) {
        this(frontend, name, number, acceptProxy, netscaler, file, startTls, tls, http2, socket, Map.of());
    }

    /** As logs name it: its name, else its number. */
    public String title() {
        return name.isEmpty() ? Integer.toString(number) : name;
    }

    /** Of a plain bind. */
    public static BindRuntime plain(Frontend frontend, String name) {
        return new BindRuntime(frontend, name, 1, false, Optional.empty(), UnixSocketFile.PLAIN, Optional.empty(), Optional.empty(), Http2.DETECTED,
                BindSocket.PLAIN);
    }
}
