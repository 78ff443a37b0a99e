package net.lbd.core.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import net.lbd.config.model.VerifyError;

/**
 * Finds out what is wrong with a client's chain of certificates that has been refused, in OpenSSL's terms and order: all of it, so
 * that who ignores one fault does not ignore another with it. Pure functions.
 */
final class ChainFaults {

    /** A fault; depth 0 is the client's own certificate. */
    record Fault(int depth, int error) { }

    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String ANY_USE = "2.5.29.37.0";
    private static final int SIGNS_CERTIFICATES = 5;
    private static final int LONGEST = 20;

    private ChainFaults() { }

    /**
     * Looks for faults; at least one.
     *
     * @param shown what the client showed, its own first
     * @param revoked lists of revoked certificates; with any, each certificate must be covered by one
     */
    static List<Fault> of(X509Certificate[] shown, List<X509Certificate> authorities, List<X509CRL> revoked, Date now) {
        List<Fault> faults = new ArrayList<>();
        List<X509Certificate> chain = chain(shown, authorities, faults);
        extensions(chain, faults);
        if (!revoked.isEmpty()) {
            revocation(chain, authorities, revoked, now, faults);
        }
        if (chain.size() == 1 && faults.contains(new Fault(0, VerifyError.UNABLE_TO_GET_ISSUER_CERT_LOCALLY))) {
            faults.add(new Fault(0, VerifyError.UNABLE_TO_VERIFY_LEAF_SIGNATURE));
        }
        for (int depth = chain.size() - 1; depth >= 0; depth--) {
            signature(chain, depth, faults);
            dates(chain.get(depth), depth, now, faults);
        }
        if (faults.isEmpty()) {
            faults.add(new Fault(0, VerifyError.UNSPECIFIED));
        }
        return faults;
    }

    /** From the client's certificate to the last that can be found. */
    private static List<X509Certificate> chain(X509Certificate[] shown, List<X509Certificate> authorities, List<Fault> faults) {
        List<X509Certificate> chain = new ArrayList<>(List.of(shown[0]));
        while (chain.size() < LONGEST) {
            X509Certificate last = chain.get(chain.size() - 1);
            if (authorities.contains(last)) {
                return chain;
            }
            Optional<X509Certificate> next = authorities.stream().filter(a -> issued(a, last)).findFirst();
            if (next.isEmpty() && !isSelfIssued(last)) {
                next = List.of(shown).stream().filter(c -> !chain.contains(c) && issued(c, last)).findFirst();
            }
            if (next.isEmpty()) {
                int depth = chain.size() - 1;
                faults.add(new Fault(depth, !isSelfIssued(last) ? VerifyError.UNABLE_TO_GET_ISSUER_CERT_LOCALLY
                        : depth == 0 ? VerifyError.DEPTH_ZERO_SELF_SIGNED_CERT : VerifyError.SELF_SIGNED_CERT_IN_CHAIN));
                return chain;
            }
            chain.add(next.get());
        }
        faults.add(new Fault(chain.size() - 1, VerifyError.UNABLE_TO_GET_ISSUER_CERT_LOCALLY));
        return chain;
    }

    private static boolean issued(X509Certificate authority, X509Certificate certificate) {
        return authority.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return issued(certificate, certificate);
    }

    private static void extensions(List<X509Certificate> chain, List<Fault> faults) {
        for (int depth = 1; depth < chain.size(); depth++) {
            X509Certificate authority = chain.get(depth);
            boolean[] usage = authority.getKeyUsage();
            // Roots of version 1 know no extensions.
            if (authority.getVersion() >= 3 && (authority.getBasicConstraints() < 0 || usage != null && !usage[SIGNS_CERTIFICATES])) {
                faults.add(new Fault(depth, VerifyError.INVALID_CA));
            }
        }
        try {
            List<String> uses = chain.get(0).getExtendedKeyUsage();
            if (uses != null && !uses.contains(CLIENT_AUTH) && !uses.contains(ANY_USE)) {
                faults.add(new Fault(0, VerifyError.INVALID_PURPOSE));
            }
        } catch (CertificateParsingException e) {
            faults.add(new Fault(0, VerifyError.INVALID_PURPOSE));
        }
    }

    private static void revocation(List<X509Certificate> chain, List<X509Certificate> authorities, List<X509CRL> revoked, Date now,
            List<Fault> faults) {
        for (int depth = 0; depth < chain.size(); depth++) {
            X509Certificate certificate = chain.get(depth);
            if (isSelfIssued(certificate) && authorities.contains(certificate)) {
                // An authority that is trusted is not revoked by its own list.
                continue;
            }
            Optional<X509Certificate> authority = depth + 1 < chain.size() ? Optional.of(chain.get(depth + 1)) : Optional.empty();
            Optional<X509CRL> list = bestList(certificate, authority, revoked, now);
            if (list.isEmpty()) {
                faults.add(new Fault(depth, VerifyError.UNABLE_TO_GET_CRL));
                continue;
            }
            if (list.get().getThisUpdate().after(now)) {
                faults.add(new Fault(depth, VerifyError.CRL_NOT_YET_VALID));
            }
            if (list.get().getNextUpdate() != null && list.get().getNextUpdate().before(now)) {
                faults.add(new Fault(depth, VerifyError.CRL_HAS_EXPIRED));
            }
            if (authority.isPresent() && !isSigned(list.get(), authority.get())) {
                faults.add(new Fault(depth, VerifyError.CRL_SIGNATURE_FAILURE));
            }
            if (list.get().isRevoked(certificate)) {
                faults.add(new Fault(depth, VerifyError.CERT_REVOKED));
            }
        }
    }

    /** Of several lists of one authority: one that it has signed before any other, one in force before any other, the newest. */
    private static Optional<X509CRL> bestList(X509Certificate certificate, Optional<X509Certificate> authority, List<X509CRL> revoked, Date now) {
        return revoked.stream().filter(l -> l.getIssuerX500Principal().equals(certificate.getIssuerX500Principal()))
                .max(Comparator.<X509CRL, Boolean>comparing(l -> authority.isEmpty() || isSigned(l, authority.get()))
                        .thenComparing(l -> !l.getThisUpdate().after(now) && (l.getNextUpdate() == null || !l.getNextUpdate().before(now)))
                        .thenComparing(X509CRL::getThisUpdate));
    }

    private static boolean isSigned(X509CRL list, X509Certificate authority) {
        try {
            list.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static void signature(List<X509Certificate> chain, int depth, List<Fault> faults) {
        if (depth + 1 >= chain.size()) {
            return;
        }
        try {
            chain.get(depth).verify(chain.get(depth + 1).getPublicKey());
        } catch (GeneralSecurityException e) {
            faults.add(new Fault(depth, VerifyError.CERT_SIGNATURE_FAILURE));
        }
    }

    private static void dates(X509Certificate certificate, int depth, Date now, List<Fault> faults) {
        try {
            certificate.checkValidity(now);
        } catch (CertificateExpiredException e) {
            faults.add(new Fault(depth, VerifyError.CERT_HAS_EXPIRED));
        } catch (CertificateNotYetValidException e) {
            faults.add(new Fault(depth, VerifyError.CERT_NOT_YET_VALID));
        }
    }
}
