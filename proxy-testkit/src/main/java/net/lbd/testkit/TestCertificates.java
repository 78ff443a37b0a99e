package net.lbd.testkit;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * A throw-away certificate authority and the certificates it issues. Keys are made with the JDK's
 * secure random, live in memory or in the folder they are written to, and are worth nothing. Immutable.
 *
 * <pre>{@code
 * TestCertificates ca = TestCertificates.create();
 * ca.writeCa(dir.resolve("ca.pem"));
 * ca.server(KeyKind.ECDSA, "mail.example.com", "127.0.0.1").writePem(dir.resolve("site.pem"));
 * }</pre>
 */
public final class TestCertificates {

    /** The algorithm of a certificate's key. */
    public enum KeyKind {
        RSA(CertificateBuilder.Algorithm.rsa2048),
        ECDSA(CertificateBuilder.Algorithm.ecp256);

        private final CertificateBuilder.Algorithm algorithm;

        KeyKind(CertificateBuilder.Algorithm algorithm) {
            this.algorithm = algorithm;
        }
    }

    private static final Duration LIFETIME = Duration.ofDays(365);

    private final X509Bundle authority;

    private TestCertificates(X509Bundle authority) {
        this.authority = authority;
    }

    /** A new authority. */
    public static TestCertificates create() {
        Instant now = Instant.now();
        return new TestCertificates(build(() -> new CertificateBuilder()
                .algorithm(CertificateBuilder.Algorithm.ecp256)
                .subject("CN=lbd test CA")
                .notBefore(now.minus(Duration.ofDays(1)))
                .notAfter(now.plus(LIFETIME))
                .setIsCertificateAuthority(true)
                .setKeyUsage(true, CertificateBuilder.KeyUsage.keyCertSign, CertificateBuilder.KeyUsage.cRLSign)
                .buildSelfSigned()));
    }

    /**
     * A server's certificate, valid from yesterday for a year.
     *
     * @param names DNS names and IP addresses; the first is also the subject
     */
    public Identity server(KeyKind kind, String... names) {
        Instant now = Instant.now();
        return server(kind, now.minus(Duration.ofDays(1)), now.plus(LIFETIME), List.of(names));
    }

    /** A server's certificate that expired yesterday. */
    public Identity expiredServer(KeyKind kind, String... names) {
        Instant now = Instant.now();
        return server(kind, now.minus(Duration.ofDays(10)), now.minus(Duration.ofDays(1)), List.of(names));
    }

    /** Writes the authority's certificate, for {@code ca-file} and {@code curl --cacert}. */
    public Path writeCa(Path file) {
        return write(file, authority.getRootCertificatePEM());
    }

    /** A client's context that trusts this authority only. */
    public SSLContext clientContext() {
        return context(c -> c.init(null, authority.toTrustManagerFactory().getTrustManagers(), null));
    }

    private Identity server(KeyKind kind, Instant notBefore, Instant notAfter, List<String> names) {
        return new Identity(build(() -> {
            CertificateBuilder builder = new CertificateBuilder()
                    .algorithm(kind.algorithm)
                    .subject("CN=" + names.get(0))
                    .notBefore(notBefore)
                    .notAfter(notAfter)
                    .setKeyUsage(true, CertificateBuilder.KeyUsage.digitalSignature,
                            CertificateBuilder.KeyUsage.keyEncipherment)
                    .addExtendedKeyUsageServerAuth();
            for (String name : names) {
                if (name.matches("[0-9.]+") || name.contains(":")) {
                    builder.addSanIpAddress(name);
                } else {
                    builder.addSanDnsName(name);
                }
            }
            return builder.buildIssuedBy(authority);
        }));
    }

    /** A certificate with its chain and key. Immutable. */
    public static final class Identity {

        private final X509Bundle bundle;

        private Identity(X509Bundle bundle) {
            this.bundle = bundle;
        }

        /** Writes certificate, chain and key into one file, as {@code crt} takes it. */
        public Path writePem(Path file) {
            return write(file, bundle.getCertificatePathPEM() + bundle.getPrivateKeyPEM());
        }

        /** Writes certificate and chain. */
        public Path writeChain(Path file) {
            return write(file, bundle.getCertificatePathPEM());
        }

        /** Writes the key, PKCS#8 without a password. */
        public Path writeKey(Path file) {
            return write(file, bundle.getPrivateKeyPEM());
        }

        /** A server's context that shows this certificate. */
        public SSLContext serverContext() {
            return context(c -> c.init(bundle.toKeyManagerFactory().getKeyManagers(), null, null));
        }

        public java.security.cert.X509Certificate certificate() {
            return bundle.getCertificate();
        }
    }

    private interface Builder {
        X509Bundle build() throws Exception;
    }

    private interface ContextInit {
        void on(SSLContext context) throws GeneralSecurityException;
    }

    private static X509Bundle build(Builder builder) {
        try {
            return builder.build();
        } catch (Exception e) {
            throw new IllegalStateException("cannot make a test certificate", e);
        }
    }

    private static SSLContext context(ContextInit init) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            init.on(context);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot use a test certificate", e);
        }
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
