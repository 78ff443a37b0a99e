package net.lbd.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which files beside a certificate belong to it, how they are named, and what its chain is completed from. Immutable. Source: HAProxy
 * manual, "ssl-load-extra-files", "ssl-load-extra-del-ext", "issuers-chain-path", "ssl-skip-self-issued-ca".
 *
 * @param loaded endings of the files that are read; no other is looked for
 * @param replacesExtension whether the ending takes the place of {@code .crt} instead of being appended
 * @param issuers chains that complete a certificate that comes without one, each beginning with its issuer
 * @param skipsRoots whether authorities that are their own issuers are left out of what clients are shown
 */
record PemParts(Set<String> loaded, boolean replacesExtension, List<List<X509Certificate>> issuers, boolean skipsRoots) {

    static final String KEY = ".key";
    static final String ISSUER = ".issuer";
    static final String OCSP = ".ocsp";
    static final String SCTL = ".sctl";
    private static final String PASS = ".pass";
    private static final String CERTIFICATE = ".crt";

    static final PemParts ALL = new PemParts(Set.of(KEY, ISSUER, OCSP, SCTL), false, List.of(), false);

    PemParts {
        loaded = Set.copyOf(loaded);
        issuers = issuers.stream().map(List::copyOf).toList();
    }

    boolean loads(String ending) {
        return loaded.contains(ending);
    }

    /** The file that belongs to a certificate's. */
    Path beside(Path file, String ending) {
        String name = file.getFileName().toString();
        boolean replaced = replacesExtension && name.endsWith(CERTIFICATE);
        return file.resolveSibling((replaced ? name.substring(0, name.length() - CERTIFICATE.length()) : name) + ending);
    }

    /** All files whose change is a change of the certificate. */
    List<Path> files(Path file) {
        List<Path> files = new ArrayList<>(List.of(file, KeyPasswords.besides(file)));
        loaded.forEach(ending -> files.add(beside(file, ending)));
        return files;
    }

    /** With the chain that it lacks, and without what clients need not be shown. */
    PemFile completed(PemFile pem) {
        List<X509Certificate> chain = new ArrayList<>(pem.certificates());
        X509Certificate leaf = chain.get(0);
        if (chain.size() == 1 && !isSelfIssued(leaf)) {
            issuers.stream().filter(known -> issued(known.get(0), leaf)).findFirst().ifPresent(chain::addAll);
        }
        if (skipsRoots) {
            chain.subList(1, chain.size()).removeIf(PemParts::isSelfIssued);
        }
        return pem.withChain(chain);
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static boolean issued(X509Certificate authority, X509Certificate certificate) {
        return authority.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /** The chains of a folder, one a file. */
    static List<List<X509Certificate>> chains(Path folder) throws TlsException {
        List<Path> files;
        try (Stream<Path> inside = Files.list(folder)) {
            files = inside.filter(Files::isRegularFile).filter(p -> !p.getFileName().toString().startsWith(".")).sorted().toList();
        } catch (IOException e) {
            throw new TlsException("'issuers-chain-path': cannot list the folder " + folder + ": " + e.getMessage(), e);
        }
        List<List<X509Certificate>> chains = new ArrayList<>();
        for (Path file : files) {
            chains.add(PemFile.readCertificates(file));
        }
        return chains;
    }

    /** Whether a file of a folder belongs to another. */
    static boolean belongsToAnother(Path file) {
        String name = file.toString();
        return Stream.of(KEY, ISSUER, OCSP, SCTL, PASS).anyMatch(name::endsWith);
    }
}
