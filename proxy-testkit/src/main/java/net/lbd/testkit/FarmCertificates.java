package net.lbd.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.List;
import java.nio.file.attribute.PosixFilePermissions;
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

    private static final String SERVER_NAME = "exchange.example.com";

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

    /** Certificate, chain and key for {@link #SITE_NAME}, autodiscover.example.com and localhost. */
    public Path site() {
        return dir.resolve("site.pem");
    }

    public Path serverChain() {
        return dir.resolve("server.crt");
    }

    public Path serverKey() {
        return dir.resolve("server.key");
    }

    private void make() throws IOException {
        TestCertificates ca = TestCertificates.create();
        Identity site = ca.server(
                KeyKind.ECDSA, SITE_NAME, "autodiscover.example.com", "localhost", "127.0.0.1", "::1");
        Identity server = ca.server(KeyKind.RSA, SERVER_NAME, "localhost", "127.0.0.1");
        for (Path secret : Set.of(site(), serverKey())) {
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
