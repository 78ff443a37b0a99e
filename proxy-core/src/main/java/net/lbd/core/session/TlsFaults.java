package net.lbd.core.session;

import java.util.Objects;

/**
 * What went wrong in a TLS handshake, by the numbers of OpenSSL 3, also where it did not end it. Immutable.
 *
 * @param error the library's number; 0: nothing went wrong
 * @param text what OpenSSL says of that number; empty for 0
 * @param certificate the first error of the peer's certificate itself, see {@link net.lbd.config.model.VerifyError}; 0: none
 * @param authority the first error of the authorities behind it; 0: none
 * @param authorityDepth how far behind it
 * @param verifyResult the last error of any of the certificates, as {@code ssl_c_verify} tells it; 0: none
 */
public record TlsFaults(long error, String text, int certificate, int authority, int authorityDepth, int verifyResult) {

    public static final TlsFaults NONE = new TlsFaults(0, "", 0, 0, 0, 0);

    public TlsFaults {
        Objects.requireNonNull(text, "text");
    }

    /** With errors of certificates. */
    public TlsFaults withCertificates(TlsFaults other) {
        return new TlsFaults(error, text, other.certificate, other.authority, other.authorityDepth, other.verifyResult);
    }
}
