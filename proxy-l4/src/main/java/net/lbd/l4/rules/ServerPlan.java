package net.lbd.l4.rules;

import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * A server of a director, as packets see it at one moment. Immutable.
 *
 * @param id unique among all servers of the process, 1 to {@link #MOST}; kept over changes
 * @param port empty: that which the client came to
 * @param weight in any unit; 0 takes no new connections
 * @param sorry takes connections only when no other server does
 * @param active connections at this moment, for leastconn
 */
public record ServerPlan(int id, InetAddress address, Optional<Integer> port, int weight, boolean sorry, Standing standing, long active) {

    /** Numbers are 15 bits wide: one bit of a mark beside them says that a connection is closing. */
    public static final int MOST = 0x7fff;

    /** What a server takes. */
    public enum Standing {
        /** New connections. */
        SERVING,
        /** Only connections that it has, and clients that persistence binds to it. */
        DRAINING,
        /** Only connections that it has. */
        RESTING,
        /** Nothing: who is still connected is reset. */
        CUT
    }

    public ServerPlan {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(port, "port");
        Objects.requireNonNull(standing, "standing");
    }

    boolean takesNew() {
        return standing == Standing.SERVING && weight > 0;
    }

    boolean takesPersistent() {
        return standing == Standing.SERVING || standing == Standing.DRAINING;
    }
}
