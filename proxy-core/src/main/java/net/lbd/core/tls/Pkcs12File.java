package net.lbd.core.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A PKCS#12 file ({@code .pfx}, {@code .p12}), as Windows and Exchange export certificates. Pure function. */
final class Pkcs12File {

    private static final char[] NO_PASSWORD = {};

    private Pkcs12File() { }

    static PemFile read(Path path, byte[] content) throws TlsException {
        Optional<char[]> password = KeyPasswords.of(path);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password.orElse(NO_PASSWORD));
            return identity(path, store, password.orElse(NO_PASSWORD));
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw new TlsException(password.isPresent()
                        ? "the password of " + path + " does not open it"
                        : path + " wants a password: " + KeyPasswords.hint(path), e);
            }
            // Of a file that is cut the JDK says nothing.
            throw new TlsException(path + " is damaged, or is no PKCS#12 file" + (e.getMessage() == null ? "" : ": " + e.getMessage()), e);
        } catch (GeneralSecurityException e) {
            throw new TlsException("cannot use " + path + ": " + e.getMessage(), e);
        }
    }

    private static PemFile identity(Path path, KeyStore store, char[] password) throws GeneralSecurityException, TlsException {
        List<X509Certificate> certificates = new ArrayList<>();
        Optional<PrivateKey> key = Optional.empty();
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                if (key.isPresent()) {
                    throw new TlsException(path + " holds more than one private key; export the one that is meant");
                }
                key = Optional.of((PrivateKey) store.getKey(alias, password));
                for (Certificate certificate : Optional.ofNullable(store.getCertificateChain(alias)).orElse(new Certificate[0])) {
                    certificates.add((X509Certificate) certificate);
                }
            }
        }
        for (String alias : Collections.list(store.aliases())) {
            Certificate certificate = store.getCertificate(alias);
            if (store.isCertificateEntry(alias) && !certificates.contains(certificate)) {
                certificates.add((X509Certificate) certificate);
            }
        }
        if (key.isEmpty() && certificates.isEmpty()) {
            // The JDK passes over certificates that belong to no key.
            throw new TlsException(path + " holds no private key, nor a certificate that is marked as trusted; export the certificate with its key");
        }
        return new PemFile(path, certificates, key);
    }
}
