package net.lbd.core.tls;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What commands give for files: certificates whole or in parts, authorities, lists of revoked certificates. Pure functions. */
public final class CertificateParts {

    private CertificateParts() { }

    /**
     * A part of a certificate as a command names it: {@code site.pem.key} is the key of {@code site.pem}.
     *
     * @param ending empty for the certificate itself
     */
    public record Named(String file, String ending) {

        /** The certificate with this part as the text has it; not judged yet. */
        public PemFile applied(PemFile before, String text) throws TlsException {
            Path path = Path.of(file);
            return switch (ending) {
                case PemParts.KEY -> {
                    PemFile key = PemFile.ofText(path, text);
                    if (key.key().isEmpty()) {
                        throw new TlsException("unable to load the private key of '" + file + "': there is none in it");
                    }
                    yield before.withKeyOf(key);
                }
                case PemParts.ISSUER -> before.withIssuer(PemFile.certificates(path, text).get(0));
                case PemParts.OCSP -> before.withOcsp(Optional.of(answer(before, text)));
                case PemParts.SCTL -> throw new TlsException("lists of signed certificate timestamps are not sent");
                default -> {
                    PemFile pem = PemFile.ofText(path, text);
                    if (pem.certificates().isEmpty()) {
                        throw new TlsException("unable to load certificate from file '" + file + "'.");
                    }
                    // An answer about another certificate must not stay.
                    yield before.issuer().isPresent() ? pem.withIssuer(before.issuer().get()) : pem;
                }
            };
        }

        private static byte[] answer(PemFile before, String text) throws TlsException {
            byte[] der;
            try {
                der = Base64.getDecoder().decode(text.replaceAll("\\s+", "").getBytes(StandardCharsets.ISO_8859_1));
            } catch (IllegalArgumentException e) {
                throw new TlsException("the OCSP answer is not valid base64", e);
            }
            if (before.certificates().isEmpty()) {
                throw new TlsException("there is no certificate that an OCSP answer could be about");
            }
            return OcspAnswer.judged("of the payload", der, before.certificates().get(0));
        }
    }

    /** Which part of which certificate a name stands for. */
    public static Named named(CertificateStore store, String name) {
        for (String ending : List.of(PemParts.KEY, PemParts.ISSUER, PemParts.OCSP, PemParts.SCTL)) {
            String file = name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : "";
            if (!file.isEmpty() && store.certificates().find(file).isPresent()) {
                return new Named(file, ending);
            }
        }
        return new Named(name, "");
    }

    /**
     * A certificate that can be served: the one of the key first.
     *
     * @throws TlsException if the key belongs to none
     */
    public static PemFile checked(PemFile pem) throws TlsException {
        return pem.checked();
    }

    /** Authorities in PEM. */
    public static List<X509Certificate> authorities(String name, String text) throws TlsException {
        return PemFile.certificates(Path.of(name), text);
    }

    /** Lists of revoked certificates in PEM. */
    public static List<X509CRL> revoked(String name, String text) throws TlsException {
        return TlsSources.revoked(name, text);
    }
}
