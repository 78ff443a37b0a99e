package net.lbd.health.check;

import java.net.SocketAddress;

/** Looks on while a check runs; called on its event loop. */
public interface CheckTrace {

    void connecting(SocketAddress address, boolean tls);

    /** In clear text; before the step that sent them, or that looks at them, is told to be done. */
    void bytes(boolean sent, byte[] bytes);

    /**
     * A step is done.
     *
     * @param failure empty if it went well
     */
    void step(int number, String description, String failure);
}
