package net.lbd.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.X509CRL;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** Certification authorities: those that the machine trusts ({@code @system-ca}), or given ones. */
final class SystemAuthorities {

    /** Where Debian, Red Hat and their kin keep them; else the JDK's own are used. */
    private static final Path[] BUNDLES = {
        Path.of("/etc/ssl/certs/ca-certificates.crt"), Path.of("/etc/pki/tls/certs/ca-bundle.crt")
    };

    private SystemAuthorities() { }

    static List<X509Certificate> bundle() throws TlsException {
        for (Path bundle : BUNDLES) {
            if (Files.isReadable(bundle)) {
                return PemFile.readCertificates(bundle);
            }
        }
        return List.of(manager((KeyStore) null).getAcceptedIssuers());
    }

    /**
     * Trusts these authorities.
     *
     * @param revoked lists of certificates that are revoked; with any, each certificate of a chain must be covered by one
     */
    static X509ExtendedTrustManager manager(List<X509Certificate> authorities, List<X509CRL> revoked) throws TlsException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate authority : authorities) {
                store.setCertificateEntry("ca" + number++, authority);
            }
            return revoked.isEmpty() ? manager(store) : manager(store, revoked);
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsException("cannot use the certification authorities: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager manager(KeyStore store) throws TlsException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new TlsException("cannot use the certification authorities: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager manager(KeyStore store, List<X509CRL> revoked) throws GeneralSecurityException {
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(store, new X509CertSelector());
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(revoked)));
        PKIXRevocationChecker checker = (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
        // Never over the network: a handshake must not wait for it.
        checker.setOptions(EnumSet.of(PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
        parameters.addCertPathChecker(checker);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(new CertPathTrustManagerParameters(parameters));
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }
}
