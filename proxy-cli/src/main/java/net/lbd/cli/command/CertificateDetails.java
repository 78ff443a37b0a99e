package net.lbd.cli.command;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import net.lbd.core.session.CertificateFacts;
import net.lbd.core.tls.PemFile;

/** What is told of a certificate, in the fields of HAProxy's {@code show ssl cert}. Pure functions. */
public final class CertificateDetails {

    /** As OpenSSL writes times. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss yyyy 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    private CertificateDetails() { }

    /** The fields and their values, in their order. */
    public static Map<String, String> of(PemFile pem) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Filename", pem.path().toString());
        fields.putAll(of(pem.certificates().get(0)));
        for (int i = 1; i < pem.certificates().size(); i++) {
            CertificateFacts one = new CertificateFacts(pem.certificates().subList(i, i + 1));
            String number = pem.certificates().size() > 2 ? " " + i : "";
            fields.put("Chain Subject" + number, one.subject());
            fields.put("Chain Issuer" + number, one.issuer());
        }
        return fields;
    }

    /** Those of one certificate. */
    static Map<String, String> of(X509Certificate leaf) {
        CertificateFacts facts = new CertificateFacts(List.of(leaf));
        HexFormat hex = HexFormat.of().withUpperCase();
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Serial", hex.formatHex(facts.serial()));
        fields.put("notBefore", time(leaf.getNotBefore()));
        fields.put("notAfter", time(leaf.getNotAfter()));
        fields.put("Subject Alternative Name", String.join(", ", names(leaf)));
        fields.put("Algorithm", facts.keyKindAndSize());
        fields.put("SHA1 FingerPrint", hex.formatHex(facts.sha1()));
        fields.put("Subject", facts.subject());
        fields.put("Issuer", facts.issuer());
        return fields;
    }

    /** Whole days until the certificate ends; negative if it has. */
    public static long daysLeft(Instant end, Clock clock) {
        return Math.floorDiv(Duration.between(clock.instant(), end).toSeconds(), 86_400);
    }

    /** Reads a time that {@link #of} has written. */
    public static Instant instant(String text) {
        return Instant.from(DateTimeFormatter.ofPattern("MMM d HH:mm:ss yyyy 'GMT'", Locale.ENGLISH).withZone(ZoneOffset.UTC)
                .parse(text.replaceAll(" +", " ")));
    }

    static String time(Date date) {
        return TIME.format(date.toInstant());
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
                switch ((Integer) alternative.get(0)) {
                    case 1 -> names.add("email:" + alternative.get(1));
                    case 2 -> names.add("DNS:" + alternative.get(1));
                    case 7 -> names.add("IP Address:" + alternative.get(1));
                    default -> { }
                }
            }
        } catch (CertificateParsingException e) {
            names.add("unreadable: " + e.getMessage());
        }
        return names;
    }
}
