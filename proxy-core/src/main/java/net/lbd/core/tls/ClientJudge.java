package net.lbd.core.tls;

import io.netty.handler.ssl.OpenSslCertificateException;
import io.netty.internal.tcnative.CertificateVerifier;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import net.lbd.config.model.IgnoredErrors;
import net.lbd.core.session.TlsFaults;

/**
 * Judges clients' certificates, remembers for each connection what was wrong, and lets in whose faults are all to be ignored. Clients are told
 * the names of some of the authorities. Thread-safe. Source: HAProxy manual, "ca-ignore-err", "crt-ignore-err", "ca-verify-file", "no-ca-names".
 */
final class ClientJudge extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager judge;
    private final List<X509Certificate> authorities;
    private final List<X509CRL> revoked;
    private final X509Certificate[] told;
    private final IgnoredErrors ofCertificates;
    private final IgnoredErrors ofAuthorities;
    /** Of the few that had any. */
    private final Map<SSLEngine, TlsFaults> faults = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * @param authorities those that are trusted
     * @param told those whose names clients are told
     * @param ofCertificates {@code crt-ignore-err}
     * @param ofAuthorities {@code ca-ignore-err}
     */
    ClientJudge(List<X509Certificate> authorities, List<X509CRL> revoked, List<X509Certificate> told,
            IgnoredErrors ofCertificates, IgnoredErrors ofAuthorities) throws TlsException {
        this.judge = SystemAuthorities.manager(authorities, revoked);
        this.authorities = authorities;
        this.revoked = revoked;
        this.told = told.toArray(new X509Certificate[0]);
        this.ofCertificates = ofCertificates;
        this.ofAuthorities = ofAuthorities;
    }

    /** What was wrong with the certificates of a connection. */
    TlsFaults faults(SSLEngine engine) {
        return faults.getOrDefault(engine, TlsFaults.NONE);
    }

    /** Whether clients may be let in whose certificates are faulty: they must not come in again unseen, by resuming a session. */
    boolean ignores() {
        return !ofCertificates.isNone() || !ofAuthorities.isNone();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        try {
            judge.checkClientTrusted(chain, type, engine);
        } catch (CertificateException e) {
            List<ChainFaults.Fault> found = ChainFaults.of(chain, authorities, revoked, new Date());
            faults.put(engine, told(found));
            for (ChainFaults.Fault fault : found) {
                if (!(fault.depth() == 0 ? ofCertificates : ofAuthorities).contains(fault.error())) {
                    throw refusal(fault.error(), e);
                }
            }
        }
    }

    private static CertificateException refusal(int error, CertificateException cause) {
        // Tells the library which alert to send; it does not know the newer numbers.
        return CertificateVerifier.isValid(error) ? new OpenSslCertificateException(cause.getMessage(), cause, error) : cause;
    }

    private static TlsFaults told(List<ChainFaults.Fault> found) {
        int certificate = 0;
        int authority = 0;
        int depth = 0;
        for (ChainFaults.Fault fault : found) {
            if (fault.depth() == 0 && certificate == 0) {
                certificate = fault.error();
            } else if (fault.depth() > 0 && authority == 0) {
                authority = fault.error();
                depth = fault.depth();
            }
        }
        return new TlsFaults(0, "", certificate, authority, depth, found.get(found.size() - 1).error());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        judge.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge.checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        judge.checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        judge.checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        judge.checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return told.clone();
    }
}
