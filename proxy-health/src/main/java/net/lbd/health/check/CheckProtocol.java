package net.lbd.health.check;

import io.netty.channel.Channel;

/**
 * Lets the steps of an HTTP check, which write and read HTTP/1, go over a connection that speaks another version. Called on an event
 * loop, so it must not block.
 */
@FunctionalInterface
public interface CheckProtocol {

    /** Told once, on the loop. */
    interface Told {
        /** The server agrees: what is written to this channel and read from it is HTTP/1. Closing it closes the connection. */
        void ready(Channel bytes);

        /** The connection ended before the server agreed. */
        void failed(Throwable cause);
    }

    /**
     * Begins to speak.
     *
     * @param connected is open, TLS included; what comes from it is to be kept from the last handler of its pipeline
     */
    void begin(Channel connected, boolean tls, Told told);
}
