package net.lbd.core.listen;

/** How the beginning of a client's connection, PROXY header or TLS handshake, ended that did not succeed, in HAProxy's words. Immutable. */
enum HandshakeEnd {

    /** The client closed in the middle of it: a probe, or one that did not want to go on. */
    CLOSED("Connection closed during SSL handshake", true),
    /** No TLS, no version or cipher in common, a certificate that one side refuses, an alert. */
    FAILED("SSL handshake failure", false),
    TIMEOUT("Timeout during SSL handshake", true),
    PROXY_CLOSED("Connection closed while waiting for PROXY protocol header", true),
    PROXY_TIMEOUT("Timeout while waiting for PROXY protocol header", true),
    PROXY_TRUNCATED("Truncated PROXY protocol header received", false),
    PROXY_OTHER("Received something which does not look like a PROXY protocol header", false),
    PROXY_INVALID("Received an invalid PROXY protocol header", false);

    private final String reason;
    private final boolean isNull;

    HandshakeEnd(String reason, boolean isNull) {
        this.reason = reason;
        this.isNull = isNull;
    }

    /** What the log says. */
    String reason() {
        return reason;
    }

    /** Whether {@code option dontlognull} leaves it out: the client did not bring a request. */
    boolean isNull() {
        return isNull;
    }
}
