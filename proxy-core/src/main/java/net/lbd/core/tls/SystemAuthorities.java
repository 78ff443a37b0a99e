package net.lbd.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.TrustManagerFactory;

/** The certification authorities that the machine trusts: {@code @system-ca}. */
final class SystemAuthorities {

    /** Where Debian, Red Hat and their kin keep them; else the JDK's own are used. */
    private static final Path[] BUNDLES = {
        Path.of("/etc/ssl/certs/ca-certificates.crt"), Path.of("/etc/pki/tls/certs/ca-bundle.crt")
    };

    private SystemAuthorities() { }

    static TrustManagerFactory load() throws GeneralSecurityException, IOException, TlsException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        for (Path bundle : BUNDLES) {
            if (Files.isReadable(bundle)) {
                KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
                store.load(null, null);
                int number = 0;
                for (var certificate : PemFile.readCertificates(bundle)) {
                    store.setCertificateEntry("ca" + number++, certificate);
                }
                factory.init(store);
                return factory;
            }
        }
        factory.init((KeyStore) null);
        return factory;
    }
}
