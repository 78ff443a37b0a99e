package net.lbd.core.balance;

import net.lbd.core.backend.Server;
import net.lbd.core.stream.Stream;

/** A balancing algorithm over the servers of one backend. Thread-safe: all workers ask at once. */
public interface LoadBalancer {

    /**
     * Chooses a server that is usable. Where a key of the stream decides, the server may be full: the stream then waits
     * for that one. All other algorithms choose among those that have room.
     *
     * @param avoid a server that just failed, taken only if no other is left; {@link Server#NONE} for none
     * @return {@link Server#NONE} if no usable server has room
     */
    Server choose(Stream stream, Server avoid);

    /** Whether a key of the stream decides: then another choice comes to the same server, unless that has failed. */
    default boolean isKeyed() {
        return false;
    }

    /** Whether the choice wants to see the request's body. */
    default boolean wantsBody(Stream stream) {
        return false;
    }

    /** Of a backend without servers. */
    LoadBalancer NONE = (stream, avoid) -> Server.NONE;
}
