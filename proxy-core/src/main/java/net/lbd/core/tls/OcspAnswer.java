package net.lbd.core.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;

/**
 * What an authority says of a certificate (RFC 6960), to be stapled to the handshake. Judged before it is used: it must be
 * an answer, of this certificate, good, and valid now and until a time that it tells (RFC 5019 §2.2.4). Pure functions.
 */
public final class OcspAnswer {

    /** How far clocks may differ; as OpenSSL's users have it. */
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    static final String SHA1 = "1.3.14.3.2.26";
    private static final Map<String, String> DIGESTS = Map.of(SHA1, "SHA-1", "2.16.840.1.101.3.4.2.1", "SHA-256");
    /** As OpenSSL writes times. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss yyyy 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private OcspAnswer() { }

    /**
     * Reads and judges a file. One that was good and has ended is left out: whoever renews it may be late, and a start must not fail by that.
     *
     * @param chain the certificate that it must be about, first
     */
    static Optional<byte[]> readFor(Path file, List<X509Certificate> chain) throws TlsException {
        try {
            byte[] der = Files.readAllBytes(file);
            return hasEnded(file.toString(), der, chain.get(0)) ? Optional.empty() : Optional.of(judged(file.toString(), der, chain.get(0)));
        } catch (IOException e) {
            throw new TlsException("cannot read the OCSP answer " + file + ": " + e.getMessage(), e);
        }
    }

    private static boolean hasEnded(String name, byte[] der, X509Certificate certificate) throws TlsException {
        for (SingleResp one : answers(name, der)) {
            if (one.getCertID().getSerialNumber().equals(certificate.getSerialNumber())) {
                return one.getCertStatus() == CertificateStatus.GOOD && one.getNextUpdate() != null
                        && one.getNextUpdate().toInstant().isBefore(Instant.now());
            }
        }
        return false;
    }

    /** @param name for messages */
    static byte[] judged(String name, byte[] der, X509Certificate certificate) throws TlsException {
        for (SingleResp one : answers(name, der)) {
            if (!one.getCertID().getSerialNumber().equals(certificate.getSerialNumber())) {
                continue;
            }
            if (one.getCertStatus() != CertificateStatus.GOOD) {
                throw new TlsException("the OCSP answer " + name + " says that the certificate is revoked, or unknown to its authority");
            }
            if (one.getNextUpdate() == null) {
                throw new TlsException("the OCSP answer " + name + " does not say until when it holds (nextUpdate)");
            }
            Instant now = Instant.now();
            if (one.getNextUpdate().toInstant().isBefore(now)) {
                throw new TlsException("the OCSP answer " + name + " is no longer valid since " + one.getNextUpdate().toInstant());
            }
            if (one.getThisUpdate().toInstant().isAfter(now.plus(SKEW))) {
                throw new TlsException("the OCSP answer " + name + " is not valid before " + one.getThisUpdate().toInstant());
            }
            return der;
        }
        throw new TlsException("the OCSP answer " + name + " is about another certificate");
    }

    /**
     * As {@link #judged}, and it must be signed: by the authority, or by somebody to whom the authority has given a certificate for
     * that (RFC 6960 §4.2.2.2).
     */
    static byte[] signed(String name, byte[] der, PemFile pem) throws TlsException {
        judged("for " + name, der, pem.certificates().get(0));
        X509Certificate authority = pem.authority().orElseThrow(() -> new TlsException("the authority of " + name + " is not known"));
        try {
            BasicOCSPResp answer = (BasicOCSPResp) new OCSPResp(der).getResponseObject();
            PublicKey signer = authority.getPublicKey();
            if (!isSigned(answer, signer)) {
                signer = delegate(answer, authority).orElseThrow(() -> new TlsException("the OCSP answer for " + name + " is not signed by its authority"));
                if (!isSigned(answer, signer)) {
                    throw new TlsException("the OCSP answer for " + name + " is not signed by its authority");
                }
            }
            return der;
        } catch (IOException | OCSPException | GeneralSecurityException e) {
            throw new TlsException("the OCSP answer for " + name + " cannot be checked: " + e.getMessage(), e);
        }
    }

    private static boolean isSigned(BasicOCSPResp answer, PublicKey key) throws GeneralSecurityException {
        try {
            Signature signature = Signature.getInstance(answer.getSignatureAlgOID().getId());
            signature.initVerify(key);
            signature.update(answer.getTBSResponseData());
            return signature.verify(answer.getSignature());
        } catch (InvalidKeyException | SignatureException otherKey) {
            return false;
        }
    }

    /** The key of a certificate in the answer that the authority has issued for signing answers. */
    private static Optional<PublicKey> delegate(BasicOCSPResp answer, X509Certificate authority) throws GeneralSecurityException, IOException {
        for (X509CertificateHolder holder : answer.getCerts()) {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
            List<String> uses = certificate.getExtendedKeyUsage();
            if (uses == null || !uses.contains(OCSP_SIGNING)) {
                continue;
            }
            try {
                certificate.verify(authority.getPublicKey());
                certificate.checkValidity();
                return Optional.of(certificate.getPublicKey());
            } catch (GeneralSecurityException notFromIt) {
                // Somebody else's, or no longer valid: another may do.
                continue;
            }
        }
        return Optional.empty();
    }

    /** Whether an answer is about this certificate, by its number and its issuer. */
    static boolean isAbout(byte[] der, PemFile pem) throws TlsException {
        X509Certificate leaf = pem.certificates().get(0);
        Optional<X509Certificate> authority = pem.authority();
        for (SingleResp one : answers("", der)) {
            if (one.getCertID().getSerialNumber().equals(leaf.getSerialNumber())
                    && authority.isPresent() && isIssuedBy(one.getCertID(), authority.get())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIssuedBy(CertificateID id, X509Certificate authority) throws TlsException {
        Optional<String> algorithm = Optional.ofNullable(DIGESTS.get(id.getHashAlgOID().getId()));
        return algorithm.isPresent() && Arrays.equals(id.getIssuerNameHash(), nameHash(algorithm.get(), authority))
                && Arrays.equals(id.getIssuerKeyHash(), keyHash(algorithm.get(), authority));
    }

    static byte[] nameHash(String algorithm, X509Certificate authority) throws TlsException {
        return digest(algorithm, authority.getSubjectX500Principal().getEncoded());
    }

    static byte[] keyHash(String algorithm, X509Certificate authority) throws TlsException {
        return digest(algorithm, SubjectPublicKeyInfo.getInstance(authority.getPublicKey().getEncoded()).getPublicKeyData().getBytes());
    }

    private static byte[] digest(String algorithm, byte[] content) throws TlsException {
        try {
            return MessageDigest.getInstance(algorithm).digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new TlsException("this Java has no " + algorithm, e);
        }
    }

    /** The certificate that the answer which goes with it is about, by the number that HAProxy gives it; empty without one. */
    public static Optional<byte[]> identifier(PemFile pem) throws TlsException {
        if (pem.ocsp().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(of(pem).getCertID().toASN1Primitive().getEncoded());
        } catch (IOException e) {
            throw new TlsException("the OCSP answer of " + pem.path() + " is damaged: " + e.getMessage(), e);
        }
    }

    /** Whether it is an answer at all. */
    public static boolean isReadable(byte[] der) {
        try {
            return answers("", der).length > 0;
        } catch (TlsException e) {
            return false;
        }
    }

    /** The certificate that it is about, as HAProxy tells it. */
    public static String describeIdentifier(PemFile pem, String indent) throws TlsException {
        HexFormat hex = HexFormat.of().withUpperCase();
        CertificateID id = of(pem).getCertID();
        return indent + "Certificate ID:\n" + indent + "  Issuer Name Hash: " + hex.formatHex(id.getIssuerNameHash()) + "\n"
                + indent + "  Issuer Key Hash: " + hex.formatHex(id.getIssuerKeyHash()) + "\n"
                + indent + "  Serial Number: " + serial(id) + "\n";
    }

    private static String serial(CertificateID id) {
        String hex = id.getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
        return hex.length() % 2 == 0 ? hex : "0" + hex;
    }

    /** What it says, as OpenSSL prints it. <em>Difference:</em> without extensions, signature, and certificates. */
    public static String describe(PemFile pem) throws TlsException {
        SingleResp one = of(pem);
        StringBuilder text = new StringBuilder("OCSP Response Data:\n    OCSP Response Status: successful (0x0)\n")
                .append("    Response Type: Basic OCSP Response\n    Version: 1 (0x0)\n    Responses:\n");
        HexFormat hex = HexFormat.of().withUpperCase();
        CertificateID id = one.getCertID();
        text.append("    Certificate ID:\n      Hash Algorithm: ").append(id.getHashAlgOID().getId().equals(SHA1) ? "sha1" : id.getHashAlgOID())
                .append("\n      Issuer Name Hash: ").append(hex.formatHex(id.getIssuerNameHash()))
                .append("\n      Issuer Key Hash: ").append(hex.formatHex(id.getIssuerKeyHash()))
                .append("\n      Serial Number: ").append(serial(id)).append("\n    Cert Status: good\n    This Update: ")
                .append(TIME.format(one.getThisUpdate().toInstant())).append('\n');
        if (one.getNextUpdate() != null) {
            text.append("    Next Update: ").append(TIME.format(one.getNextUpdate().toInstant())).append('\n');
        }
        return text.toString();
    }

    /** When a newer one is wanted; empty if it does not say. */
    static Optional<Date> nextUpdate(PemFile pem) throws TlsException {
        return pem.ocsp().isEmpty() ? Optional.empty() : Optional.ofNullable(of(pem).getNextUpdate());
    }

    /** Until when the answer that goes with a certificate holds, in milliseconds since 1970; 0 without one that can be read. */
    static long endMillis(PemFile pem) {
        try {
            return nextUpdate(pem).map(Date::getTime).orElse(0L);
        } catch (TlsException judgedBefore) {
            return 0;
        }
    }

    /** What the answer that goes with a certificate says of it. */
    private static SingleResp of(PemFile pem) throws TlsException {
        for (SingleResp one : answers("of " + pem.path(), pem.ocsp().orElseThrow())) {
            if (one.getCertID().getSerialNumber().equals(pem.certificates().get(0).getSerialNumber())) {
                return one;
            }
        }
        throw new TlsException("the OCSP answer of " + pem.path() + " is about another certificate");
    }

    private static SingleResp[] answers(String name, byte[] der) throws TlsException {
        try {
            OCSPResp response = new OCSPResp(der);
            if (response.getStatus() != OCSPResp.SUCCESSFUL) {
                throw new TlsException("the OCSP answer " + name + " is an error of the authority, number " + response.getStatus());
            }
            if (!(response.getResponseObject() instanceof BasicOCSPResp basic)) {
                throw new TlsException("the OCSP answer " + name + " holds nothing");
            }
            return basic.getResponses();
        } catch (IOException | OCSPException | ClassCastException | IllegalArgumentException e) {
            throw new TlsException("the OCSP answer " + name + " is damaged, or is none: " + e.getMessage(), e);
        }
    }
}
