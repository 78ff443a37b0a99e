package net.lbd.core.listen;

/** A form in which whoever stands before us tells the client's addresses at the start of a connection. Immutable. */
interface ClientHeader {

    /** Reads the first {@code length} bytes of the array; decides as soon as it can. */
    ProxyHeaderParser.Result read(byte[] bytes, int length);

    /** What it is when the connection is closed before anything came. */
    HandshakeEnd closed();

    /** What it is when nothing came in time. */
    HandshakeEnd timeout();

    /** What it is when not all came. */
    HandshakeEnd truncated();
}
