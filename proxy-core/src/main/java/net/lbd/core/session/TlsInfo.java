package net.lbd.core.session;

import java.util.Objects;

/**
 * What is known of a client's TLS connection once the handshake is done. Immutable.
 *
 * @param version such as {@code TLSv1.3}
 * @param cipher the OpenSSL or RFC name, such as {@code TLS_AES_128_GCM_SHA256}
 * @param sni the name that the client asked for; empty if none
 * @param alpn the protocol agreed on; empty if none
 * @param sessionId empty under TLS 1.3 with tickets
 */
public record TlsInfo(String version, String cipher, String sni, String alpn, byte[] sessionId, boolean resumed,
        TlsCertificates certificates) {

    /** A connection without TLS. */
    public static final TlsInfo NONE = new TlsInfo("", "", "", "", new byte[0], false, TlsCertificates.NONE);

    /** Without what is known of certificates. */
    public TlsInfo(String version, String cipher, String sni, String alpn, byte[] sessionId, boolean resumed) {
        this(version, cipher, sni, alpn, sessionId, resumed, TlsCertificates.NONE);
    }

    public TlsInfo {
        Objects.requireNonNull(certificates, "certificates");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(cipher, "cipher");
        Objects.requireNonNull(sni, "sni");
        Objects.requireNonNull(alpn, "alpn");
        Objects.requireNonNull(sessionId, "sessionId");
    }
}
