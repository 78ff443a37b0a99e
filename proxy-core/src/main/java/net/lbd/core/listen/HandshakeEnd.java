package net.lbd.core.listen;

import java.util.Optional;
import net.lbd.core.session.ConnectionError;
import net.lbd.core.session.TlsFaults;
import net.lbd.core.stats.TlsCounters;

/** How the beginning of a client's connection, PROXY header or TLS handshake, ended that did not succeed, in HAProxy's words. Immutable. */
enum HandshakeEnd {

    /** The client closed in the middle of it: a probe, or one that did not want to go on. */
    CLOSED(ConnectionError.TLS_CLOSED, true),
    /** An authority behind the client's certificate cannot be trusted. */
    AUTHORITY(ConnectionError.TLS_AUTHORITY, false),
    /** The client's certificate cannot be trusted. */
    CERTIFICATE(ConnectionError.TLS_CERTIFICATE, false),
    /** No TLS, no version or cipher in common, our certificate refused, an alert. */
    FAILED(ConnectionError.TLS_FAILED, false),
    TIMEOUT(ConnectionError.TLS_TIMEOUT, true),
    STARTTLS_CLOSED(ConnectionError.STARTTLS_CLOSED, true),
    STARTTLS_TIMEOUT(ConnectionError.STARTTLS_TIMEOUT, true),
    STARTTLS_BAD(ConnectionError.STARTTLS_BAD, false),
    STARTTLS_INJECTION(ConnectionError.STARTTLS_INJECTION, false),
    PROXY_CLOSED(ConnectionError.PROXY_CLOSED, true),
    PROXY_TIMEOUT(ConnectionError.PROXY_TIMEOUT, true),
    PROXY_TRUNCATED(ConnectionError.PROXY_TRUNCATED, false),
    PROXY_OTHER(ConnectionError.PROXY_OTHER, false),
    PROXY_INVALID(ConnectionError.PROXY_INVALID, false),
    CIP_CLOSED(ConnectionError.CIP_CLOSED, true),
    CIP_TIMEOUT(ConnectionError.CIP_TIMEOUT, true),
    CIP_TRUNCATED(ConnectionError.CIP_TRUNCATED, false),
    CIP_MAGIC(ConnectionError.CIP_MAGIC, false),
    CIP_PROTOCOL(ConnectionError.CIP_PROTOCOL, false);

    private final ConnectionError error;
    private final boolean isNull;

    HandshakeEnd(ConnectionError error, boolean isNull) {
        this.error = error;
        this.isNull = isNull;
    }

    /** What the log says. */
    String reason() {
        return error.text();
    }

    /** What it counts for among failed TLS handshakes; empty if it was none. */
    Optional<TlsCounters.Failure> failure(TlsFaults faults) {
        return switch (this) {
            case CLOSED -> Optional.of(TlsCounters.Failure.CLOSED);
            case TIMEOUT -> Optional.of(TlsCounters.Failure.TIMEOUT);
            case FAILED, AUTHORITY, CERTIFICATE -> Optional.of(TlsCounters.Failure.of(faults));
            default -> Optional.empty();
        };
    }

    ConnectionError error() {
        return error;
    }

    /** Whether {@code option dontlognull} leaves it out: the client did not bring a request. */
    boolean isNull() {
        return isNull;
    }
}
