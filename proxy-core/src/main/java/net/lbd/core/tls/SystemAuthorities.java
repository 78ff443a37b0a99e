package net.lbd.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManagerFactory;

/** Certification authorities: those that the machine trusts ({@code @system-ca}), or given ones. */
final class SystemAuthorities {

    /** Where Debian, Red Hat and their kin keep them; else the JDK's own are used. */
    private static final Path[] BUNDLES = {
        Path.of("/etc/ssl/certs/ca-certificates.crt"), Path.of("/etc/pki/tls/certs/ca-bundle.crt")
    };

    private SystemAuthorities() { }

    static TrustManagerFactory load() throws GeneralSecurityException, IOException, TlsException {
        for (Path bundle : BUNDLES) {
            if (Files.isReadable(bundle)) {
                return factory(PemFile.readCertificates(bundle));
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        return factory;
    }

    /** Trusts these authorities. */
    static TrustManagerFactory factory(List<X509Certificate> authorities) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (X509Certificate authority : authorities) {
            store.setCertificateEntry("ca" + number++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
