package net.lbd.core.session;

import java.util.Objects;
import java.util.Optional;

/**
 * The certificates of a client's TLS connection. Immutable.
 *
 * @param client what the client showed; empty if it showed none
 * @param own what we showed
 * @param verifyResult how the check of the client's certificate went, by OpenSSL's number; 0: well, or there was none
 */
public record TlsCertificates(Optional<CertificateFacts> client, Optional<CertificateFacts> own, int verifyResult) {

    /** Nothing is known of any. */
    public static final TlsCertificates NONE = new TlsCertificates(Optional.empty(), Optional.empty(), 0);

    public TlsCertificates {
        Objects.requireNonNull(client, "client");
        Objects.requireNonNull(own, "own");
    }
}
