package net.lbd.core.session;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;

/**
 * What rules, logs and PROXY headers ask of a certificate, in the forms that HAProxy has. Each answer is worked out when
 * it is asked for. Immutable.
 */
public final class CertificateFacts {

    /** OpenSSL's names of signature algorithms, by the object identifiers that the JDK tells. */
    private static final Map<String, String> SIGNATURES = Map.ofEntries(
            Map.entry("1.2.840.113549.1.1.5", "RSA-SHA1"), Map.entry("1.2.840.113549.1.1.11", "RSA-SHA256"),
            Map.entry("1.2.840.113549.1.1.12", "RSA-SHA384"), Map.entry("1.2.840.113549.1.1.13", "RSA-SHA512"),
            Map.entry("1.2.840.113549.1.1.14", "RSA-SHA224"), Map.entry("1.2.840.113549.1.1.4", "RSA-MD5"),
            Map.entry("1.2.840.113549.1.1.10", "RSASSA-PSS"), Map.entry("1.2.840.10045.4.1", "ecdsa-with-SHA1"),
            Map.entry("1.2.840.10045.4.3.1", "ecdsa-with-SHA224"), Map.entry("1.2.840.10045.4.3.2", "ecdsa-with-SHA256"),
            Map.entry("1.2.840.10045.4.3.3", "ecdsa-with-SHA384"), Map.entry("1.2.840.10045.4.3.4", "ecdsa-with-SHA512"),
            Map.entry("1.3.101.112", "ED25519"), Map.entry("1.3.101.113", "ED448"));
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME_AFTER_2049 = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    /** UTCTime ends with 2049, RFC 5280 §4.1.2.5. */
    private static final long YEAR_2050_MILLIS = 2524608000000L;

    private final X509Certificate certificate;
    private final List<X509Certificate> chain;

    /** @param chain the certificate and those that came with it */
    public CertificateFacts(List<X509Certificate> chain) {
        this.chain = List.copyOf(chain);
        this.certificate = this.chain.get(0);
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** In DER. */
    public byte[] der() {
        return encoded(certificate);
    }

    /** The certificates that came with it, in DER, one behind the other. */
    public byte[] chainDer() {
        return der(1);
    }

    /** The certificate and those that came with it, in DER, one behind the other. */
    public byte[] wholeChainDer() {
        return der(0);
    }

    private byte[] der(int from) {
        byte[][] parts = chain.stream().skip(from).map(CertificateFacts::encoded).toArray(byte[][]::new);
        byte[] all = new byte[Arrays.stream(parts).mapToInt(p -> p.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was decoded cannot be encoded", e);
        }
    }

    public byte[] sha1() {
        try {
            return MessageDigest.getInstance("SHA-1").digest(der());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** The bytes of the number, without its sign. */
    public byte[] serial() {
        byte[] signed = certificate.getSerialNumber().toByteArray();
        return signed.length > 1 && signed[0] == 0 ? Arrays.copyOfRange(signed, 1, signed.length) : signed;
    }

    /** 1 to 3. */
    public int version() {
        return certificate.getVersion();
    }

    /** Such as {@code RSA-SHA256}. */
    public String signatureAlgorithm() {
        return signatureName(certificate.getSigAlgOID(), certificate.getSigAlgName());
    }

    /** OpenSSL's name of a signature algorithm; the other one for those that it has none for. */
    public static String signatureName(String oid, String otherwise) {
        return SIGNATURES.getOrDefault(oid, otherwise);
    }

    /** Such as {@code rsaEncryption}. */
    public String keyAlgorithm() {
        return switch (certificate.getPublicKey().getAlgorithm()) {
            case "RSA" -> "rsaEncryption";
            case "RSASSA-PSS" -> "rsassaPss";
            case "EC" -> "id-ecPublicKey";
            case "DSA" -> "dsaEncryption";
            case "EdDSA", "Ed25519" -> "ED25519";
            default -> certificate.getPublicKey().getAlgorithm();
        };
    }

    /** Such as {@code RSA2048} or {@code EC256}. */
    public String keyKindAndSize() {
        if (certificate.getPublicKey() instanceof RSAKey rsa) {
            return "RSA" + rsa.getModulus().bitLength();
        }
        if (certificate.getPublicKey() instanceof ECKey ec) {
            return "EC" + ec.getParams().getCurve().getField().getFieldSize();
        }
        return certificate.getPublicKey().getAlgorithm();
    }

    /** The time as ASN.1 writes it: {@code 251125224409Z}. */
    public String notAfter() {
        return time(certificate.getNotAfter());
    }

    public String notBefore() {
        return time(certificate.getNotBefore());
    }

    private static String time(Date date) {
        return (date.getTime() >= YEAR_2050_MILLIS ? TIME_AFTER_2049 : TIME).format(date.toInstant());
    }

    // ---- names

    /** All parts of the subject: {@code /C=DE/O=Example/CN=mail}. */
    public String subject() {
        return line(certificate.getSubjectX500Principal());
    }

    public String issuer() {
        return line(certificate.getIssuerX500Principal());
    }

    /** The subject as RFC 2253 writes it. */
    public String subject2253() {
        return certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
    }

    public String issuer2253() {
        return certificate.getIssuerX500Principal().getName(X500Principal.RFC2253);
    }

    /** The first part of the subject with this name. */
    public Optional<String> subjectPart(String name) {
        return part(certificate.getSubjectX500Principal(), name, 1);
    }

    /** As {@link #part}, of the subject. */
    public Optional<String> subjectPart(String name, int occurrence) {
        return part(certificate.getSubjectX500Principal(), name, occurrence);
    }

    /** As {@link #part}, of the issuer. */
    public Optional<String> issuerPart(String name, int occurrence) {
        return part(certificate.getIssuerX500Principal(), name, occurrence);
    }

    /** @param occurrence from 1 counted from the beginning, negative from the end */
    private static Optional<String> part(X500Principal principal, String name, int occurrence) {
        List<String> found = new ArrayList<>();
        for (Rdn rdn : rdns(principal)) {
            if (rdn.getType().equalsIgnoreCase(name)) {
                found.add(Objects.toString(rdn.getValue()));
            }
        }
        int index = occurrence < 0 ? found.size() + occurrence : Math.max(occurrence, 1) - 1;
        return index >= 0 && index < found.size() ? Optional.of(found.get(index)) : Optional.empty();
    }

    /** All parts of a name: {@code /C=DE/O=Example/CN=mail}. */
    public static String line(X500Principal principal) {
        StringBuilder line = new StringBuilder();
        for (Rdn rdn : rdns(principal)) {
            line.append('/').append(rdn.getType()).append('=').append(rdn.getValue());
        }
        return line.toString();
    }

    /** In the order of the certificate; RFC 2253 writes them the other way round. */
    private static List<Rdn> rdns(X500Principal principal) {
        try {
            List<Rdn> parts = new ArrayList<>(new LdapName(principal.getName(X500Principal.RFC2253,
                    Map.of("1.2.840.113549.1.9.1", "emailAddress", "2.5.4.5", "serialNumber", "2.5.4.4", "SN", "2.5.4.42", "GN",
                            "2.5.4.12", "title"))).getRdns());
            // LdapName counts from the right, so that this is the order of the certificate.
            return Collections.unmodifiableList(parts);
        } catch (InvalidNameException e) {
            // A name that cannot be read has no parts.
            return List.of();
        }
    }

    @Override
    public String toString() {
        return subject();
    }
}
