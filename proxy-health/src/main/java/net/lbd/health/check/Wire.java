package net.lbd.health.check;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** The connection as a {@link Step} sees it: in clear text, whether TLS lies below or not. */
interface Wire {

    /** Begins a connection, in place of the one before; {@link #isOpen} tells when it is there. */
    void connect(ConnectStep step);

    /** Whether the connection is there, and its TLS. */
    boolean isOpen();

    /**
     * What the server sent and no step has taken yet. A step moves the reader index; the connection owns the
     * buffer. Holds at most {@link CheckRunner#INPUT_LIMIT_BYTES} and a read more: then reading pauses.
     */
    ByteBuf received();

    /** The server has closed its direction; nothing will be added to {@link #received()}. */
    boolean ended();

    ByteBufAllocator allocator();

    /** Writes and flushes; takes over the buffer. A failure to write ends the check. */
    void send(ByteBuf bytes);

    /** What the check knows of itself and its server. */
    CheckScope scope();
}
