package net.lbd.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.List;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.SingleResp;

/**
 * What an authority says of a certificate (RFC 6960), to be stapled to the handshake. Judged before it is used: it must be
 * an answer, of this certificate, good, and still valid. Pure functions.
 */
final class OcspAnswer {

    private OcspAnswer() { }

    /**
     * Reads and judges a file.
     *
     * @param chain the certificate that it must be about, first
     */
    static byte[] readFor(Path file, List<X509Certificate> chain) throws TlsException {
        try {
            return judged(file.toString(), Files.readAllBytes(file), chain.get(0));
        } catch (IOException e) {
            throw new TlsException("cannot read the OCSP answer " + file + ": " + e.getMessage(), e);
        }
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
            if (one.getNextUpdate() != null && one.getNextUpdate().before(new Date())) {
                throw new TlsException("the OCSP answer " + name + " is no longer valid since " + one.getNextUpdate().toInstant());
            }
            return der;
        }
        throw new TlsException("the OCSP answer " + name + " is about another certificate");
    }

    private static SingleResp[] answers(String name, byte[] der) throws TlsException {
        try {
            OCSPResp response = new OCSPResp(der);
            if (response.getStatus() != OCSPResp.SUCCESSFUL) {
                throw new TlsException("the OCSP answer " + name + " is an error of the authority, number " + response.getStatus());
            }
            return ((BasicOCSPResp) response.getResponseObject()).getResponses();
        } catch (IOException | OCSPException | ClassCastException e) {
            throw new TlsException("the OCSP answer " + name + " is damaged, or is none: " + e.getMessage(), e);
        }
    }
}
