package net.lbd.core.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of certificates and perhaps a private key: PEM, in any order, or PKCS#12. The key may stand in a file of its
 * own beside it, with {@code .key} appended to the name, and may be encrypted ({@link KeyPasswords}). Parameters of
 * curves and of Diffie-Hellman are passed over. Immutable once read.
 *
 * @param ocsp what the authority says of the certificate, from the file with {@code .ocsp} appended
 * @param issuer the certificate of the authority, for OCSP, from the file with {@code .issuer} appended; it is not shown to clients
 */
public record PemFile(Path path, List<X509Certificate> certificates, Optional<PrivateKey> key, Optional<byte[]> ocsp,
        Optional<X509Certificate> issuer) {

    /** More than any chain needs; guards against a wrong file. */
    private static final long MAX_BYTES = 4 << 20;
    /** Label, the lines that older encrypted keys begin with, and base64. Never goes back: linear. */
    private static final Pattern BLOCK = Pattern.compile(
            "-----BEGIN ([A-Z0-9 ]++)-----\\s*+((?:[A-Za-z-]++:[^\\n]*+\\n\\s*+)*+)([^-]*+)-----END \\1-----");
    private static final Pattern BEGIN = Pattern.compile("-----BEGIN [A-Z0-9 ]++-----");

    public PemFile {
        certificates = List.copyOf(certificates);
    }

    PemFile(Path path, List<X509Certificate> certificates, Optional<PrivateKey> key) {
        this(path, certificates, key, Optional.empty(), Optional.empty());
    }

    /** As the other one, with every file beside it. */
    public static PemFile readWithKey(Path path) throws TlsException {
        return readWithKey(path, PemParts.ALL);
    }

    /**
     * Reads a certificate and its key, which must be there; the certificate of the key comes first.
     *
     * @param parts which files beside it belong to it
     */
    static PemFile readWithKey(Path path, PemParts parts) throws TlsException {
        PemFile pem = readOne(path);
        Path key = parts.beside(path, PemParts.KEY);
        if (pem.key.isEmpty() && parts.loads(PemParts.KEY) && Files.exists(key)) {
            pem = pem.withKeyOf(readOne(key));
        }
        pem = parts.completed(pem.checked(key));
        Path issuer = parts.beside(path, PemParts.ISSUER);
        if (parts.loads(PemParts.ISSUER) && Files.exists(issuer)) {
            pem = pem.withIssuer(readCertificates(issuer).get(0));
        }
        Path ocsp = parts.beside(path, PemParts.OCSP);
        return parts.loads(PemParts.OCSP) && Files.exists(ocsp)
                ? pem.withOcsp(OcspAnswer.readFor(ocsp, pem.certificates)) : pem;
    }

    /** Whether there is an answer of the authority beside it that was left out because it has ended. */
    boolean hasEndedAnswer(PemParts parts) {
        return parts.loads(PemParts.OCSP) && ocsp.isEmpty() && Files.exists(parts.beside(path, PemParts.OCSP));
    }

    /** What a text in PEM holds, for a certificate that is to be put together from several. */
    static PemFile ofText(Path path, String text) throws TlsException {
        return parse(path, text);
    }

    /** A place for a certificate, without one. */
    static PemFile empty(Path path) {
        return new PemFile(path, List.of(), Optional.empty());
    }

    /** With another answer of the authority. */
    public PemFile withOcsp(Optional<byte[]> answer) {
        return new PemFile(path, certificates, key, answer, issuer);
    }

    PemFile withKeyOf(PemFile other) {
        return new PemFile(path, certificates, other.key, ocsp, issuer);
    }

    PemFile withIssuer(X509Certificate authority) {
        return new PemFile(path, certificates, key, ocsp, Optional.of(authority));
    }

    PemFile withChain(List<X509Certificate> chain) {
        return new PemFile(path, chain, key, ocsp, issuer);
    }

    /** Complete, and the certificate of the key first. */
    PemFile checked() throws TlsException {
        return checked(path.resolveSibling(path.getFileName() + PemParts.KEY));
    }

    private PemFile checked(Path keyFile) throws TlsException {
        if (certificates.isEmpty()) {
            throw new TlsException(path + " holds no certificate");
        }
        if (key.isEmpty()) {
            throw new TlsException(path + " holds no private key, and there is no " + keyFile.getFileName() + " beside it");
        }
        return withLeafFirst();
    }

    /** The certificate of the authority that issued the first one, from the chain or the file beside. */
    Optional<X509Certificate> authority() {
        X509Certificate leaf = certificates.get(0);
        return java.util.stream.Stream.concat(certificates.stream().skip(1), issuer.stream())
                .filter(c -> c.getSubjectX500Principal().equals(leaf.getIssuerX500Principal())).findFirst();
    }

    /** Certificates only, such as a file of certification authorities. */
    public static List<X509Certificate> readCertificates(Path path) throws TlsException {
        PemFile pem = readOne(path);
        if (pem.certificates.isEmpty()) {
            throw new TlsException(path + " holds no certificate");
        }
        return pem.certificates;
    }

    /** Certificates from a text; at least one. */
    static List<X509Certificate> certificates(Path name, String text) throws TlsException {
        List<X509Certificate> found = parse(name, text).certificates;
        if (found.isEmpty()) {
            throw new TlsException(name + " holds no certificate");
        }
        return found;
    }

    private PemFile withLeafFirst() throws TlsException {
        PrivateKey privateKey = key.orElseThrow();
        for (int i = 0; i < certificates.size(); i++) {
            if (KeyMatch.matches(certificates.get(i).getPublicKey(), privateKey)) {
                return withChain(chain(i));
            }
        }
        throw new TlsException("the private key of " + path + " belongs to none of its certificates");
    }

    /** The certificate, the one that issued it, and so on; what belongs to none of them comes last, in its order. */
    private List<X509Certificate> chain(int leaf) {
        List<X509Certificate> rest = new ArrayList<>(certificates);
        List<X509Certificate> ordered = new ArrayList<>();
        Optional<X509Certificate> next = Optional.of(rest.remove(leaf));
        while (next.isPresent()) {
            X509Certificate current = next.get();
            ordered.add(current);
            next = rest.stream().filter(c -> c.getSubjectX500Principal().equals(current.getIssuerX500Principal())).findFirst();
            next.ifPresent(rest::remove);
        }
        ordered.addAll(rest);
        return ordered;
    }

    private static PemFile readOne(Path path) throws TlsException {
        byte[] content = content(path);
        // DER begins with a SEQUENCE, which no text does.
        return content.length > 0 && content[0] == 0x30
                ? Pkcs12File.read(path, content)
                : parse(path, new String(content, StandardCharsets.ISO_8859_1));
    }

    private static PemFile parse(Path path, String text) throws TlsException {
        List<X509Certificate> certificates = new ArrayList<>();
        Optional<PrivateKey> key = Optional.empty();
        Matcher blocks = BLOCK.matcher(text);
        int found = 0;
        while (blocks.find()) {
            found++;
            String kind = blocks.group(1);
            if (kind.equals("CERTIFICATE") || kind.equals("X509 CERTIFICATE") || kind.equals("TRUSTED CERTIFICATE")) {
                certificates.add(certificate(path, certificates.size() + 1, decode(path, kind, blocks.group(3))));
            } else if (kind.endsWith("PRIVATE KEY")) {
                key = Optional.of(isEncrypted(kind, blocks.group(2))
                        ? EncryptedKeys.read(path, blocks.group(), password(path))
                        : PrivateKeys.read(path, kind, decode(path, kind, blocks.group(3))));
            }
        }
        // A block that is cut off must not count as one that is not there: a chain would lose its end.
        long begun = BEGIN.matcher(text).results().count();
        if (begun != found) {
            throw new TlsException(path + " is damaged: a block begins in it that does not end");
        }
        return new PemFile(path, certificates, key);
    }

    private static byte[] content(Path path) throws TlsException {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new TlsException(path + " is larger than " + (MAX_BYTES >> 20) + " MiB: not a PEM file of certificates");
            }
            return Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            throw new TlsException("cannot read " + path + ": it does not exist", e);
        } catch (AccessDeniedException e) {
            throw new TlsException("cannot read " + path + ": permission denied", e);
        } catch (IOException e) {
            throw new TlsException("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private static boolean isEncrypted(String kind, String headers) {
        return kind.startsWith("ENCRYPTED") || headers.contains("Proc-Type: 4,ENCRYPTED");
    }

    /** A daemon has nobody to ask for it. */
    private static char[] password(Path path) throws TlsException {
        return KeyPasswords.of(path).orElseThrow(() -> new TlsException(
                "the private key of " + path + " is encrypted and wants a password: " + KeyPasswords.hint(path)));
    }

    private static byte[] decode(Path path, String kind, String base64) throws TlsException {
        try {
            // Not the decoder for mail: it would pass over what is no base64.
            return Base64.getDecoder().decode(base64.replaceAll("\\s+", ""));
        } catch (IllegalArgumentException e) {
            throw new TlsException("the " + kind + " block of " + path + " is not valid base64", e);
        }
    }

    private static X509Certificate certificate(Path path, int number, byte[] der) throws TlsException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new TlsException("certificate " + number + " of " + path + " is damaged: " + e.getMessage(), e);
        }
    }
}
