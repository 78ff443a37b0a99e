package net.lbd.config.model;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.lbd.config.syntax.SourceLocation;

/**
 * A {@code director} section: connections that the kernel hands to servers, packet by packet. Immutable.
 *
 * @param ports of the service; each is handed to the same port of the servers, unless there is one and a server has its own
 * @param source what servers see as the client's address (source NAT); empty: the client's own
 * @param persistence keeps a client at its server
 * @param interfaces where packets of clients come in, for {@link Mode#GATEWAY}; empty: the one whose network holds the address
 * @param allowed the clients that are served; empty: all
 * @param backend the servers with their checks and settings, under the director's name; a {@code sorry} server is a backup there
 */
public record DirectorSpec(
        String name,
        SourceLocation location,
        InetAddress address,
        List<Integer> ports,
        Mode mode,
        Balance balance,
        Optional<InetAddress> source,
        Optional<Persistence> persistence,
        List<String> interfaces,
        List<AddressRange> allowed,
        BackendSpec backend) {

    /** How packets reach the servers; the constant is the keyword. */
    public enum Mode {
        /** The destination is rewritten, and with {@code source} the sender: answers come back through this machine. */
        NAT,
        /** Packets are passed on as they are: the servers hold the address too and answer the clients themselves. */
        GATEWAY
    }

    /** How the server of a new connection is chosen; the constant is the keyword. */
    public enum Balance { ROUNDROBIN, LEASTCONN, SOURCE, SRCDST }

    /**
     * @param timeout since the client's last new connection
     * @param prefix clients whose addresses share so many leading bits are one
     */
    public record Persistence(Duration timeout, int prefix) {
        public Persistence {
            Objects.requireNonNull(timeout, "timeout");
        }
    }

    public DirectorSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(location, "location");
        Objects.requireNonNull(address, "address");
        ports = List.copyOf(ports);
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(balance, "balance");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(persistence, "persistence");
        interfaces = List.copyOf(interfaces);
        allowed = List.copyOf(allowed);
        Objects.requireNonNull(backend, "backend");
    }

    public boolean isIpv6() {
        return address.getAddress().length == 16;
    }
}
