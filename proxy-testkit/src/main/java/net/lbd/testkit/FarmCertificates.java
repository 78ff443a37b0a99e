package net.lbd.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import net.lbd.testkit.TestCertificates.Identity;
import net.lbd.testkit.TestCertificates.KeyKind;

/**
 * The certificate files of a try-out: {@code ca.pem}; {@code site.pem} with certificate and key for the
 * proxy's frontend; {@code server.crt} and {@code server.key} for the servers behind it. All are signed
 * by {@code ca.pem}, whose key is thrown away. Immutable.
 *
 * @param dir the folder they lie in
 */
public record FarmCertificates(Path dir) {

    /** The name that clients ask for. */
    public static final String SITE_NAME = "mail.example.com";

    /** The name in the 2013 guide, for tests that run its text. */
    public static final String GUIDE_NAME = "mail.2013.haproxylab.net";

    /** The name that the servers behind the proxy show. */
    public static final String SERVER_NAME = "exchange.example.com";

    /** The files in this folder; makes them, all anew, when one is missing. */
    public static FarmCertificates in(Path dir) throws IOException {
        FarmCertificates files = new FarmCertificates(dir);
        List<Path> wanted = List.of(files.ca(), files.site(), files.serverChain(), files.serverKey());
        if (!wanted.stream().allMatch(Files::exists)) {
            files.make();
        }
        return files;
    }

    public Path ca() {
        return dir.resolve("ca.pem");
    }

    /** Certificate, chain and key for {@link #SITE_NAME}, {@link #GUIDE_NAME} and localhost. */
    public Path site() {
        return dir.resolve("site.pem");
    }

    public Path serverChain() {
        return dir.resolve("server.crt");
    }

    public Path serverKey() {
        return dir.resolve("server.key");
    }

    /** A client's TLS settings that trust {@link #ca} only. */
    public ClientTls client() throws IOException {
        try (InputStream in = Files.newInputStream(ca())) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return ClientTls.of(context);
        } catch (GeneralSecurityException e) {
            throw new IOException(ca() + " cannot be read", e);
        }
    }

    /** A server's context that shows {@link #serverChain}, for a {@link ScriptedOrigin} behind the proxy. */
    public SSLContext serverContext() throws IOException {
        try (InputStream chain = Files.newInputStream(serverChain())) {
            String pem = Files.readString(serverKey()).replaceAll("-----[A-Z ]+-----|\\s", "");
            PrivateKey key = KeyFactory.getInstance("RSA")
                    .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
            Certificate[] certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(chain).toArray(Certificate[]::new);
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry("server", key, new char[0], certificates);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(serverKey() + " cannot be used", e);
        }
    }

    private void make() throws IOException {
        TestCertificates ca = TestCertificates.create();
        Identity site = ca.server(
                KeyKind.ECDSA, SITE_NAME, "autodiscover.example.com", GUIDE_NAME, "localhost", "127.0.0.1", "::1");
        // As the certificates of Exchange have them: the server's own name, and those that clients use.
        List<String> names = new ArrayList<>(List.of(SERVER_NAME, "localhost", "127.0.0.1"));
        for (String domain : List.of("example.com", "2013.haproxylab.net")) {
            Stream.of("mail", "autodiscover", "activesync", "ecp", "ews", "mapi", "oa", "oab", "outlook", "owa").map(host -> host + "." + domain)
                    .forEach(names::add);
        }
        Identity server = ca.server(KeyKind.RSA, names.toArray(String[]::new));
        for (Path secret : List.of(site(), serverKey())) {
            // exist with narrow permissions before the key is written
            Files.deleteIfExists(secret);
            Files.createFile(secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        site.writePem(site());
        server.writeKey(serverKey());
        server.writeChain(serverChain());
        ca.writeCa(ca());
    }
}
