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

    /** Whether the choice goes by the servers' loads: then {@link #take} stands for it. */
    default boolean goesByLoads() {
        return false;
    }

    /**
     * Chooses and takes a place in one step, so that no other worker can come between and make the choice a bad one. Only where
     * the choice {@linkplain #goesByLoads goes by loads}.
     *
     * @return the server on which a place has been taken; {@link Server#NONE} if no usable server has room
     */
    default Server take(Stream stream, Server avoid) {
        throw new UnsupportedOperationException("the choice does not go by loads");
    }

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
